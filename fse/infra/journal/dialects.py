"""Which database holds a journal: told by its address, then by its engine. One module a dialect, all with one face."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine

from fse.infra.journal import postgresql, sqlite

Place = Path | str
"""Where a journal is: the path of a SQLite file, or an address `postgresql://…`."""


class Dialect(Protocol):
    """What a journal asks of a database."""

    MANY_CABINETS: bool
    """True when one database holds the journals of several cabinets, each with its key and its chain."""

    def open_engine(self, place: Place) -> Engine:
        """An engine on this place; nothing is reached yet. Errors never print the values given to a statement."""

    def is_there(self, place: Place) -> bool:
        """False when it is certain, without opening it, that nothing is there."""

    def prepare(self, place: Place) -> None:
        """Make what a creation needs before a connection."""

    def lieu(self, engine: Engine) -> str:
        """The place as messages name it, without anything secret."""

    def reader(self, engine: Engine) -> Engine:
        """The same engine, whose transactions see one snapshot each and wait for nobody."""

    def lock_creation(self, connection: Connection) -> None:
        """Until the transaction ends, nobody else creates a journal in this database."""

    def lock_cabinet(self, connection: Connection, cabinet: str) -> None:
        """Until the transaction ends, nobody else writes for this cabinet; what others wrote is seen from here on."""

    def schema_version(self, connection: Connection) -> int | None:
        """The version of the tables, `None` when there are none. Raises `StorageError` when it is not a journal."""

    def stamp_schema(self, connection: Connection, version: int) -> None:
        """Write that this database is a journal whose tables have this version."""

    def finish_tables(self, connection: Connection) -> None:
        """What is left to do once all tables and indexes are made."""

    def translated_errors(self, lieu: str) -> AbstractContextManager[None]:
        """Turn what the database raises into a `StorageError` that says what to do."""


def at(place: Place) -> Dialect:
    """The dialect of an address."""
    return postgresql if isinstance(place, str) and postgresql.is_address(place) else sqlite


def of(engine: Engine) -> Dialect:
    """The dialect of an engine. Raises `KeyError` on a database that holds no journal."""
    dialects: dict[str, Dialect] = {"sqlite": sqlite, "postgresql": postgresql}
    return dialects[engine.dialect.name]
