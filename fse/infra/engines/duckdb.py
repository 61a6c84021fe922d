"""DuckDB as an engine for portable SQL: an archive read from Parquet, matched in memory or in a file of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fse.base.resources import require
from fse.domain.reconciliation.relations import RELATIONS
from fse.domain.reconciliation.schema import Relation, asked_key
from fse.domain.reconciliation.statements import Computation

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TYPES = {"text": "VARCHAR", "bigint": "BIGINT"}


class DuckdbEngine:
    """Runs statements on one database; `path` is its file, `None` to keep it in memory. Close it.

    Raises `UsageError` (`installation.extra_absent`) without the extra `duckdb`.
    """

    def __init__(self, path: Path | None = None) -> None:
        duckdb = require("duckdb", extra="duckdb")
        self._connection: DuckDBPyConnection = duckdb.connect(str(path) if path else ":memory:")

    def close(self) -> None:
        self._connection.close()

    def load(self, name: str, paths: Sequence[Path]) -> None:
        """Make a relation of Parquet files; its rows stay in the files."""
        places = ", ".join(_quoted(path) for path in paths)
        self._connection.execute(f"CREATE OR REPLACE VIEW {name} AS FROM read_parquet([{places}])")

    def make_stored(self, relation: Relation) -> None:
        """Make a stored relation, without rows."""
        self._connection.execute(f"CREATE OR REPLACE TABLE {relation.name} ({_columns(relation)})")

    def make_view(self, computation: Computation) -> None:
        """Make a view over what exists."""
        self._connection.execute(f"CREATE OR REPLACE VIEW {computation.relation.name} AS\n{computation.sql}")

    def ask(self, relation: Relation, rows: Iterable[tuple[str | int, ...]]) -> None:
        """Make an asked relation hold these rows, each once."""
        self._connection.execute(f"CREATE OR REPLACE TABLE {relation.name} ({_columns(relation)})")
        kept = sorted(set(rows))
        if kept:
            arrays = ", ".join(f"unnest(CAST(? AS {_TYPES[column.type]}[]))" for column in relation.columns)
            values = [list(cells) for cells in zip(*kept, strict=True)]
            self._connection.execute(f"INSERT INTO {relation.name} SELECT {arrays}", values)  # one, however many rows

    def ask_from(self, relation: Relation, sql: str) -> None:
        """Make an asked relation hold the rows of a SELECT, which gives each once, columns in order."""
        self._connection.execute(f"CREATE OR REPLACE TABLE {relation.name} ({_columns(relation)})")
        self._connection.execute(f"INSERT INTO {relation.name}\n{sql}")

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a SELECT, by column name."""
        cursor = self._connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def compute(self, computation: Computation) -> None:
        """Delete the rows of what is asked from a stored relation, and insert those of its SELECT."""
        asked, key = asked_key(computation.relation, RELATIONS)
        names, table = ", ".join(key), computation.relation.name
        self._connection.execute(f"DELETE FROM {table} WHERE ({names}) IN (SELECT ({names}) FROM {asked})")
        self._connection.execute(f"INSERT INTO {table} ({', '.join(computation.relation.names)})\n{computation.sql}")

    def write(self, name: str, path: Path) -> None:
        """Write the rows of a relation to a Parquet file."""
        self._connection.execute(f"COPY (FROM {name}) TO {_quoted(path)} (FORMAT parquet, COMPRESSION zstd)")


def _quoted(path: Path) -> str:
    return f"'{str(path).replace(chr(39), chr(39) * 2)}'"


def _columns(relation: Relation) -> str:
    return ", ".join(
        f"{column.name} {_TYPES[column.type]}{'' if column.nullable else ' NOT NULL'}" for column in relation.columns
    )
