"""One month, four engines: the same SQL gives the same rows, in every stored relation and in every answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event

from fse.domain.reconciliation import statements
from fse.domain.reconciliation.relations import RELATIONS, STORED
from fse.domain.reconciliation.results import RESULTS
from fse.domain.reconciliation.schema import Relation
from fse.infra.engines import Engine, compute_all, of, prove_all
from fse.infra.engines.archive import load_archives, match
from fse.infra.engines.duckdb import DuckdbEngine
from fse.infra.engines.spark import SparkEngine
from tests.domain.reconciliation.world.values import CABINET, DAY, OTHER_CABINET
from tests.infra.engines.golden import SOURCES, entities, rows_of, world, write_archive
from tests.infra.engines.sail import sail_server
from tests.infra.journal.postgres_server import running

CABINETS = (CABINET, OTHER_CABINET)
TODAY = [(DAY + 20, 10)]

SPARK = pytest.param("spark", marks=pytest.mark.long)
"""A server of its own: slow to start."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("archive"))


def _transactional(url: str) -> Iterator[Engine]:
    """The engine of a database where the facts and the entities are plain tables."""
    database = create_engine(url)
    if url.startswith("sqlite"):
        event.listen(database, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = OFF"))
    with database.connect() as connection, connection.begin() as begun:
        schema = "TEMP " if url.startswith("postgresql") else ""
        for relation in (*SOURCES, *STORED):
            text = 'text COLLATE "C"' if url.startswith("postgresql") else "text"
            columns = ", ".join(f"{one.name} {text if one.type == 'text' else one.type}" for one in relation.columns)
            connection.exec_driver_sql(f"CREATE {schema}TABLE {relation.name} ({columns})")
        for relation in SOURCES:
            rows = rows_of(relation)
            if rows:
                table = ", ".join(relation.names)
                marks = ", ".join("?" if url.startswith("sqlite") else "%s" for _ in relation.columns)
                connection.exec_driver_sql(f"INSERT INTO {relation.name} ({table}) VALUES ({marks})", rows)
        for view in statements.views():
            connection.exec_driver_sql(f"CREATE TEMP VIEW {view.relation.name} AS\n{view.sql}")
        engine = of(connection)
        engine.ask(RELATIONS["perimetre"], [(cabinet,) for cabinet in CABINETS])
        compute_all(engine)
        prove_all(engine)
        yield engine
        begun.rollback()
    database.dispose()


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Engine]:
    yield from _transactional("sqlite://")


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Engine]:
    with running() as server:
        yield from _transactional(server.create().replace("postgresql://", "postgresql+psycopg://"))


@pytest.fixture(scope="module")
def duckdb(archive: Path) -> Iterator[Engine]:
    engine = DuckdbEngine()
    load_archives(engine, [archive], (relation.name for relation in entities()))
    match(engine, CABINETS)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def spark(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    remote = os.environ.get("SPARK_REMOTE_TEST") or sail_server()
    engine = SparkEngine(remote, tmp_path_factory.mktemp("spark"))
    load_archives(engine, [archive], (relation.name for relation in entities()))
    match(engine, CABINETS)
    yield engine
    engine.close()


Rows = Callable[[], list[tuple[Any, ...]]]


def _asked(engine: Engine) -> None:
    """Everything there is, on one day."""
    engine.ask(RELATIONS["parametre"], TODAY)
    engine.ask(RELATIONS["parametre_banque"], TODAY)
    engine.ask_from(RELATIONS["fichier_touche"], statements.query("fichiers_tous").sql)
    engine.ask_from(RELATIONS["bloc"], statements.query("blocs_tous").sql)


def _all(relation: Relation) -> str:
    return f"SELECT {', '.join(relation.names)} FROM {relation.name}"


def _rows(engine: Engine, sql: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row.values()) for row in engine.rows(sql)), key=repr)


@pytest.fixture(scope="module")
def expected() -> dict[str, list[tuple[Any, ...]]]:
    """What the world of the tests of matching holds and answers: its reference in Python agrees with it."""
    known = world()
    known.today(*TODAY[0])
    known.touch_all()
    known.ask_from("bloc", "blocs_tous")
    found = {relation.name: known.db.execute(_all(relation)).fetchall() for relation in STORED}
    for relation in RESULTS:
        found[relation.name] = [tuple(row.values()) for row in known.answer(relation.name)]
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


@pytest.mark.parametrize("name", ["sqlite", "postgresql", "duckdb", SPARK])
def test_an_engine_gives_the_rows_of_all_the_others(
    name: str, expected: dict[str, list[tuple[Any, ...]]], request: pytest.FixtureRequest
) -> None:
    engine: Engine = request.getfixturevalue(name)
    _asked(engine)
    different = []
    for relation in STORED:
        if _rows(engine, _all(relation)) != expected[relation.name]:
            different.append(relation.name)
    for relation in RESULTS:
        if _rows(engine, statements.query(relation.name).sql) != expected[relation.name]:
            different.append(relation.name)
    assert different == []


def test_the_month_leaves_no_relation_empty(expected: dict[str, list[tuple[Any, ...]]]) -> None:
    assert [name for name, rows in expected.items() if not rows] == []


@pytest.mark.parametrize("name", ["duckdb", SPARK])
def test_an_archive_keeps_its_relations_true_block_by_block(
    name: str, expected: dict[str, list[tuple[Any, ...]]], request: pytest.FixtureRequest
) -> None:
    """Computing some files and some blocks again changes nothing."""
    engine: Engine = request.getfixturevalue(name)
    engine.ask(RELATIONS["fichier_touche"], [(CABINET, "aa"), (CABINET, "aa"), (CABINET, "absent")])
    for computation in statements.received():
        engine.compute(computation)
    engine.ask(RELATIONS["bloc"], [(CABINET, 1, ""), (CABINET, 4, ""), (CABINET, 0, "aa")])
    for computation in statements.derived():
        engine.compute(computation)
    for relation in STORED:
        found = _rows(engine, _all(relation))
        assert found == expected[relation.name], relation.name


@pytest.mark.parametrize("name", ["duckdb", SPARK])
def test_an_archive_writes_what_it_matched(
    name: str, expected: dict[str, list[tuple[Any, ...]]], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    import pyarrow.parquet as pq

    engine = request.getfixturevalue(name)
    engine.write("etat_part", tmp_path / "etat_part.parquet")
    written = pq.read_table(tmp_path / "etat_part.parquet").to_pylist()
    assert sorted((tuple(row.values()) for row in written), key=repr) == expected["etat_part"]
