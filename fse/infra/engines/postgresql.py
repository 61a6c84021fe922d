"""PostgreSQL as an engine for portable SQL, inside a transaction that the caller opened over the tables of a journal.

What is asked is in temporary tables, which end with the transaction. They are analysed as soon as they are filled.

The cost must follow the asked rows, whatever is stored. For that the planner needs two things that it does not have.

    Statistics. A table that was never analysed, or has grown by a great part since, makes it believe that each key
    finds one row: it then joins sets by trying all pairs (measured: 70 s in the place of 1.3 s for 10 000 lines on the
    first day). The server gathers statistics by itself, but a minute late, and never inside a transaction that loads.
    So before computations, and after one that made many rows, tables whose size has doubled since the last time are
    analysed. That happens a score of times in the life of a table; one that another transaction is analysing is
    skipped, not waited for.
    Costs that count rows. As shipped, a look-up by index is dear and a row read is cheap, hence small and middling
    tables are read whole. With a row as the unit and almost nothing for a page, look-ups win while few rows are asked,
    and scans and hashes do when a good part is asked, as in a rebuild.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, CursorResult, text

from fse.domain.reconciliation.relations import RELATIONS
from fse.domain.reconciliation.schema import Relation, asked_key
from fse.domain.reconciliation.statements import Computation

_COSTS = "SET LOCAL random_page_cost = 0.1; SET LOCAL cpu_tuple_cost = 1; SET LOCAL cpu_index_tuple_cost = 0.5"
_MANY = 200
_TYPES = {"text": 'text COLLATE "C"', "bigint": "bigint"}

_GROWN = """
SELECT c.relname
FROM pg_class AS c
WHERE c.relkind = 'r'
  AND c.relnamespace = to_regnamespace(current_schema())
  AND pg_relation_size(c.oid) > 2 * GREATEST(c.relpages, 0) * CAST(current_setting('block_size') AS BIGINT)
"""


class PostgresqlEngine:
    """Runs statements on one connection; keeps nothing itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, relation: Relation, rows: Iterable[tuple[str | int, ...]]) -> None:
        """Make an asked relation hold these rows, each once."""
        self._empty(relation)
        columns = list(zip(*rows, strict=True)) or [() for _ in relation.columns]
        arrays = ", ".join(f"CAST(:{column.name} AS {column.type}[])" for column in relation.columns)
        self._connection.execute(
            text(f"{_insert(relation)} SELECT DISTINCT * FROM unnest({arrays})"),
            {name: list(cells) for name, cells in zip(relation.names, columns, strict=True)},
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
        asked, key = asked_key(computation.relation, RELATIONS)
        names = ", ".join(key)
        self._run(f"DELETE FROM {computation.relation.name} WHERE ({names}) IN (SELECT {names} FROM pg_temp.{asked})")
        made = self._run(f"{_insert(computation.relation)}\n{computation.sql}")
        if made.rowcount > _MANY:
            self._see_to_statistics()

    def _see_to_statistics(self) -> None:
        """Analyse the tables that have grown by much."""
        grown = self._run(_GROWN).scalars().all()
        if grown:
            self._run(f"ANALYZE (SKIP_LOCKED) {', '.join(grown)}")

    def _empty(self, relation: Relation) -> None:
        """Make the temporary table of an asked relation, without rows."""
        self._see_to_statistics()
        columns = ", ".join(f"{column.name} {_TYPES[column.type]} NOT NULL" for column in relation.columns)
        key = ", ".join(relation.key or relation.names)
        table = f"CREATE TEMP TABLE IF NOT EXISTS {relation.name} ({columns}, PRIMARY KEY ({key})) ON COMMIT DROP"
        self._run(f"{_COSTS}; {table}; TRUNCATE pg_temp.{relation.name}")

    def _run(self, sql: str) -> CursorResult[Any]:
        return self._connection.exec_driver_sql(sql, execution_options={"no_parameters": True})


def _insert(relation: Relation) -> str:
    return f"INSERT INTO {relation.name} ({', '.join(relation.names)})"
