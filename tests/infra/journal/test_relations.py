"""What the matching sees of the facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import inspect

from fse.base.resources import read_sql
from fse.domain.reconciliation import statements
from fse.domain.reconciliation.relations import INDEXES, RELATIONS
from fse.domain.reconciliation.schema import Role
from fse.infra.engines import of
from fse.infra.journal import EntityTables, Journal, Reading
from fse.infra.journal.dialects import Place
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
    on_sqlite,
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
            "remplacant": "",
            "remplacee_par": 0,
            "racine": 0,
            "en_route": 0,
            "accuse": "",
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
        assert emitted(transaction) == {1: in_a_lot | {"emise_le": TODAY + 40, "en_route": 1}}
        mark_written(transaction, "000001", TODAY + 1)
        assert emitted(transaction) == {1: in_a_lot | {"emise_le": TODAY + 1, "en_route": 1}}


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


@on_sqlite
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


def test_what_the_practice_declares_of_itself_is_known_once(journal: Journal) -> None:
    first = {"prestataire": PRESTATAIRE, "premier_numero": 0, "dernier_numero": 0}
    second = {"prestataire": "009999995", "premier_numero": 1, "dernier_numero": 500}
    mandat = {"beneficiaire": PRESTATAIRE, "prestataire": "009999995"}
    with journal.transaction(NOW) as transaction:
        run = transaction.connection
        assert relations.undeclared(run, CABINET, [first], [])
        relations.declare(run, CABINET, [first], [])
        relations.declare(run, CABINET, [first, second], [mandat])
        assert not relations.undeclared(run, CABINET, [first, second], [mandat])
        moved = second | {"dernier_numero": 900}
        assert relations.undeclared(run, CABINET, [moved], [])
        relations.declare(run, CABINET, [moved], [])
        known = run.exec_driver_sql("SELECT prestataire, dernier_numero FROM prestataire ORDER BY prestataire").all()
        assert known == [(PRESTATAIRE, 0), ("009999995", 900)]


def test_what_identifiers_read_as_is_added_once(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        run = transaction.connection
        relations.add_identifiants(run, CABINET, {"001234561     ": PRESTATAIRE, "": ""})
        relations.add_identifiants(run, CABINET, {"": "", "12": ""})
        relations.add_identifiants(run, CABINET, {})
        assert run.exec_driver_sql("SELECT brut, prestataire FROM identifiant ORDER BY 1").all() == [
            ("", ""),
            ("001234561     ", PRESTATAIRE),
            ("12", ""),
        ]


@pytest.fixture
def whole(place: Place) -> Iterator[Journal]:
    """A journal as the operations make it: with the shipped returns and the views of the matching."""
    entities = [EntityTables("noemie", load_edition("noemie", "ps-2007").layouts.values())]
    views = {computation.relation.name: computation.sql for computation in statements.views()}
    with Journal.create(place, CABINET, CLE, "T", NOW, entites=entities, vues=views) as journal:
        yield journal


def test_the_relations_are_those_of_the_matching(whole: Journal) -> None:
    kept = [one for one in RELATIONS.values() if one.role not in (Role.DEMANDE, Role.RESULTAT)]
    with whole.reading() as reading:
        database = inspect(reading.connection)
        for relation in kept:
            columns = tuple(column["name"] for column in database.get_columns(relation.name))
            assert set(relation.names) <= set(columns)
            if relation.role is not Role.FAIT:  # the matching fills or replaces it, and must know all of it
                assert columns == relation.names
            if relation.role in (Role.RECUE, Role.DERIVEE):
                assert tuple(database.get_pk_constraint(relation.name)["constrained_columns"]) == relation.key
    assert len(kept) > 20


def test_the_indexes_are_those_of_the_matching(whole: Journal) -> None:
    with whole.reading() as reading:
        database = inspect(reading.connection)
        for index in INDEXES:
            found = [tuple(one["column_names"]) for one in database.get_indexes(index.relation)]
            assert index.expressions in found


@on_sqlite
@pytest.mark.parametrize("name", [computation.relation.name for computation in statements.derived()])
def test_from_the_first_day_a_block_is_computed_without_reading_the_others(whole: Journal, name: str) -> None:
    (sql,) = (computation.sql for computation in statements.derived() if computation.relation.name == name)
    with whole.transaction(NOW) as transaction:
        engine = of(transaction.connection)
        engine.ask(RELATIONS["bloc"], [(CABINET, 1, "")])
        program = engine.rows(f"EXPLAIN {sql}")
    stored = {step["p1"] for step in program if step["opcode"] == "OpenRead" and step["p3"] == 0}
    assert stored
    assert [step for step in program if step["opcode"] in ("Rewind", "Last") and step["p1"] in stored] == []


def test_the_matching_brings_its_views(place: Place) -> None:
    views = {"une": "-- note\nSELECT numero FROM facture_emise;\n", "deux": "SELECT numero FROM une"}
    with Journal.create(place, CABINET, CLE, "T", NOW, vues=views) as journal, journal.transaction(NOW) as transaction:
        secure(transaction, 4)
        assert transaction.connection.exec_driver_sql("SELECT numero FROM deux").scalars().all() == [4]
        relations.create_view(transaction.connection, "deux", "SELECT 1 AS un")
        assert transaction.connection.exec_driver_sql("SELECT un FROM deux").scalars().all() == [1]
        with pytest.raises(ValueError, match="name"):
            relations.create_view(transaction.connection, "x; DROP TABLE facture", "SELECT 1")
