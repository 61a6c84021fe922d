"""Keeps the derived states true: whatever touches an invoice computes its block again, in the same transaction.

States are a pure function of the facts (architecture, decision 8): computing the touched blocks, in any order and any
number of times, gives what a full rebuild gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fse.base.findings import Finding, Place, finding
from fse.base.identifiers.prestataire import reduce
from fse.base.money import format_euros
from fse.domain.reconciliation import statements
from fse.domain.reconciliation.life_cycle import FACTURE, PART, TASKS, worsens
from fse.domain.reconciliation.relations import RELATIONS
from fse.infra.engines import compute_all, of, prove_all
from fse.infra.journal import Transaction
from fse.infra.journal.facts import lots
from fse.infra.journal.facts.fichiers_recus import insert_insured
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.schema.relations import add_identifiants
from fse.infra.journal.transaction import Reading
from fse.norm.layout import EntityRow

_IDENTIFIERS = {"000": "numero_destinataire", "040": "beneficiaire_reglement", "081": "lieu_execution"}
"""Fields of a return that name a prestataire (noemie.md 1.3 bis)."""

_INSURED = frozenset({"103", "110"})
"""Entities that name the insured of the invoice they stand under."""

Block = tuple[int, str]
"""(numero, hors_numero): a block of the cabinet of the reading."""


def answer(reading: Reading, name: str) -> list[dict[str, Any]]:
    """The rows of a query of the matching (`results.RESULTS`), for what was asked."""
    return of(reading.connection).rows(statements.query(name).sql)


def ask_cabinet(reading: Reading) -> None:
    """Ask for all that is of this cabinet."""
    of(reading.connection).ask(RELATIONS["perimetre"], [(reading.cabinet,)])


def ask_files(reading: Reading, fichiers: Iterable[str]) -> None:
    """Ask for these received files, by digest."""
    of(reading.connection).ask(RELATIONS["fichier_touche"], [(reading.cabinet, one) for one in fichiers])


def ask_all_files(reading: Reading) -> None:
    """Ask for every file booked."""
    ask_cabinet(reading)
    of(reading.connection).ask_from(RELATIONS["fichier_touche"], statements.query("fichiers_tous").sql)


def ask_invoices(reading: Reading, numeros: Iterable[int]) -> None:
    """Ask for the blocks of these invoice numbers, of whatever prestataire of this cabinet."""
    ask_blocks(reading, ((numero, "") for numero in numeros))


def ask_blocks(reading: Reading, blocks: Iterable[Block]) -> None:
    """Ask for these blocks."""
    of(reading.connection).ask(RELATIONS["bloc"], [(reading.cabinet, *block) for block in blocks])


def ask_parameters(reading: Reading, aujourd_hui: int, delai_sans_retour: int) -> None:
    """Say what day it is (days since 1970) and after how many days without an answer one is late."""
    of(reading.connection).ask(RELATIONS["parametre"], [(aujourd_hui, delai_sans_retour)])


def refresh(transaction: Transaction, numeros: Iterable[int]) -> None:
    """Compute the states of these invoices from the facts. Whoever changes an invoice names the one it corrects too."""
    refresh_blocks(transaction, ((numero, "") for numero in numeros))


def refresh_blocks(transaction: Transaction, blocks: Iterable[Block]) -> None:
    """Compute the rows of these blocks from the facts."""
    ask_blocks(transaction, blocks)
    _compute(transaction, statements.derived())


def rebuild(transaction: Transaction) -> None:
    """Compute every stored relation of this cabinet again, from the facts and the entities of the returns alone."""
    ask_cabinet(transaction)
    engine = of(transaction.connection)
    compute_all(engine)
    prove_all(engine)


def book(transaction: Transaction, fichier: str, rows: Iterable[EntityRow]) -> list[Finding]:
    """Map a return just inserted, compute the blocks it touches; what it says against our invoices, as findings.

    `fichier` is the digest of its logical file, `rows` its entity rows. The file stays asked.
    """
    kept = list(rows)
    octets = {row.rang: row.octet for row in kept}
    add_identifiants(transaction.connection, transaction.cabinet, {name: reduce(name) for name in _named(kept)})
    insert_insured(transaction, fichier, dict(insured(kept)))
    ask_files(transaction, [fichier])
    _compute(transaction, statements.received())
    of(transaction.connection).ask_from(RELATIONS["bloc"], statements.query("blocs_touches").sql)
    before = _states(transaction)
    _compute(transaction, statements.derived())
    after = _states(transaction)
    return [
        *_residues(transaction, octets),
        *_gaps(transaction, octets),
        *_changes(before, after),
        *_doubles(transaction),
    ]


def is_settled(transaction: Transaction, lot: LotKey) -> bool:
    """True when nothing more is awaited for any invoice of a lot."""
    held = {one.numero for one in lots.factures_of(transaction, lot)}
    ask_invoices(transaction, held)
    states = [row for row in answer(transaction, "factures_du_bloc") if row["prestataire"] == lot.prestataire]
    return len(states) == len(held) and all(FACTURE[row["etat"]].final for row in states)


def _compute(transaction: Transaction, computations: Iterable[statements.Computation]) -> None:
    engine = of(transaction.connection)
    for computation in computations:
        engine.compute(computation)


def _named(rows: Iterable[EntityRow]) -> Iterator[str]:
    for row in rows:
        value = row.valeurs.get(_IDENTIFIERS.get(row.type, ""))
        if isinstance(value, str):
            yield value


def insured(rows: Iterable[EntityRow]) -> Iterator[tuple[int, str]]:
    """The insured of the lines of a return: rank of the line, NIR (13 characters)."""
    for row in rows:
        nir = row.valeurs.get("nir")
        if row.type in _INSURED and row.rang_parent is not None and isinstance(nir, str):
            yield row.rang_parent, nir


_Key = tuple[str, int, str]


def _states(reading: Reading) -> dict[_Key, dict[str, Any]]:
    """Each part of the blocks in `bloc`."""
    return {(row["prestataire"], row["numero"], row["partie"]): row for row in answer(reading, "parts_du_bloc")}


def _residues(reading: Reading, octets: Mapping[int, int]) -> Iterator[Finding]:
    for row in answer(reading, "residus_recus"):
        task = TASKS[row["nature"]]
        place = Place(rang=row["rang"], octet=octets.get(row["rang"]))
        number = f"facture {row['numero']:09d}" if row["numero"] else "sans numéro lisible"
        yield finding("reception.residu", place, designation=number, libelle=task.libelle, action=task.action)


def _gaps(reading: Reading, octets: Mapping[int, int]) -> Iterator[Finding]:
    for row in answer(reading, "ecarts_recus"):
        yield finding(
            "reception.ecart_demande",
            Place(rang=row["rang"], octet=octets.get(row["rang"])),
            numero=row["numero"],
            partie=row["partie"],
            demande=format_euros(row["demande"]),
            demande_retour=format_euros(row["demande_retour"]),
        )


def _changes(before: Mapping[_Key, dict[str, Any]], after: Mapping[_Key, dict[str, Any]]) -> Iterator[Finding]:
    """What a return made worse, and the forced states that it ends."""
    for key, now in after.items():
        _, numero, partie = key
        earlier = before.get(key, now)
        if worsens(PART, earlier["etat"], now["etat"]):
            yield finding(
                "reception.etat_degrade",
                numero=numero,
                partie=partie,
                avant=PART[earlier["etat"]].libelle,
                apres=PART[now["etat"]].libelle,
            )
        if earlier["acte"] and not now["acte"]:
            yield finding(
                "reception.etat_force_caduc",
                numero=numero,
                partie=partie,
                avant=PART[earlier["etat"]].libelle,
                apres=PART[now["etat"]].libelle,
            )


def _doubles(reading: Reading) -> Iterator[Finding]:
    for row in answer(reading, "doubles_du_bloc"):
        yield finding(
            "reception.payee_deux_fois",
            numero=row["numero"],
            remplacee_par=row["remplacee_par"],
            partie=row["partie"],
            montant=format_euros(row["montant"]),
        )
