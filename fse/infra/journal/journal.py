"""The journal: the system of record of one cabinet. It opens, reads and writes; what is written is said elsewhere.

A journal is created whole in one transaction and every later change is one transaction: a process killed at any
point leaves the journal as it was before, or with all that the transaction did. A journal holds one marking (test or
demo), which cannot be changed: it is bound to the key and to the chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Literal

from sqlalchemy import Engine, RowMapping, insert, select

from fse.base.errors import StorageError
from fse.infra.journal import chain, sqlite
from fse.infra.journal.events import canonical, utc_instant
from fse.infra.journal.schema import derived, relations, tables
from fse.infra.journal.schema.entities import EntityTables
from fse.infra.journal.secrets import Coffre, Enveloppe, new_data_key, unwrap_key, wrap_key
from fse.infra.journal.sqlite_statistics import write_statistics
from fse.infra.journal.transaction import Reading, Transaction

Marque = Literal["T", "D"]

SCHEMA_VERSION = 2


class Journal:
    """An open journal; threads may share it, processes open their own. Close it, or use it as a context manager."""

    def __init__(self, engine: Engine, cabinet: str, marque: str, coffre: Coffre) -> None:
        self.engine = engine
        self.cabinet = cabinet
        self.marque = marque
        self.coffre = coffre

    @classmethod
    def create(
        cls,
        path: Path,
        cabinet: str,
        cle: str,
        marque: Marque,
        now: datetime,
        *,
        entites: Iterable[EntityTables] = (),
        vues: Mapping[str, str] | None = None,
    ) -> Journal:
        """Create the journal of a cabinet in a new file and open it.

        `cle` is the user's key; `entites` are the editions of returns it will hold; `vues` are the views of the
        matching (name → SELECT), created in their order. Raises `StorageError` (`journal.existe`, `journal.cle_vide`).
        """
        data_key = new_data_key()
        coffre, cree_le = Coffre(data_key), utc_instant(now)
        envelope = wrap_key(data_key, cle, _binding(cabinet, marque, cree_le))
        sqlite.make_file(path)
        journal = cls(sqlite.open_engine(path), cabinet, marque, coffre)
        with journal._closed_on_error(), sqlite.translated_errors(str(path)), journal.engine.begin() as connection:
            if sqlite.schema_version(connection) is not None:
                raise StorageError(
                    "journal.existe",
                    "Un journal existe déjà à cet endroit.",
                    action="Ouvrir ce journal, ou choisir un autre chemin.",
                    lieu=str(path),
                )
            sqlite.stamp_schema(connection, SCHEMA_VERSION)
            made: set[str] = set()
            for metadata in (tables.METADATA, derived.METADATA, *(edition.metadata for edition in entites)):
                metadata.create_all(connection, checkfirst=False)
                made.update(metadata.tables)
            derived.create_indexes(connection, made)
            write_statistics(connection)
            relations.create_own_views(connection)
            for name, sql in (vues or {}).items():
                relations.create_view(connection, name, sql)
            connection.execute(
                insert(tables.cabinet).values(
                    cabinet=cabinet,
                    marque=marque,
                    sel=envelope.sel,
                    parametres_kdf=envelope.parametres_kdf,
                    cle_enveloppee=envelope.cle_enveloppee,
                    cree_le=cree_le,
                )
            )
            chain.start(connection, coffre, cabinet)
        return journal

    @classmethod
    def open(cls, path: Path, cabinet: str, cle: str) -> Journal:
        """Open the journal of this cabinet. Raises `StorageError`: `journal.absent`, `journal.autre_cabinet`,
        `journal.cle`, `journal.version`, `journal.illisible`, `journal.verrouille`…
        """
        if not path.is_file():
            raise _absent(path)
        engine = sqlite.open_engine(path)
        try:
            with sqlite.translated_errors(str(path)):
                row = _cabinet_row(engine, path, cabinet)
            envelope = Enveloppe(row["sel"], row["parametres_kdf"], row["cle_enveloppee"])
            data_key = unwrap_key(envelope, cle, _binding(cabinet, row["marque"], row["cree_le"]))
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, cabinet, row["marque"], Coffre(data_key))

    @contextmanager
    def transaction(self, now: datetime) -> Iterator[Transaction]:
        """One transaction, the only writer while it lasts: committed at the end, undone by any exception.

        `now` is the instant of its events. Raises `StorageError` (`journal.verrouille`, `journal.disque`…).
        """
        with sqlite.translated_errors(self._place), self.engine.begin() as connection:
            transaction = Transaction(connection, self.cabinet, self.coffre, now)
            yield transaction
            transaction.finish()

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One snapshot, which blocks no writer. Whatever is written there is undone (temporary tables included)."""
        with sqlite.translated_errors(self._place), sqlite.reader(self.engine).connect() as connection:
            yield Reading(connection, self.cabinet, self.coffre)

    def head(self) -> chain.Head:
        """The end of the chain, to be printed in each report: it alone shows a journal put back to an older state."""
        with self.reading() as reading:
            return chain.head(reading.connection, self.cabinet)

    def verify(self) -> list[chain.ChainBreak]:
        """Every break of the chain of events; empty when it is whole."""
        with self.reading() as reading:
            return chain.verify(reading.connection, self.coffre, self.cabinet)

    def close(self) -> None:
        """Let the file go. The journal cannot be used any more."""
        self.engine.dispose()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _place(self) -> str:
        return self.engine.url.database or ""

    @contextmanager
    def _closed_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise


def _cabinet_row(engine: Engine, path: Path, cabinet: str) -> RowMapping:
    with sqlite.reader(engine).connect() as connection:
        version = sqlite.schema_version(connection)
        if version is None:
            raise _absent(path)
        if version != SCHEMA_VERSION:
            raise StorageError(
                "journal.version",
                f"Ce journal est de la version {version}, ce programme lit la version {SCHEMA_VERSION}.",
                action="Installer la version de fse qui a écrit ce journal, ou une plus récente.",
                lieu=str(path),
            )
        row = connection.execute(select(tables.cabinet).where(tables.cabinet.c.cabinet == cabinet)).mappings().first()
    if row is None:
        raise StorageError(
            "journal.autre_cabinet",
            "Ce journal est celui d'un autre cabinet.",
            action="Vérifier le chemin du journal et le nom du cabinet dans cabinet.toml.",
            lieu=str(path),
        )
    return row


def _binding(cabinet: str, marque: str, cree_le: str) -> bytes:
    return canonical([cabinet, marque, cree_le]).encode()


def _absent(path: Path) -> StorageError:
    return StorageError(
        "journal.absent",
        "Il n'y a pas de journal à cet endroit.",
        action="Vérifier le chemin du journal dans cabinet.toml.",
        lieu=str(path),
    )
