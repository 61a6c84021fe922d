"""SQLite as an engine for portable SQL, inside a transaction that the caller opened over the tables of a journal.

What is asked is in temporary tables, of this connection and not of the database. They are analysed once filled: the
number of their rows is what SQLite plans with, beside the statistics written at the creation of the journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, CursorResult

from fse.domain.reconciliation.relations import RELATIONS
from fse.domain.reconciliation.schema import Relation, asked_key
from fse.domain.reconciliation.statements import Computation

_TYPES = {"text": "TEXT", "bigint": "INTEGER"}


class SqliteEngine:
    """Runs statements on one connection; keeps nothing itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, relation: Relation, rows: Iterable[tuple[str | int, ...]]) -> None:
        """Make an asked relation hold these rows, each once."""
        self._empty(relation)
        kept = sorted(set(rows))
        if kept:
            marks = ", ".join("?" for _ in relation.columns)
            self._connection.exec_driver_sql(f"{_insert(relation)} VALUES ({marks})", kept)
        self._run(f"ANALYZE temp.{relation.name}")

    def ask_from(self, relation: Relation, sql: str) -> None:
        """Make an asked relation hold the rows of a SELECT, which gives each once, columns in order."""
        self._empty(relation)
        self._run(f"{_insert(relation)}\n{sql}")
        self._run(f"ANALYZE temp.{relation.name}")

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a SELECT, by column name."""
        return [dict(row) for row in self._run(sql).mappings()]

    def compute(self, computation: Computation) -> None:
        """Delete the rows of what is asked from a stored relation, and insert those of its SELECT."""
        asked, key = asked_key(computation.relation, RELATIONS)
        names = ", ".join(key)
        self._run(f"DELETE FROM {computation.relation.name} WHERE ({names}) IN (SELECT {names} FROM temp.{asked})")
        self._run(f"{_insert(computation.relation)}\n{computation.sql}")

    def _empty(self, relation: Relation) -> None:
        """Make the temporary table of an asked relation, without rows."""
        columns = [f"{column.name} {_TYPES[column.type]} NOT NULL" for column in relation.columns]
        key = ", ".join(relation.key or relation.names)
        self._run(
            f"CREATE TEMP TABLE IF NOT EXISTS {relation.name} ({', '.join(columns)}, PRIMARY KEY ({key}))"
            " STRICT, WITHOUT ROWID"
        )
        self._run(f"DELETE FROM temp.{relation.name}")

    def _run(self, sql: str) -> CursorResult[Any]:
        return self._connection.exec_driver_sql(sql)


def _insert(relation: Relation) -> str:
    return f"INSERT INTO {relation.name} ({', '.join(relation.names)})"
