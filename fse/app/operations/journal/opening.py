"""A journal that is there, opened as it is: nothing is created, nothing that `cabinet.toml` says is taken in."""

from __future__ import annotations

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.practice import Practice
from fse.infra.journal import Journal


def open_journal(cabinet: Cabinet, cle_journal: str) -> Practice:
    """The practice with its journal open. Raises `StorageError` (`journal.absent`, `journal.cle`…)."""
    return Practice(cabinet, Journal.open(cabinet.journal_place, cabinet.cabinet, cle_journal), nouveau=False)
