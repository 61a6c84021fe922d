"""Each construct of the portable SQL, on the four engines, gives what Python says.

What the linter lets through was tried here: its functions are those of the constructs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import create_engine

from fse.infra.engines import Engine, of
from fse.infra.engines.duckdb import DuckdbEngine
from fse.infra.engines.spark import SparkEngine
from tests.infra.engines.constructs import CONSTRUCTS, ESSAI, ROWS
from tests.infra.engines.sail import sail_server
from tests.infra.journal.postgres_server import running
from tests.oracles import sql_linter

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("essai") / "essai.parquet"
    columns = [list(cells) for cells in zip(*ROWS, strict=True)]
    pq.write_table(pa.table(columns, names=list(ESSAI.names)), path)
    return path


def _of_database(url: str, text: str, mark: str) -> Iterator[Engine]:
    database = create_engine(url)
    with database.connect() as connection, connection.begin():
        types = {"text": text, "bigint": "bigint"}
        columns = ", ".join(f"{one.name} {types[one.type]}" for one in ESSAI.columns)
        connection.exec_driver_sql(f"CREATE TEMP TABLE essai ({columns})")
        connection.exec_driver_sql(f"INSERT INTO essai VALUES ({', '.join([mark] * len(ESSAI.columns))})", list(ROWS))
        yield of(connection)
    database.dispose()


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Engine]:
    yield from _of_database("sqlite://", "text", "?")


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Engine]:
    with running() as server:
        address = server.create().replace("postgresql://", "postgresql+psycopg://")
        yield from _of_database(address, 'text COLLATE "C"', "%s")


@pytest.fixture(scope="module")
def duckdb(parquet: Path) -> Iterator[Engine]:
    engine = DuckdbEngine()
    engine.load({"essai": [parquet]})
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def spark(parquet: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = SparkEngine(os.environ.get("SPARK_REMOTE_TEST") or sail_server(), tmp_path_factory.mktemp("spark"))
    engine.load({"essai": [parquet]})
    yield engine
    engine.close()


@pytest.mark.parametrize("construct", CONSTRUCTS)
@pytest.mark.parametrize("name", ["sqlite", "postgresql", "duckdb", "spark"])
def test_a_construct_means_the_same_everywhere(name: str, construct: str, request: pytest.FixtureRequest) -> None:
    sql, said = CONSTRUCTS[construct]
    engine: Engine = request.getfixturevalue(name)
    assert [tuple(row.values()) for row in engine.rows(sql)] == said()


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_a_construct_is_one_that_the_linter_lets_through(construct: str) -> None:
    assert sql_linter.lint(CONSTRUCTS[construct][0]) == []


def test_each_function_that_the_linter_lets_through_is_tried() -> None:
    tried = {word for sql, _ in CONSTRUCTS.values() for word in re.findall(r"\b([A-Z_]+) ?\(", sql)}
    assert tried >= sql_linter.FUNCTIONS
