"""What the matching sees of the facts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from fse.base.resources import read_sql
from fse.domain.reconciliation import statements
from fse.domain.reconciliation.relations import INDEXES, RELATIONS
from fse.domain.reconciliation.schema import Relation, Role
from fse.infra.engines import sqlite
from fse.infra.journal import EntityTables, Journal, Reading
from fse.infra.journal.facts import lots
from fse.infra.journal.schema import relations
from fse.norm.layout import load_edition
from tests.infra.journal.facts import (
    CABINET,
    CLE,
    NOW,
    PRESTATAIRE,
    TODAY,
    cancel,
    freeze_file,
    make_lot,
    mark_written,
    secure,
)
from tests.oracles import sql_linter


def emitted(reading: Reading) -> dict[int, dict[str, Any]]:
    rows = reading.connection.exec_driver_sql("SELECT * FROM facture_emise").mappings()
    return {row["numero"]: dict(row) for row in rows}


def test_an_invoice_from_its_securing_to_its_file(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1)
        waiting = {
            "cabinet": CABINET,
            "prestataire": PRESTATAIRE,
            "numero": 1,
            "mode": "S",
            "attend_amo": 1,
            "attend_amc": 0,
            "demande_amo": 1855,
            "demande_amc": 0,
            "date_facture": TODAY,
            "securisee_le": TODAY,
            "numero_lot": 0,
            "date_lot": 0,
            "emise_le": 0,
            "annulee": 0,
            "organisme": "010",
        }
        assert emitted(transaction) == {1: waiting}
        key = make_lot(transaction, 5, [1])
        in_a_lot = waiting | {"numero_lot": 5, "date_lot": TODAY}
        assert emitted(transaction) == {1: in_a_lot}
        lots.sign(transaction, key, b"cms")
        freeze_file(transaction, "000001", [key])
        freeze_file(transaction, "000002", [key])
        assert emitted(transaction) == {1: in_a_lot}
        mark_written(transaction, "000002", TODAY + 40)
        assert emitted(transaction) == {1: in_a_lot | {"emise_le": TODAY + 40}}
        mark_written(transaction, "000001", TODAY + 1)
        assert emitted(transaction) == {1: in_a_lot | {"emise_le": TODAY + 1}}


def test_a_void_lot_is_no_lot(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1)
        secure(transaction, 2)
        make_lot(transaction, 5, [1, 2])
        cancel(transaction, 1)
        seen = {numero: (row["numero_lot"], row["annulee"]) for numero, row in emitted(transaction).items()}
        assert seen == {1: (0, 1), 2: (0, 0)}
        make_lot(transaction, 6, [2])
        assert emitted(transaction)[2]["numero_lot"] == 6


def test_facts_of_one_invoice_are_looked_up_not_scanned(journal: Journal) -> None:
    with journal.reading() as reading:
        plan = reading.connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT * FROM facture_emise WHERE cabinet = 'c' AND prestataire = 'p' AND numero = 1"
        ).mappings()
        steps = [row["detail"] for row in plan]
    assert [step for step in steps if "SCAN" in step or "MATERIALIZE" in step or "AUTOMATIC" in step] == []


@pytest.mark.parametrize("name", relations.OWN_VIEWS)
def test_the_views_keep_to_the_portable_subset(name: str) -> None:
    assert sql_linter.lint(read_sql("fse.infra.journal.schema", name)) == []


def test_prestataires_and_identifiers_are_added_once(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        run = transaction.connection
        relations.add_prestataires(run, CABINET, [PRESTATAIRE, PRESTATAIRE])
        relations.add_prestataires(run, CABINET, [PRESTATAIRE, "009999995"])
        relations.add_prestataires(run, CABINET, [])
        relations.add_identifiants(run, {"001234561     ": PRESTATAIRE, "": ""})
        relations.add_identifiants(run, {"": "", "12": ""})
        relations.add_identifiants(run, {})
        assert run.exec_driver_sql("SELECT prestataire FROM prestataire ORDER BY 1").scalars().all() == [
            PRESTATAIRE,
            "009999995",
        ]
        assert run.exec_driver_sql("SELECT brut, prestataire FROM identifiant ORDER BY 1").all() == [
            ("", ""),
            ("001234561     ", PRESTATAIRE),
            ("12", ""),
        ]


@pytest.fixture
def whole(path: Path) -> Iterator[Journal]:
    """A journal as the operations make it: with the shipped returns and the views of the matching."""
    entities = [EntityTables("noemie", load_edition("noemie", "ps-2007").layouts.values())]
    views = {computation.relation.name: computation.sql for computation in statements.views()}
    with Journal.create(path, CABINET, CLE, "T", NOW, entites=entities, vues=views) as journal:
        yield journal


@pytest.mark.parametrize(
    "relation",
    [one for one in RELATIONS.values() if one.role in (Role.FAIT, Role.VUE, Role.DERIVEE)],
    ids=lambda one: one.name,
)
def test_the_relations_are_those_of_the_matching(whole: Journal, relation: Relation) -> None:
    with whole.reading() as reading:
        database = inspect(reading.connection)
        assert tuple(column["name"] for column in database.get_columns(relation.name)) == relation.names
        if relation.role is Role.DERIVEE:
            assert tuple(database.get_pk_constraint(relation.name)["constrained_columns"]) == relation.key


def test_the_indexes_are_those_of_the_matching(whole: Journal) -> None:
    with whole.reading() as reading:
        found = reading.connection.exec_driver_sql("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'index'").all()
    for index in INDEXES:
        assert any(table == index.relation and all(term in sql for term in index.expressions) for table, sql in found)


@pytest.mark.parametrize("name", ["appariement", "residu"])
def test_from_the_first_day_a_block_is_computed_without_reading_the_others(whole: Journal, name: str) -> None:
    (sql,) = (computation.sql for computation in statements.derived() if computation.relation.name == name)
    with whole.transaction(NOW) as transaction:
        sqlite.set_blocks(transaction.connection, [(CABINET, PRESTATAIRE, 1)])
        plan = [row["detail"] for row in sqlite.rows(transaction.connection, f"EXPLAIN QUERY PLAN {sql}")]
    assert [step for step in plan if step.startswith(("SCAN", "MATERIALIZE")) or "AUTOMATIC" in step] == ["SCAN b"]


def test_the_matching_brings_its_views(path: Path) -> None:
    views = {"une": "-- note\nSELECT numero FROM facture_emise;\n", "deux": "SELECT numero FROM une"}
    with Journal.create(path, CABINET, CLE, "T", NOW, vues=views) as journal, journal.transaction(NOW) as transaction:
        secure(transaction, 4)
        assert transaction.connection.exec_driver_sql("SELECT numero FROM deux").scalars().all() == [4]
        relations.create_view(transaction.connection, "deux", "SELECT 1 AS un")
        assert transaction.connection.exec_driver_sql("SELECT un FROM deux").scalars().all() == [1]
        with pytest.raises(ValueError, match="name"):
            relations.create_view(transaction.connection, "x; DROP TABLE facture", "SELECT 1")
