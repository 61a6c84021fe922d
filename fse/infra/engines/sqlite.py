"""SQLite as an engine for portable SQL, on a connection that the caller opened and will commit.

    set_blocks(connection, blocks)            fills the relation `bloc`: what is to be computed
    set_files(connection, files)              fills the relation `fichier_touche`: the files just booked
    set_parameters(connection, parameters)    fills the one-row relation `parametre`
    rows(connection, sql)                     runs a SELECT
    refresh(connection, table, sql)           replaces the rows of the blocks by those that the SELECT gives

Those three relations are temporary: they are of this connection, not of the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult

from fse.domain.reconciliation.relations import RELATIONS
from fse.domain.reconciliation.schema import ASKED_BY, Relation
from fse.domain.reconciliation.statements import Computation

Block = tuple[str, str, int]
"""(cabinet, prestataire, numero)."""

_TYPES = {"text": "TEXT", "bigint": "INTEGER"}
_BLOCK = "cabinet, prestataire, numero"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class SqliteEngine:
    """Runs statements on one connection; what is asked is in temporary tables of this connection."""

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
        relation = computation.relation
        asked = RELATIONS[ASKED_BY[relation.role]]
        key = ", ".join(name for name in asked.key if name in relation.names)
        self._run(f"DELETE FROM {relation.name} WHERE ({key}) IN (SELECT {key} FROM temp.{asked.name})")
        self._run(f"{_insert(relation)}\n{computation.sql}")

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


def set_blocks(connection: Connection, blocks: Iterable[Block]) -> None:
    """Make `bloc` hold these blocks, each once."""
    _fill(connection, "bloc", {"cabinet": "TEXT", "prestataire": "TEXT", "numero": "INTEGER"}, blocks)


def set_files(connection: Connection, files: Iterable[tuple[str, str]]) -> None:
    """Make `fichier_touche` hold these files, (cabinet, digest), each once."""
    _fill(connection, "fichier_touche", {"cabinet": "TEXT", "fichier": "TEXT"}, files)


def set_parameters(connection: Connection, parameters: Mapping[str, int]) -> None:
    """Make `parametre` one row of these integers. Raises `ValueError` on a name that cannot name a column."""
    columns = {_checked(name): "INTEGER" for name in parameters}
    connection.exec_driver_sql("DROP TABLE IF EXISTS temp.parametre")
    _fill(connection, "parametre", columns, [tuple(parameters.values())])


def rows(connection: Connection, sql: str) -> list[dict[str, Any]]:
    """The rows of a SELECT, by column name."""
    return [dict(row) for row in connection.exec_driver_sql(sql).mappings()]


def refresh(connection: Connection, table: str, sql: str) -> None:
    """Replace, in a derived table, the rows of the blocks of `bloc` by the rows of this SELECT.

    Columns go by name, in any order. The table has the columns of a block.
    """
    _checked(table)
    connection.exec_driver_sql(f"DELETE FROM {table} WHERE ({_BLOCK}) IN (SELECT {_BLOCK} FROM temp.bloc)")
    select = sql.strip().removesuffix(";")
    names = connection.exec_driver_sql(f"SELECT * FROM (\n{select}\n) AS calcul LIMIT 0").keys()
    columns = ", ".join(_checked(name) for name in names)
    connection.exec_driver_sql(f"INSERT INTO {table} ({columns})\n{select}")


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a table or a column")
    return name


def _fill(
    connection: Connection, name: str, columns: Mapping[str, str], values: Iterable[tuple[str | int, ...]]
) -> None:
    """Make a temporary relation hold these rows, each once; all its columns are its key."""
    declared = ", ".join(f"{column} {kind} NOT NULL" for column, kind in columns.items())
    names = ", ".join(columns)
    connection.exec_driver_sql(
        f"CREATE TEMP TABLE IF NOT EXISTS {name} ({declared}, PRIMARY KEY ({names})) STRICT, WITHOUT ROWID"
    )
    connection.exec_driver_sql(f"DELETE FROM temp.{name}")
    rows = sorted(set(values))
    if rows:
        marks = ", ".join("?" for _ in columns)
        connection.exec_driver_sql(f"INSERT INTO temp.{name} ({names}) VALUES ({marks})", rows)
        connection.exec_driver_sql(f"ANALYZE temp.{name}")
