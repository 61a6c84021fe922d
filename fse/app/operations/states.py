"""Keeps the derived states true: whatever touches an invoice computes its block again, in the same transaction.

States are a pure function of the facts (architecture, decision 8): computing the touched blocks, in any order and any
number of times, gives what a full rebuild gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fse.base.findings import Finding, Place, finding
from fse.base.identifiers.prestataire import reduce
from fse.base.money import format_euros
from fse.domain.reconciliation import statements
from fse.domain.reconciliation.life_cycle import FACTURE, PART, TASKS, worsens
from fse.infra.engines import sqlite
from fse.infra.journal import Transaction
from fse.infra.journal.facts import lots
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.schema.relations import add_identifiants
from fse.infra.journal.transaction import Reading
from fse.norm.layout import EntityRow

_IDENTIFIERS = {"000": "numero_destinataire", "040": "beneficiaire_reglement", "081": "lieu_execution"}
"""Fields of a return that name a prestataire (noemie.md 1.3 bis)."""


def answer(reading: Reading, name: str) -> list[dict[str, Any]]:
    """The rows of a query of the matching (`relations.RESULTS`), those of this cabinet."""
    found = sqlite.rows(reading.connection, statements.query(name).sql)
    return [row for row in found if row["cabinet"] == reading.cabinet]


def refresh(transaction: Transaction, blocks: Iterable[tuple[str, int]]) -> None:
    """Compute the states of these blocks, (prestataire, numero) each, from the facts."""
    _ask(transaction, blocks)
    _compute(transaction)


def _ask(reading: Reading, blocks: Iterable[tuple[str, int]]) -> None:
    """Make `bloc` hold these blocks of this cabinet."""
    sqlite.set_blocks(reading.connection, ((reading.cabinet, *block) for block in blocks))


def _compute(transaction: Transaction) -> None:
    for computation in statements.derived():
        sqlite.refresh(transaction.connection, computation.relation.name, computation.sql)


def rebuild(transaction: Transaction) -> None:
    """Compute every state again, from the facts alone."""
    refresh(transaction, _blocks(transaction, "blocs_tous"))


def book(transaction: Transaction, fichier: str, rows: Iterable[EntityRow]) -> list[Finding]:
    """Compute the blocks that a return just inserted touches; what its lines say against our invoices, as findings.

    `fichier` is the digest of its logical file, `rows` its entity rows.
    """
    octets = {row.rang: row.octet for row in rows}
    add_identifiants(transaction.connection, {name: reduce(name) for name in _named(rows)})
    sqlite.set_files(transaction.connection, [(transaction.cabinet, fichier)])
    _ask(transaction, _blocks(transaction, "blocs_touches"))
    before = _states(transaction)
    _compute(transaction)
    found = [*_residues(transaction, octets), *_gaps(transaction, octets)]
    for key, state in _states(transaction).items():
        earlier = before.get(key, state)
        if worsens(PART, earlier, state):
            _, numero, partie = key
            found.append(
                finding(
                    "reception.etat_degrade",
                    numero=numero,
                    partie=partie,
                    avant=PART[earlier].libelle,
                    apres=PART[state].libelle,
                )
            )
    return found


def is_settled(transaction: Transaction, lot: LotKey) -> bool:
    """True when nothing more is awaited for any invoice of a lot."""
    held = lots.factures_of(transaction, lot)
    _ask(transaction, ((one.prestataire, one.numero) for one in held))
    states = answer(transaction, "factures_du_bloc")
    return len(states) == len(held) and all(FACTURE[row["etat"]].final for row in states)


def _named(rows: Iterable[EntityRow]) -> Iterator[str]:
    for row in rows:
        value = row.valeurs.get(_IDENTIFIERS.get(row.type, ""))
        if isinstance(value, str):
            yield value


def _blocks(reading: Reading, name: str) -> list[tuple[str, int]]:
    return [(row["prestataire"], row["numero"]) for row in answer(reading, name)]


def _states(reading: Reading) -> dict[tuple[str, int, str], str]:
    """State of each part of the blocks in `bloc`."""
    found = answer(reading, "parts_du_bloc")
    return {(row["prestataire"], row["numero"], row["partie"]): row["etat"] for row in found}


def _residues(reading: Reading, octets: dict[int, int]) -> Iterator[Finding]:
    for row in answer(reading, "residus_recus"):
        task = TASKS[row["nature"]]
        place = Place(rang=row["rang"], octet=octets.get(row["rang"]))
        number = f"facture {row['numero']:09d}" if row["numero"] else "sans numéro lisible"
        yield finding("reception.residu", place, designation=number, libelle=task.libelle, action=task.action)


def _gaps(reading: Reading, octets: dict[int, int]) -> Iterator[Finding]:
    for row in answer(reading, "ecarts_recus"):
        yield finding(
            "reception.ecart_demande",
            Place(rang=row["rang"], octet=octets.get(row["rang"])),
            numero=row["numero"],
            partie=row["partie"],
            demande=format_euros(row["demande"]),
            demande_retour=format_euros(row["demande_retour"]),
        )
