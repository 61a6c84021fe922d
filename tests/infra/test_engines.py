"""Portable SQL on SQLite: blocks are replaced, the others stay; parameters are one row; nothing else is touched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine

from fse.infra.engines import sqlite

STATE = """
WITH paid AS (
    SELECT r.cabinet, r.prestataire, r.numero, CAST(SUM(r.paye) AS BIGINT) AS paye
    FROM retour AS r
    INNER JOIN bloc AS b ON b.cabinet = r.cabinet AND b.prestataire = r.prestataire AND b.numero = r.numero
    GROUP BY r.cabinet, r.prestataire, r.numero
)
SELECT p.paye, p.cabinet, p.prestataire, p.numero FROM paid AS p;
"""
ALL = "SELECT cabinet, prestataire, numero, paye FROM etat ORDER BY cabinet, prestataire, numero"


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE retour (cabinet TEXT, prestataire TEXT, numero INTEGER, paye INTEGER)")
        connection.exec_driver_sql(
            "CREATE TABLE etat (cabinet TEXT, prestataire TEXT, numero INTEGER, paye INTEGER, "
            "PRIMARY KEY (cabinet, prestataire, numero))"
        )
        yield connection
    engine.dispose()


def pay(connection: Connection, numero: int, paye: int) -> None:
    connection.exec_driver_sql("INSERT INTO retour VALUES ('c', 'p', ?, ?)", (numero, paye))


def test_rows_come_by_name(connection: Connection) -> None:
    assert sqlite.rows(connection, "SELECT 1 AS un, 'x' AS deux") == [{"un": 1, "deux": "x"}]
    assert sqlite.rows(connection, "SELECT numero FROM etat") == []


def test_the_touched_blocks_are_replaced_and_no_other(connection: Connection) -> None:
    pay(connection, 1, 100)
    pay(connection, 2, 200)
    sqlite.set_blocks(connection, [("c", "p", 1), ("c", "p", 2), ("c", "p", 1)])
    sqlite.refresh(connection, "etat", STATE)
    pay(connection, 1, 50)
    pay(connection, 2, 50)
    sqlite.set_blocks(connection, [("c", "p", 1), ("c", "p", 9)])
    sqlite.refresh(connection, "etat", STATE)
    assert [row["paye"] for row in sqlite.rows(connection, ALL)] == [150, 200]


def test_a_block_that_gives_nothing_any_more_loses_its_rows(connection: Connection) -> None:
    pay(connection, 1, 100)
    sqlite.set_blocks(connection, [("c", "p", 1)])
    sqlite.refresh(connection, "etat", STATE)
    connection.exec_driver_sql("DELETE FROM retour")
    sqlite.refresh(connection, "etat", STATE)
    assert sqlite.rows(connection, ALL) == []


def test_without_blocks_nothing_is_touched(connection: Connection) -> None:
    pay(connection, 1, 100)
    sqlite.set_blocks(connection, [])
    sqlite.refresh(connection, "etat", STATE)
    assert sqlite.rows(connection, ALL) == []


def test_refreshing_twice_changes_nothing(connection: Connection) -> None:
    pay(connection, 1, 100)
    sqlite.set_blocks(connection, [("c", "p", 1)])
    sqlite.refresh(connection, "etat", STATE)
    once = sqlite.rows(connection, ALL)
    sqlite.refresh(connection, "etat", STATE)
    assert sqlite.rows(connection, ALL) == once == [{"cabinet": "c", "prestataire": "p", "numero": 1, "paye": 100}]


def test_files_are_a_relation_that_can_change(connection: Connection) -> None:
    for files in ([("c", "a"), ("c", "b"), ("c", "a")], [("c", "d")], []):
        sqlite.set_files(connection, files)
        found = sqlite.rows(connection, "SELECT cabinet, fichier FROM fichier_touche ORDER BY fichier")
        assert [(row["cabinet"], row["fichier"]) for row in found] == sorted(set(files))


def test_parameters_are_one_row_that_can_change(connection: Connection) -> None:
    for parameters in ({"aujourd_hui": 20514, "delai": 10}, {"aujourd_hui": 20515}):
        sqlite.set_parameters(connection, parameters)
        assert sqlite.rows(connection, "SELECT * FROM parametre") == [parameters]


def test_the_blocks_are_found_by_the_key_of_the_table(connection: Connection) -> None:
    sqlite.set_blocks(connection, [])
    plan = sqlite.rows(
        connection,
        "EXPLAIN QUERY PLAN DELETE FROM etat WHERE (cabinet, prestataire, numero) IN "
        "(SELECT cabinet, prestataire, numero FROM temp.bloc)",
    )
    assert any("SEARCH etat USING INDEX" in step["detail"] for step in plan)


@pytest.mark.parametrize("name", ["etat; DROP TABLE retour", "", "1", "Etat"])
def test_names_are_names(connection: Connection, name: str) -> None:
    sqlite.set_blocks(connection, [])
    with pytest.raises(ValueError, match="name"):
        sqlite.refresh(connection, name, STATE)
    with pytest.raises(ValueError, match="name"):
        sqlite.set_parameters(connection, {name: 1})
