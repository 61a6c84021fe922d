"""The few kinds of table and column of the journal, in types that every engine has.

Dates are integer days since 1970-01-01, money is integer centimes, flags are 0 or 1: all are 64-bit integers, which
SQLite calls INTEGER in a STRICT table. Text compares bytewise, which PostgreSQL does where it is told to.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
)
from sqlalchemy.schema import SchemaItem

_INTEGER = BigInteger().with_variant(Integer(), "sqlite")
_TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def narrow_table(name: str, metadata: MetaData, *items: SchemaItem) -> Table:
    """A table of short rows, which are stored in the order of the primary key."""
    return Table(name, metadata, *items, sqlite_strict=True, sqlite_with_rowid=False)


def wide_table(name: str, metadata: MetaData, *items: SchemaItem) -> Table:
    """A table whose rows hold long values."""
    return Table(name, metadata, *items, sqlite_strict=True)


def key_text(name: str) -> Column[str]:
    """A text of the primary key."""
    return Column(name, _TEXT, primary_key=True, nullable=False)


def key_integer(name: str) -> Column[int]:
    """An integer of the primary key, given by the caller."""
    return Column(name, _INTEGER, primary_key=True, nullable=False, autoincrement=False)


def text(name: str) -> Column[str]:
    """A text, never null."""
    return Column(name, _TEXT, nullable=False)


def integer(name: str) -> Column[int]:
    """An integer, never null."""
    return Column(name, _INTEGER, nullable=False)


def optional_text(name: str) -> Column[str]:
    """A text or null."""
    return Column(name, _TEXT)


def optional_integer(name: str) -> Column[int]:
    """An integer or null."""
    return Column(name, _INTEGER)


def blob(name: str) -> Column[bytes]:
    """Bytes, never null."""
    return Column(name, LargeBinary(), nullable=False)


def one_of(name: str, *values: str) -> CheckConstraint:
    """The column holds one of these texts."""
    return CheckConstraint(f"{name} IN ({', '.join(repr(value) for value in values)})")


def flag(name: str) -> CheckConstraint:
    """The column holds 0 or 1."""
    return CheckConstraint(f"{name} IN (0, 1)")


def points_to(table: Table, **columns: str) -> ForeignKeyConstraint:
    """A key of another table of the same cabinet: its column on the left, ours on the right."""
    return ForeignKeyConstraint(
        ["cabinet", *columns.values()],
        [table.c.cabinet, *(table.c[name] for name in columns)],
    )


def unique_where(name: str, table: Table, columns: Iterable[str], condition: str) -> None:
    """An index, made with its table, by which two rows that fulfil a condition never hold the same values.

    In words that every engine reads: the option that each dialect has for it imports this dialect.
    """
    statement = f"CREATE UNIQUE INDEX {name} ON {table.name} ({', '.join(columns)}) WHERE {condition}"
    event.listen(table, "after_create", lambda _, connection, **__: connection.exec_driver_sql(statement))
