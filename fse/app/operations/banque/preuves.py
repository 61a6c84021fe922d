"""Keeps the proofs of transfers true: what a statement, a return or an act touches is computed again, and told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from fse.app.operations.banque.citations import cite_transfers
from fse.app.operations.states import answer, ask_files
from fse.app.operations.worklist.taches import line_name
from fse.base.dates import from_days
from fse.base.findings import Finding, finding
from fse.domain.reconciliation import statements
from fse.domain.reconciliation.policies import BANK_POLICIES
from fse.domain.reconciliation.relations import RELATIONS
from fse.infra.engines import of
from fse.infra.journal import Transaction
from fse.infra.journal.facts import releves
from fse.infra.journal.transaction import Reading

AMBIGUE = "ambigue"
"""What is written where a proof would be, when others are as good."""

POLITIQUES = {one.nom: one.libelle for one in BANK_POLICIES}


@dataclass(frozen=True, slots=True, kw_only=True)
class PreuveBancaire:
    """A transfer proved by a movement of the account, or by several: one of each is told a line.

    `virement` and `ligne` name them as `fse rattacher` takes them; `montant` (centimes) and `jour` are of the movement;
    `politique` how they were matched, `libelle` in French.
    """

    virement: str
    ligne: str
    jour: date
    montant: int
    politique: str
    libelle: str


def prove(transaction: Transaction, fichiers: Collection[str]) -> None:
    """Compute the blocks of the bank that these statements and returns touch; they stay asked."""
    engine = of(transaction.connection)
    ask_files(transaction, fichiers)
    engine.ask_from(RELATIONS["bloc_bancaire"], statements.query("blocs_bancaires_touches").sql)
    for computation in statements.proved():
        engine.compute(computation)


def prove_return(transaction: Transaction, fichier: str) -> tuple[tuple[PreuveBancaire, ...], list[Finding]]:
    """What the account already says of the transfers of a return just booked."""
    cite_transfers(transaction, fichier)
    prove(transaction, [fichier])
    return proofs(transaction), ambiguities(transaction)


def proofs(reading: Reading) -> tuple[PreuveBancaire, ...]:
    """What the asked files prove."""
    rows = [row for row in answer(reading, "preuves_recues") if row["politique"] != AMBIGUE]
    movements = _movements(reading, ((row["fichier"], row["rang"]) for row in rows))
    return tuple(
        PreuveBancaire(
            virement=line_name(row["fichier_virement"], row["rang_virement"]),
            ligne=line_name(row["fichier"], row["rang"]),
            jour=from_days(movements[row["fichier"], row["rang"]].jour),
            montant=movements[row["fichier"], row["rang"]].montant,
            politique=row["politique"],
            libelle=POLITIQUES[row["politique"]],
        )
        for row in rows
    )


def ambiguities(reading: Reading) -> list[Finding]:
    """One finding when what the asked files hold answers several ways."""
    found = any(row["politique"] == AMBIGUE for row in answer(reading, "preuves_recues"))
    return [finding("banque.preuve_ambigue")] if found else []


def _movements(reading: Reading, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], releves.MouvementRow]:
    return dict(_found(reading, set(places)))


def _found(
    reading: Reading, places: Collection[tuple[str, int]]
) -> Iterator[tuple[tuple[str, int], releves.MouvementRow]]:
    for fichier, rang in sorted(places):
        for one in releves.find_movements(reading, fichier, rang):
            if one.fichier == fichier:
                yield (fichier, rang), one
