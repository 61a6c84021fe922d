"""Matching: return lines with the invoices they answer, and what the answers amount to.

What lives here is SQL text and data about it, nothing that runs:

    schema.py       what a relation is, as data
    banque.py       the relations of the bank, with their own blocks
    relations.py    every relation: facts, what is asked, views, stored relations; the indexes that are needed
    results.py      the relations that queries return
    vue, recue, derivee, prouvee, resultat
                    one SELECT a file, by role, in the portable subset, run unchanged by every engine
    policies.py     the matching policies and the residues, named, in the order in which they are tried
    statements.py   which SELECT makes which relation, in which order
    life_cycle.py   the states of a part and of an invoice, with their French label and the next action

No engine, no connection, no file, no clock: `today` is a row of the relation `parametre`. No bind marker: what is
asked comes in the relations `bloc`, `fichier_touche` and `perimetre`, which the caller fills. Dates are days since
1970-01-01, money is centimes, flags are 0 and 1; '' and 0 stand for "absent or unreadable" in keys, never null.

A *block* is (cabinet, numero, hors_numero): an invoice number of a cabinet, whoever bills, with '' for hors_numero; or
number 0 with the file of the lines that have none. A return line is of the block of the number it names, until it is
attached by hand: its match is then of the block of that invoice. Every derived row belongs to one block and depends on
facts about that block only, so that computing the touched blocks again equals computing everything again. What is of
no block asks for all of them when it changes: `prestataire`, `mandat`, `reprise`. `identifiant` never changes a row.
"""
