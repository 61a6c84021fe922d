"""What every engine promises of its methods, on the smallest relations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import create_engine

from fse.domain.reconciliation.relations import RELATIONS
from fse.domain.reconciliation.statements import Computation
from fse.infra.engines import Engine, of
from fse.infra.engines.duckdb import DuckdbEngine

BLOCK, FILES, STATES = RELATIONS["bloc"], RELATIONS["fichier_touche"], RELATIONS["etat_facture"]
FROM_BLOCK = Computation(
    STATES,
    "SELECT b.cabinet, 'p' AS prestataire, b.numero, 'soldee' AS etat, 0 AS remplacee_par, 0 AS racine FROM bloc b"
    " WHERE b.numero < 9",
)
EVERY_STATE = "SELECT numero, etat FROM etat_facture ORDER BY numero"


@pytest.fixture(params=["sqlite", "duckdb"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine whose relation of states holds the invoices 1 and 2, rejected."""
    names = ", ".join(STATES.names)
    rows = f"({names}) VALUES ('c', 'p', 1, 'a_traiter', 0, 0), ('c', 'p', 2, 'a_traiter', 0, 0)"
    if request.param == "duckdb":
        duckdb = DuckdbEngine()
        duckdb.make_stored(STATES)
        duckdb._connection.execute(f"INSERT INTO etat_facture {rows}")
        yield duckdb
        duckdb.close()
        return
    with create_engine("sqlite://").connect() as connection:
        connection.exec_driver_sql(f"CREATE TABLE etat_facture ({', '.join(STATES.names)})")
        connection.exec_driver_sql(f"INSERT INTO etat_facture {rows}")
        yield of(connection)


def test_what_is_asked_is_held_once_and_replaced(engine: Engine) -> None:
    engine.ask(FILES, [("c", "b"), ("c", "a"), ("c", "b")])
    assert engine.rows("SELECT fichier FROM fichier_touche ORDER BY fichier") == [{"fichier": "a"}, {"fichier": "b"}]
    engine.ask(FILES, [])
    assert engine.rows("SELECT fichier FROM fichier_touche") == []


def test_a_select_can_say_what_is_asked(engine: Engine) -> None:
    engine.ask_from(BLOCK, "SELECT cabinet, numero, '' AS hors_numero FROM etat_facture")
    assert [row["numero"] for row in engine.rows("SELECT numero FROM bloc ORDER BY numero")] == [1, 2]


def test_computing_replaces_what_is_asked_and_nothing_else(engine: Engine) -> None:
    engine.ask(BLOCK, [("c", 2, ""), ("c", 3, ""), ("c", 9, "")])
    engine.compute(FROM_BLOCK)
    once = engine.rows(EVERY_STATE)
    assert [tuple(row.values()) for row in once] == [(1, "a_traiter"), (2, "soldee"), (3, "soldee")]
    engine.compute(FROM_BLOCK)
    assert engine.rows(EVERY_STATE) == once


def test_computing_deletes_what_the_select_does_not_give_any_more(engine: Engine) -> None:
    engine.ask(BLOCK, [("c", 1, "")])
    engine.compute(Computation(STATES, f"{FROM_BLOCK.sql} AND b.numero > 9"))
    assert [row["numero"] for row in engine.rows(EVERY_STATE)] == [2]


def test_asking_for_nothing_computes_nothing(engine: Engine) -> None:
    engine.ask(BLOCK, [])
    engine.compute(FROM_BLOCK)
    assert [row["etat"] for row in engine.rows(EVERY_STATE)] == ["a_traiter", "a_traiter"]


def test_duckdb_orders_compares_and_gives_back_the_texts_of_an_archive(tmp_path: Path) -> None:
    """They are enumerations there: the order is that of bytes, '' is one of them, and what is asked may be unknown."""
    path, written = tmp_path / "mandat.parquet", tmp_path / "ecrit.parquet"
    cabinets = ["é", "b", "B", "10", "9", ""]
    pq.write_table(pa.table({"cabinet": cabinets, "beneficiaire": ["p"] * 6, "prestataire": ["q"] * 6}), path)
    engine = DuckdbEngine()
    engine.load({"mandat": [path]})
    found = [row["cabinet"] for row in engine.rows("SELECT cabinet FROM mandat ORDER BY cabinet DESC")]
    assert found == sorted(cabinets, key=str.encode, reverse=True)
    assert engine.rows("SELECT MAX(cabinet) AS c FROM mandat WHERE cabinet <> '' AND cabinet < 'b'") == [{"c": "B"}]
    assert engine.rows("SELECT cabinet FROM mandat WHERE beneficiaire = prestataire") == []
    engine.ask(RELATIONS["perimetre"], [("inconnu",), ("9",)])
    joined = "SELECT m.cabinet FROM perimetre q JOIN mandat m ON m.cabinet = q.cabinet"
    assert engine.rows(joined) == [{"cabinet": "9"}]
    engine.write("mandat", written)
    engine.close()
    assert pq.read_table(written).column("cabinet").to_pylist() == cabinets


def test_duckdb_holds_the_rows_of_a_slice_in_the_memory_it_was_given(tmp_path: Path) -> None:
    path, disk = tmp_path / "mandat.parquet", tmp_path / "disque"
    numbers = [f"{one:09d}" for one in range(300_000)]
    pq.write_table(pa.table({"cabinet": numbers, "beneficiaire": numbers, "prestataire": ["q"] * 300_000}), path)
    engine = DuckdbEngine(coeurs=1, memoire=64 << 20, temporaire=disk)
    assert engine.rows("SELECT current_setting('threads') AS c") == [{"c": 1}]
    engine.load({"mandat": [path]}, ("000000001", "000200000"))
    path.unlink()
    assert engine.rows("SELECT COUNT(*) AS n FROM mandat") == [{"n": 200_000}]
    numbered = (
        "SELECT cabinet || beneficiaire || cabinet AS t, ROW_NUMBER() OVER (ORDER BY beneficiaire DESC) FROM mandat"
    )
    assert engine.rows(f"SELECT COUNT(DISTINCT n.t) AS n FROM ({numbered}) n") == [{"n": 200_000}]
    engine.close()
    assert not disk.exists() or not list(disk.iterdir())
