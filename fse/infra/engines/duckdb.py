"""DuckDB as an engine for portable SQL: an archive read from Parquet, matched in memory or in a file of its own.

The texts that tell whose a row is (`CODED`) are compared millions of times and are few: they are enumerations, whose
values are all those of the archive in the order of their bytes, and '' first. DuckDB then compares numbers where the
SQL compares texts, orders them alike, and gives texts back. What a statement makes of such a text and of another one
is a text again; a stored relation holds none that the archive does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fse.base.errors import UsageError
from fse.base.resources import require
from fse.domain.reconciliation.relations import ENTITIES, HEADS, RELATIONS
from fse.domain.reconciliation.schema import Relation, asked_key
from fse.domain.reconciliation.statements import Computation

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TYPES = {"text": "VARCHAR", "bigint": "BIGINT"}

CODED = {
    "cabinet": "cabinet",
    "fichier": "fichier",
    "fichier_virement": "fichier",
    "hors_numero": "fichier",
    "prestataire": "prestataire",
    "remplacant": "prestataire",
    "beneficiaire": "prestataire",
}
"""The coded columns of any relation, and the set from which each takes its values."""


_SETTINGS = {"disabled_optimizers": "join_order"}
"""Joins are done as the SQL writes them, each on a whole key. DuckDB's own order starts with what equal practices imply
(every block of a practice with every part of it: 11 s and 2 GB for what takes 0.4 s at a million invoices).
"""


class DuckdbEngine:
    """Runs statements on one database; `path` is its file, `None` to keep it in memory. Close it.

    It takes `coeurs` threads (all cores by default) and `memoire` bytes (most of the machine's by default); what they
    do not hold is put in files of `temporaire` meanwhile.

    Raises `UsageError` (`installation.extra_absent`) without the extra `duckdb`.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        coeurs: int | None = None,
        memoire: int | None = None,
        temporaire: Path | None = None,
    ) -> None:
        duckdb = require("duckdb", extra="duckdb")
        asked = {"threads": coeurs, "memory_limit": f"{memoire}B" if memoire else None, "temp_directory": temporaire}
        settings = _SETTINGS | {name: str(value) for name, value in asked.items() if value is not None}
        self._connection: DuckDBPyConnection = duckdb.connect(str(path) if path else ":memory:", config=settings)
        self._codes: dict[str, str] = {}

    def close(self) -> None:
        self._connection.close()

    def load(self, relations: Mapping[str, Sequence[Path]], cabinets: tuple[str, str] | None = None) -> None:
        """Make these relations of Parquet files, all at once; their rows stay in the files.

        Of the practices between two alone, both included, when they are given: their rows are then held, for the SQL
        reads a relation up to eight times; groups of rows that hold others are not even read where files are sorted by
        practice. Which files there are is then asked of their heads alone.

        Raises `UsageError` (`archive.sans_tete`) when a row that would be held is of a file without a head.
        """
        from duckdb import ConversionException

        texts = {name: _rows_of(paths, cabinets) for name, paths in relations.items()}
        coded = self._coded({name: paths[0] for name, paths in relations.items()})
        sources = coded if cabinets is None else {name: coded[name] for name in coded if _says_codes(name)}
        self._make_codes(
            [f"SELECT DISTINCT {', '.join(them)} FROM {texts[name]}" for name, them in sources.items() if them]
        )
        kind = "VIEW" if cabinets is None else "TABLE"
        for name, text in texts.items():
            casts = ", ".join(f"CAST({column} AS {self._codes[column]}) AS {column}" for column in coded[name])
            replaced = f" REPLACE ({casts})" if casts else ""
            try:
                self._connection.execute(f"CREATE OR REPLACE {kind} {name} AS SELECT *{replaced} FROM {text}")
            except ConversionException as error:
                raise _headless(name) from error

    def _coded(self, files: Mapping[str, Path]) -> dict[str, list[str]]:
        """The coded columns of each of these Parquet files."""
        paths = ", ".join(_quoted(str(path)) for path in files.values())
        schemas = self._connection.execute(f"SELECT file_name, name FROM parquet_schema([{paths}])").fetchall()
        there = {(path, column) for path, column in schemas}
        return {name: [column for column in CODED if (str(path), column) in there] for name, path in files.items()}

    def _make_codes(self, coded: Sequence[str]) -> None:
        """Make the enumerations of what these SELECT give of coded columns; each is run once, all in one statement."""
        every = ", ".join(f"CAST(NULL AS VARCHAR) AS {column}" for column in CODED)
        values = " UNION ALL BY NAME ".join((f"SELECT {every} WHERE false", *coded))
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE valeurs AS {values}")
        for kind in dict.fromkeys(CODED.values()):
            columns = [column for column in CODED if CODED[column] == kind]
            found = " UNION ".join(f"SELECT {one} FROM valeurs WHERE {one} IS NOT NULL" for one in columns)
            self._connection.execute(f"CREATE TYPE code_{kind} AS ENUM (SELECT '' UNION {found} ORDER BY 1)")
        self._connection.execute("DROP TABLE valeurs")
        self._codes = {column: f"code_{kind}" for column, kind in CODED.items()}

    def make_stored(self, relation: Relation) -> None:
        """Make a stored relation, without rows."""
        self._connection.execute(f"CREATE OR REPLACE TABLE {relation.name} ({_columns(relation, self._codes)})")

    def make_view(self, computation: Computation) -> None:
        """Make a view over what exists."""
        self._connection.execute(f"CREATE OR REPLACE VIEW {computation.relation.name} AS\n{computation.sql}")

    def ask(self, relation: Relation, rows: Iterable[tuple[str | int, ...]]) -> None:
        """Make an asked relation hold these rows, each once."""
        self._connection.execute(f"CREATE OR REPLACE TABLE {relation.name} ({_columns(relation, {})})")
        kept = sorted(set(rows))
        if kept:
            arrays = ", ".join(f"unnest(CAST(? AS {_TYPES[column.type]}[]))" for column in relation.columns)
            values = [list(cells) for cells in zip(*kept, strict=True)]
            self._connection.execute(f"INSERT INTO {relation.name} SELECT {arrays}", values)  # one, however many rows

    def ask_from(self, relation: Relation, sql: str) -> None:
        """Make an asked relation hold the rows of a SELECT, which gives each once, columns in order."""
        self._connection.execute(f"CREATE OR REPLACE TABLE {relation.name} ({_columns(relation, self._codes)})")
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
        if self._connection.execute(f"FROM {table} LIMIT 1").fetchone():
            self._connection.execute(f"DELETE FROM {table} WHERE ({names}) IN (SELECT ({names}) FROM {asked})")
        self._connection.execute(f"INSERT INTO {table} ({', '.join(computation.relation.names)})\n{computation.sql}")

    def write(self, name: str, path: Path) -> None:
        """Write the rows of a relation to a Parquet file."""
        self._connection.execute(f"COPY (FROM {name}) TO {_quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)")


def _says_codes(name: str) -> bool:
    return name == HEADS or not name.startswith(ENTITIES)


def _headless(name: str) -> UsageError:
    return UsageError(
        "archive.sans_tete",
        f"Une ligne de {name}.parquet est d'un retour dont l'archive n'a pas l'en-tête ({HEADS}.parquet).",
        action="Refaire cette archive avec fse journal exporter, puis relancer la même commande.",
    )


def _rows_of(paths: Sequence[Path], cabinets: tuple[str, str] | None) -> str:
    files = f"read_parquet([{', '.join(_quoted(str(path)) for path in paths)}], hive_partitioning = false)"
    if cabinets is None:
        return files
    first, last = map(_quoted, cabinets)
    return f"(SELECT * FROM {files} WHERE cabinet >= {first} AND cabinet <= {last})"


def _quoted(text: str) -> str:
    return f"'{text.replace(chr(39), chr(39) * 2)}'"


def _columns(relation: Relation, codes: Mapping[str, str]) -> str:
    """The columns as SQL declares them; `codes` names the enumeration of those that have one."""
    return ", ".join(
        f"{column.name} {codes.get(column.name, _TYPES[column.type])}{'' if column.nullable else ' NOT NULL'}"
        for column in relation.columns
    )
