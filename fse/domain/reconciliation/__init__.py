"""Matching: return lines with the invoices they answer, and what the answers amount to.

What lives here is SQL text and data about it, nothing that runs:

    schema.py       what a relation is, as data
    relations.py    every relation: facts, what is asked, views, derived tables, results; the indexes that are needed
    *.sql           one SELECT each, in the portable subset, run unchanged by every engine
    policies.py     the matching policies and the residues, named, in the order in which they are tried
    statements.py   which SELECT makes which relation, in which order
    life_cycle.py   the states of a part and of an invoice, with their French label and the next action

No engine, no connection, no file, no clock: `today` is a row of the relation `parametre`. No bind marker: what is
asked comes in the relations `bloc` and `fichier_touche`, which the caller fills. Dates are days since 1970-01-01,
money is centimes, flags are 0 and 1; '' and 0 stand for "absent or unreadable" in keys, which are never null.

A *block* is (cabinet, prestataire, numero), taken from the return line or from the invoice. Every derived row belongs
to one block and depends on the rows of that block only, so that computing the touched blocks again equals computing
everything again. Two relations are not of a block: `identifiant` never changes a row once it is written, and a change
of `prestataire` asks for the blocks of that prestataire.
"""
