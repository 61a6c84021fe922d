"""A practice at work: its description (`cabinet.toml`) and its open journal. Every operation starts from one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from types import TracebackType
from typing import cast

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.clock import now, today
from fse.app.operations.states import rebuild
from fse.base.errors import StorageError
from fse.domain.reconciliation import statements
from fse.infra.journal import EntityTables, Journal
from fse.infra.journal.journal import Marque
from fse.infra.journal.schema.relations import declare, undeclared
from fse.norm.layout import load_edition


@dataclass(frozen=True, slots=True)
class Practice:
    """Use as a context manager, or close. `nouveau` is true when opening it created the journal."""

    cabinet: Cabinet
    journal: Journal
    nouveau: bool

    def day(self, le: date | None) -> date:
        """The day that an operation takes for today: `le`, else the civil date in the zone of the practice."""
        return le or today(self.cabinet.zone)

    def close(self) -> None:
        self.journal.close()

    def __enter__(self) -> Practice:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_practice(cabinet: Cabinet, cle_journal: str) -> Practice:
    """The practice with its journal open; a journal that does not exist yet is created, empty.

    Raises `StorageError` as `open_existing`, but never `journal.absent`.
    """
    try:
        return open_existing(cabinet, cle_journal)
    except StorageError as error:
        if error.code != "journal.absent":
            raise
    return _ready(cabinet, _create(cabinet, cle_journal), new=True)


def open_existing(cabinet: Cabinet, cle_journal: str) -> Practice:
    """The practice with its journal open. An absent one is an error: where could what is due be otherwise?

    Raises `StorageError`: `journal.absent`, wrong key (`journal.cle`), another practice's journal, or one of another
    marking (`journal.marque`: a journal holds test flows or demo flows, never both).
    """
    return _ready(cabinet, Journal.open(cabinet.journal_place, cabinet.cabinet, cle_journal), new=False)


def _ready(cabinet: Cabinet, journal: Journal, *, new: bool) -> Practice:
    if journal.marque != cabinet.marque:
        journal.close()
        raise StorageError(
            "journal.marque",
            f"Ce journal est marqué {journal.marque} et le cabinet {cabinet.marque}.",
            action="Rétablir le marquage du cabinet, ou donner un autre journal.",
            lieu=journal.lieu,
        )
    _declare_prestataires(journal, cabinet)
    return Practice(cabinet, journal, new)


def _create(cabinet: Cabinet, cle_journal: str) -> Journal:
    """A new journal; what a creation killed before its commit left behind is no journal yet, and becomes one."""
    return Journal.create(
        cabinet.journal_place,
        cabinet.cabinet,
        cle_journal,
        cast(Marque, cabinet.marque),
        now(),
        entites=[entity_tables()],
        vues={computation.relation.name: computation.sql for computation in statements.views()},
    )


def _declare_prestataires(journal: Journal, cabinet: Cabinet) -> None:
    """A prestataire, a mandat, an account new in `cabinet.toml` count from now on: what came already may match."""
    prestataires: list[dict[str, str | int]] = [
        {"prestataire": one.numero, "premier_numero": one.premier_numero, "dernier_numero": one.dernier_numero}
        for one in cabinet.prestataires
    ]
    mandats: list[dict[str, str | int]] = [
        {"beneficiaire": mandat.beneficiaire, "prestataire": numero}
        for mandat in cabinet.mandats
        for numero in mandat.prestataires
    ]
    comptes: list[dict[str, str | int]] = [
        {"prestataire": numero, "compte": compte.numero}
        for compte in cabinet.comptes
        for numero in cabinet.payes_sur(compte)
    ]
    with journal.reading() as reading:
        missing = undeclared(reading.connection, cabinet.cabinet, prestataires, mandats, comptes)
    if missing:
        with journal.transaction(now()) as transaction:
            declare(transaction.connection, cabinet.cabinet, prestataires, mandats, comptes)
            rebuild(transaction)


@cache
def entity_tables() -> EntityTables:
    """The tables of the returns that a journal holds."""
    edition = load_edition("noemie", "ps-2007")
    return EntityTables(edition.famille, edition.layouts.values())
