"""`convertir`: a content as Parquet tables, one for each record type. No cabinet, no journal.

    SORTIE/<famille>-<edition>/<type>.parquet        noemie-ps-2007/102.parquet, b2-ps-2003/4M.parquet

What the layouts alone can say is checked, as by `fse.norm.layout.read`. Code lists, counts, sums, seals and signatures
are not: `lire` and `verifier` do that.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fse.base.errors import StorageError, UsageError
from fse.base.findings import Finding
from fse.base.french import system_reason
from fse.base.resources import require

if TYPE_CHECKING:
    from fse.norm.layout import Edition, Layout
    from fse.norm.layout.columns import Account, Batch

_MOST_WAITING = 32 << 20
"""Bytes of rows kept in memory before they are written: large groups of rows make small files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEcrite:
    """One Parquet file. `chemin` is relative to the folder written; `laissees`: its personal columns left out."""

    famille: str
    edition: str
    type: str
    libelle: str
    lignes: int
    chemin: str
    laissees: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstatGroupe:
    """Findings of one code, on one field when it is about a field: how many, and the first."""

    nombre: int
    premier: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What was written and noticed.

    `inconnues`: records that no layout reads, which no table holds. `relais`: 0-based offset from which the content,
    no longer regular, was read one record at a time; `None` when it is regular to its end.
    """

    sortie: Path
    tables: tuple[TableEcrite, ...]
    constats: tuple[ConstatGroupe, ...]
    inconnues: int
    relais: int | None

    @property
    def status(self) -> int:
        """Exit status: 1 when a finding is an error, else 0."""
        return int(any(group.premier.is_error for group in self.constats))


def convertir(open_chunks: Callable[[], Iterable[bytes]], sortie: Path, *, en_clair: bool = False) -> Conversion:
    """Write a B2 or NOEMIE content as Parquet tables in the new folder `sortie`, whole or not at all.

    `open_chunks` gives the bytes of the content, in pieces of any size; it may be called twice. Personal columns are
    left out unless `en_clair`. Nothing is written when no known edition reads any of the content.
    Raises `UsageError` when `sortie` exists (`sortie.existe`) or the extra `masse` is missing, `UnreadableError` when
    nothing in the content is ours, `StorageError` (`sortie.impossible`) when the disk refuses.
    """
    require("numpy", extra="masse")
    require("pyarrow", extra="masse")
    from fse.norm.layout.columns import Batch, read_columns

    if sortie.exists():
        raise UsageError(
            "sortie.existe",
            "La sortie existe déjà : elle n'est pas écrasée.",
            action="La déplacer ou choisir un autre nom.",
            lieu=str(sortie),
        )
    groups = _Groups()
    writer = _Writer(sortie, en_clair)
    account: Account | None = None
    try:
        for item in read_columns(open_chunks):
            if isinstance(item, Batch):
                writer.add(item)
            elif isinstance(item, Finding):
                groups.add(item)
            else:
                account = item
        tables = writer.finish()
    finally:
        writer.clear()
    assert account is not None, "the account is the last item"
    return Conversion(
        sortie=sortie, tables=tables, constats=groups.all(), inconnues=account.inconnues, relais=account.relais
    )


class _Groups:
    """Findings counted by code and field: few groups, however many findings."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str | None, str | None], Finding] = {}
        self._numbers: dict[tuple[str, str | None, str | None], int] = {}

    def add(self, constat: Finding) -> None:
        """One more finding."""
        champ = constat.place.champ
        key = (constat.code, constat.place.type if champ else None, champ)
        self._first.setdefault(key, constat)
        self._numbers[key] = self._numbers.get(key, 0) + 1

    def all(self) -> tuple[ConstatGroupe, ...]:
        """The groups, in the order of their first findings."""
        return tuple(ConstatGroupe(nombre=self._numbers[key], premier=first) for key, first in self._first.items())


@contextmanager
def _writing(sortie: Path) -> Iterator[None]:
    """What the disk refuses while we write. Raises `StorageError`."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            "sortie.impossible",
            f"Les tables ne peuvent pas être écrites : {system_reason(error)}.",
            action="Vérifier le dossier, les droits et la place libre, puis recommencer.",
            lieu=str(sortie),
        ) from error


@dataclass(slots=True)
class _Table:
    """One Parquet file being written: its writer, the names of its columns, the rows that wait."""

    edition: Edition
    layout: Layout
    chemin: str
    columns: list[str]
    laissees: tuple[str, ...]
    writer: Any
    waiting: list[Any]
    lignes: int = 0

    def written(self) -> TableEcrite:
        """What became of it."""
        return TableEcrite(
            famille=self.edition.famille,
            edition=self.edition.nom,
            type=self.layout.type,
            libelle=self.layout.libelle,
            lignes=self.lignes,
            chemin=self.chemin,
            laissees=self.laissees,
        )


class _Writer:
    """Writes tables in a temporary folder beside the final one, which it becomes at the end."""

    def __init__(self, sortie: Path, en_clair: bool) -> None:
        self._sortie = sortie
        self._en_clair = en_clair
        self._temporary = sortie.with_name(f".{sortie.name}.tmp")  # the same at each run: a killed one leaves no other
        self._tables: dict[str, _Table] = {}
        self._waiting = 0

    def add(self, batch: Batch) -> None:
        """Some rows of one type."""
        chemin = f"{batch.edition.famille}-{batch.edition.nom}/{batch.layout.type}.parquet"
        if chemin not in self._tables:
            with _writing(self._sortie):
                self._tables[chemin] = self._open(chemin, batch)
        table = self._tables[chemin]
        rows = batch.rows.select(table.columns)
        table.waiting.append(rows)
        table.lignes += rows.num_rows
        self._waiting += rows.nbytes
        if self._waiting > _MOST_WAITING:
            self._flush()

    def finish(self) -> tuple[TableEcrite, ...]:
        """Puts the folder in its place; what it holds. Nothing is put there when there is no table."""
        self._flush()
        with _writing(self._sortie):
            for table in self._tables.values():
                table.writer.close()
            if self._tables:
                self._temporary.rename(self._sortie)
        return tuple(table.written() for _, table in sorted(self._tables.items()))

    def clear(self) -> None:
        """Leaves nothing temporary behind."""
        for table in self._tables.values():
            with suppress(OSError):
                table.writer.close()
        if self._tables:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _open(self, chemin: str, batch: Batch) -> _Table:
        from pyarrow.parquet import ParquetWriter

        if not self._tables:
            shutil.rmtree(self._temporary, ignore_errors=True)
        champs = batch.layout.champs
        laissees = () if self._en_clair else tuple(field.nom for field in champs if field.personnel)
        columns = [name for name in batch.rows.schema.names if name not in laissees]
        path = self._temporary / chemin
        path.parent.mkdir(parents=True, exist_ok=True)
        writer = ParquetWriter(path, batch.rows.select(columns).schema, compression="zstd")
        return _Table(batch.edition, batch.layout, chemin, columns, laissees, writer, [])

    def _flush(self) -> None:
        from pyarrow import Table

        with _writing(self._sortie):
            for table in self._tables.values():
                if table.waiting:
                    table.writer.write_table(Table.from_batches(table.waiting))
                    table.waiting.clear()
        self._waiting = 0
