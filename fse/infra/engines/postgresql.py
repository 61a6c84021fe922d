"""PostgreSQL as an engine for portable SQL, inside a transaction that the caller opened over the tables of a journal.

What is asked is in temporary tables, which end with the transaction. They are analysed as soon as they are filled: with
the number of their rows, PostgreSQL plans.

Few asked rows must cost what they are, whatever is stored. Left alone, the planner reads a whole table as soon as it
believes that it is small or that each key finds many rows: on the first day, before the server has gathered statistics,
and after each large load until it gathers them again. So a computation of few asked rows may not scan a table, nor hash
or merge one: there only remain look-ups by index, one after the other, whose cost follows the asked rows. A
computation of many rows (a rebuild) is better off with scans and hashes, and the planner is free.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, CursorResult, text

from fse.domain.reconciliation.relations import RELATIONS
from fse.domain.reconciliation.schema import ASKED_BY, Column, Relation
from fse.domain.reconciliation.statements import Computation

FEW = 20_000
"""Asked rows up to which stored rows are looked up one by one."""

_PLANNER = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
_TYPES = {"text": 'text COLLATE "C"', "bigint": "bigint"}


class PostgresqlEngine:
    """Runs statements on one connection; keeps nothing itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, relation: Relation, rows: Iterable[tuple[str | int, ...]]) -> None:
        """Make an asked relation hold these rows, each once."""
        self._empty(relation)
        values = list(zip(*rows, strict=True)) or [() for _ in relation.columns]
        arrays = ", ".join(
            f"CAST(:{column.name} AS {column.type}[])" for column in relation.columns
        )  # one statement, however many rows
        self._connection.execute(
            text(f"{_insert(relation)} SELECT DISTINCT * FROM unnest({arrays})"),
            {column.name: list(cells) for column, cells in zip(relation.columns, values, strict=True)},
        )
        self._run(f"ANALYZE {relation.name}")

    def ask_from(self, relation: Relation, sql: str) -> None:
        """Make an asked relation hold the rows of a SELECT, which gives each once, columns in order."""
        self._empty(relation)
        self._run(f"{_insert(relation)}\n{sql}")
        self._run(f"ANALYZE {relation.name}")

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a SELECT, by column name."""
        return [dict(row) for row in self._run(sql).mappings()]

    def compute(self, computation: Computation) -> None:
        """Delete the rows of what is asked from a stored relation, and insert those of its SELECT."""
        relation = computation.relation
        asked = RELATIONS[ASKED_BY[relation.role]]
        key = ", ".join(name for name in asked.key if name in relation.names)
        few = self._run(f"SELECT 1 FROM {asked.name} LIMIT 1 OFFSET {FEW}").first() is None
        if few:
            self._run("; ".join(f"SET LOCAL {name} = off" for name in _PLANNER))
        self._run(f"DELETE FROM {relation.name} WHERE ({key}) IN (SELECT {key} FROM {asked.name})")
        self._run(f"{_insert(relation)}\n{computation.sql}")
        if few:
            self._run("; ".join(f"SET LOCAL {name} = DEFAULT" for name in _PLANNER))

    def _empty(self, relation: Relation) -> None:
        """Make the temporary table of an asked relation, without rows."""
        columns = [_declared(column) for column in relation.columns]
        key = [f"PRIMARY KEY ({', '.join(relation.key)})"] if relation.key else []
        self._run(f"CREATE TEMP TABLE IF NOT EXISTS {relation.name} ({', '.join(columns + key)}) ON COMMIT DROP")
        self._run(f"TRUNCATE {relation.name}")

    def _run(self, sql: str) -> CursorResult[Any]:
        return self._connection.exec_driver_sql(sql, execution_options={"no_parameters": True})


def _declared(column: Column) -> str:
    return f"{column.name} {_TYPES[column.type]} NOT NULL"


def _insert(relation: Relation) -> str:
    return f"INSERT INTO {relation.name} ({', '.join(relation.names)})"
