"""Between a fact as a frozen dataclass and its row: the attributes are the columns, `cabinet` comes on top."""

from __future__ import annotations

from dataclasses import asdict, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, and_, insert, select

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    T = TypeVar("T", bound=DataclassInstance)


def write(connection: Connection, table: Table, cabinet: str, row: DataclassInstance) -> None:
    """Insert one fact."""
    connection.execute(insert(table), {"cabinet": cabinet, **asdict(row)})


def query(table: Table, kind: type[DataclassInstance], cabinet: str) -> Select[Any]:
    """Select the facts of this kind of one cabinet; the caller narrows and orders."""
    return _columns(table, kind).where(table.c.cabinet == cabinet)


@cache
def _columns(table: Table, kind: type[DataclassInstance]) -> Select[Any]:
    """Made once: facts have many columns, and a command asks for the same ones many times."""
    return select(*(table.c[field.name] for field in fields(kind)))


def read_all(connection: Connection, kind: type[T], statement: Select[Any]) -> list[T]:
    """The facts that a `query` of the same kind selects."""
    return [kind(**row) for row in connection.execute(statement).mappings()]


def read_one(connection: Connection, kind: type[T], statement: Select[Any]) -> T | None:
    """The only fact that a `query` of the same kind selects, or `None`."""
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else kind(**row)


def same(left: FromClause, right: FromClause, *key: str) -> ColumnElement[bool]:
    """Rows of one cabinet that agree on these columns, which bear one name on both sides."""
    return and_(*(left.c[name] == right.c[name] for name in ("cabinet", *key)))
