"""The journal: the system of record of one cabinet. It opens, reads and writes; what is written is said elsewhere.

A journal is created whole in one transaction and every later change is one transaction: a process killed at any
point leaves the journal as it was before, or with all that the transaction did. A journal holds one marking (test or
demo), which cannot be changed: it is bound to the key and to the chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from types import TracebackType
from typing import Literal

from sqlalchemy import Connection, Engine, RowMapping, insert, select

from fse.base.errors import StorageError
from fse.infra.journal import chain, dialects
from fse.infra.journal.dialects import Dialect, Place
from fse.infra.journal.events import canonical, utc_instant
from fse.infra.journal.schema import derived, night_tables, relations, tables
from fse.infra.journal.schema.entities import EntityTables
from fse.infra.journal.secrets import Coffre, Enveloppe, new_data_key, unwrap_key, wrap_key
from fse.infra.journal.transaction import Reading, Transaction

Marque = Literal["T", "D"]

SCHEMA_VERSION = 5

_TABLES = (tables.METADATA, night_tables.METADATA, derived.METADATA)


class Journal:
    """An open journal; threads may share it, processes open their own. Close it, or use it as a context manager."""

    def __init__(self, engine: Engine, cabinet: str, marque: str, coffre: Coffre) -> None:
        self.engine = engine
        self.cabinet = cabinet
        self.marque = marque
        self.coffre = coffre
        self._dialect = dialects.of(engine)

    @classmethod
    def create(
        cls,
        place: Place,
        cabinet: str,
        cle: str,
        marque: Marque,
        now: datetime,
        *,
        entites: Iterable[EntityTables] = (),
        vues: Mapping[str, str] | None = None,
    ) -> Journal:
        """Create the journal of a cabinet and open it: in a new file, or in a database that may hold those of others.

        `cle` is the user's key; `entites` are the editions of returns it will hold; `vues` are the views of the
        matching (name → SELECT), created in their order. Raises `StorageError` (`journal.existe`, `journal.cle_vide`).
        """
        data_key = new_data_key()
        coffre, cree_le = Coffre(data_key), utc_instant(now)
        envelope = wrap_key(data_key, cle, binding(cabinet, marque, cree_le))
        dialect = dialects.at(place)
        dialect.prepare(place)
        journal = cls(dialect.open_engine(place), cabinet, marque, coffre)
        with journal._closed_on_error(), journal._errors(), journal.engine.begin() as connection:
            dialect.lock_creation(connection)
            version = dialect.schema_version(connection)
            if version is None:
                _create_tables(dialect, connection, entites, vues or {})
            elif not dialect.MANY_CABINETS or _cabinet_row(connection, version, cabinet, journal.lieu) is not None:
                raise StorageError(
                    "journal.existe",
                    "Un journal existe déjà à cet endroit.",
                    action="Ouvrir ce journal, ou choisir un autre chemin.",
                    lieu=journal.lieu,
                )
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
    def open(cls, place: Place, cabinet: str, cle: str) -> Journal:
        """Open the journal of this cabinet. Raises `StorageError`: `journal.absent`, `journal.autre_cabinet`,
        `journal.cle`, `journal.version`, `journal.illisible`, `journal.verrouille`, `journal.serveur`…
        """
        dialect = dialects.at(place)
        if not dialect.is_there(place):
            raise _absent(str(place))
        engine = dialect.open_engine(place)
        try:
            lieu = dialect.lieu(engine)
            with dialect.translated_errors(lieu), dialect.reader(engine).connect() as connection:
                row = _cabinet_row(connection, dialect.schema_version(connection), cabinet, lieu)
            if row is None:
                raise _absent(lieu) if dialect.MANY_CABINETS else _of_another(lieu)
            envelope = Enveloppe(row["sel"], row["parametres_kdf"], row["cle_enveloppee"])
            data_key = unwrap_key(envelope, cle, binding(cabinet, row["marque"], row["cree_le"]))
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, cabinet, row["marque"], Coffre(data_key))

    @property
    def lieu(self) -> str:
        """Where the journal is, as messages name it."""
        return self._dialect.lieu(self.engine)

    @contextmanager
    def transaction(self, now: datetime) -> Iterator[Transaction]:
        """One transaction, the cabinet's only writer while it lasts: committed at the end, undone by any exception.

        `now` is the instant of its events. Raises `StorageError` (`journal.verrouille`, `journal.disque`…).
        """
        with self._errors(), self.engine.begin() as connection:
            self._dialect.lock_cabinet(connection, self.cabinet)
            transaction = Transaction(connection, self.cabinet, self.coffre, now)
            yield transaction
            transaction.finish()

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One snapshot, which blocks no writer. Whatever is written there is undone (temporary tables included)."""
        with self._errors(), self._dialect.reader(self.engine).connect() as connection:
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

    def _errors(self) -> AbstractContextManager[None]:
        return self._dialect.translated_errors(self.lieu)

    @contextmanager
    def _closed_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise


def _create_tables(
    dialect: Dialect, connection: Connection, entites: Iterable[EntityTables], vues: Mapping[str, str]
) -> None:
    dialect.stamp_schema(connection, SCHEMA_VERSION)
    made: set[str] = set()
    for metadata in (*_TABLES, *(edition.metadata for edition in entites)):
        metadata.create_all(connection, checkfirst=False)
        made.update(metadata.tables)
    derived.create_indexes(connection, made)
    dialect.finish_tables(connection)
    relations.create_own_views(connection)
    for name, sql in vues.items():
        relations.create_view(connection, name, sql)


def _cabinet_row(connection: Connection, version: int | None, cabinet: str, lieu: str) -> RowMapping | None:
    """The row of this cabinet in tables of this version."""
    if version is None:
        raise _absent(lieu)
    if version != SCHEMA_VERSION:
        raise StorageError(
            "journal.version",
            f"Ce journal est de la version {version}, ce programme lit la version {SCHEMA_VERSION}.",
            action="Installer la version de fse qui a écrit ce journal, ou une plus récente.",
            lieu=lieu,
        )
    query = select(tables.cabinet).where(tables.cabinet.c.cabinet == cabinet)
    return connection.execute(query).mappings().one_or_none()


def binding(cabinet: str, marque: str, cree_le: str) -> bytes:
    """What the envelope of the data key is bound to."""
    return canonical([cabinet, marque, cree_le]).encode()


def _of_another(lieu: str) -> StorageError:
    return StorageError(
        "journal.autre_cabinet",
        "Ce journal est celui d'un autre cabinet.",
        action="Vérifier le chemin du journal et le nom du cabinet dans cabinet.toml.",
        lieu=lieu,
    )


def _absent(lieu: str) -> StorageError:
    return StorageError(
        "journal.absent",
        "Il n'y a pas de journal à cet endroit.",
        action="Vérifier le chemin dans cabinet.toml ; s'il a été perdu, le restaurer (fse journal restaurer) ; "
        "un cabinet qui commence sécurise ses premières factures (fse securiser).",
        lieu=lieu,
    )
