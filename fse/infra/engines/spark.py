"""Spark as an engine for portable SQL, through Spark Connect: an archive read from Parquet, matched by a cluster.

A table of Spark cannot lose rows: each computation writes the whole of a stored relation anew, in a folder that the
server and this process both reach, and the former one stays until the engine is closed. Temporary views name what is
current; they are of this session.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fse.base.resources import require
from fse.domain.reconciliation.relations import RELATIONS
from fse.domain.reconciliation.schema import Relation, asked_key
from fse.domain.reconciliation.statements import Computation

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_TYPES = {"text": "STRING", "bigint": "BIGINT"}


class SparkEngine:
    """Runs statements in one session of a Spark Connect server (`sc://host:port`). Close it.

    `folder` is where stored relations are written. Raises `UsageError` (`installation.extra_absent`) without the extra
    `spark`.
    """

    def __init__(self, remote: str, folder: Path) -> None:
        sql = require("pyspark.sql", extra="spark")
        self._session: SparkSession = sql.SparkSession.builder.remote(remote).create()
        self._folder = folder
        self._versions = count(1)

    def close(self) -> None:
        self._session.stop()

    def load(self, relations: Mapping[str, Sequence[Path]], cabinets: tuple[str, str] | None = None) -> None:
        """Make these relations of Parquet files, all at once; their rows stay in the files.

        Of the practices between two alone, both included, when they are given.
        """
        for name, paths in relations.items():
            rows = self._session.read.parquet(*(str(path) for path in paths))
            if cabinets is not None:
                rows = rows.where(rows["cabinet"].between(*cabinets))
            rows.createOrReplaceTempView(name)

    def make_stored(self, relation: Relation) -> None:
        """Make a stored relation, without rows."""
        self._hold(relation, [])

    def make_view(self, computation: Computation) -> None:
        """Make a view over what exists; it follows the stored relations of this moment, so it is made after them."""
        self._session.sql(computation.sql).createOrReplaceTempView(computation.relation.name)

    def ask(self, relation: Relation, rows: Iterable[tuple[str | int, ...]]) -> None:
        """Make an asked relation hold these rows, each once."""
        self._hold(relation, sorted(set(rows)))

    def ask_from(self, relation: Relation, sql: str) -> None:
        """Make an asked relation hold the rows of a SELECT, which gives each once, columns in order."""
        self._keep(relation, sql)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a SELECT, by column name."""
        return [row.asDict() for row in self._session.sql(sql).collect()]

    def compute(self, computation: Computation) -> None:
        """Delete the rows of what is asked from a stored relation, and insert those of its SELECT."""
        relation = computation.relation
        asked, key = asked_key(relation, RELATIONS)
        names = ", ".join(f"avant.{name}" for name in relation.names)
        same = " AND ".join(f"demande.{name} = avant.{name}" for name in key)
        kept = f"SELECT {names} FROM {relation.name} avant LEFT ANTI JOIN {asked} demande ON {same}"
        self._keep(relation, f"{kept}\nUNION ALL\nSELECT * FROM (\n{computation.sql}\n)")

    def write(self, name: str, path: Path) -> None:
        """Write the rows of a relation to a Parquet folder; a relation without rows to one file, for its columns."""
        table = self._session.table(name)
        table.write.parquet(str(path))
        if not any(path.glob("*.parquet")):
            parquet = require("pyarrow.parquet", extra="spark")
            path.mkdir(parents=True, exist_ok=True)
            parquet.write_table(table.limit(0).toArrow(), path / "vide.parquet")

    def _hold(self, relation: Relation, rows: list[tuple[str | int, ...]]) -> None:
        self._session.createDataFrame(rows, _declared(relation)).createOrReplaceTempView(relation.name)

    def _keep(self, relation: Relation, sql: str) -> None:
        columns = ", ".join(
            f"CAST({column.name} AS {_TYPES[column.type]}) AS {column.name}" for column in relation.columns
        )
        place = str(self._folder / f"{relation.name}-{next(self._versions)}")
        self._session.sql(f"SELECT {columns} FROM (\n{sql}\n)").write.parquet(place)
        kept = self._session.read.schema(_declared(relation)).parquet(
            place
        )  # no rows leave no file to tell the columns
        kept.createOrReplaceTempView(relation.name)


def _declared(relation: Relation) -> str:
    return ", ".join(f"{column.name} {_TYPES[column.type]}" for column in relation.columns)
