"""The SQL, the schema and the vocabulary say the same thing: columns, keys, names of policies, residues and states."""

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from fse.domain.reconciliation import life_cycle, policies, relations, statements
from fse.domain.reconciliation.schema import ASKED_BY, Relation, Role, make_relation
from fse.norm.model.saisie import MODES_SANS_LOT
from tests.domain.reconciliation.world.bank import one_movement
from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.values import (
    Entry,
    Explain,
    Facture,
    File,
    Line,
    Lump,
    Movement,
    Transfer,
    paid,
    rejected,
    returned,
)
from tests.oracles.sql_linter import lint

FOLDERS = ("vue", "recue", "derivee", "prouvee", "resultat")
SQL = {
    node.name.removesuffix(".sql"): node.read_text(encoding="utf-8")
    for folder in FOLDERS
    for node in files("fse.domain.reconciliation").joinpath(folder).iterdir()
    if node.name.endswith(".sql")
}
WRITTEN = [*relations.VIEWS, *relations.STORED, *relations.RESULTS]


def names_of(*relations_: Relation) -> list[str]:
    return [relation.name for relation in relations_]


def test_every_sql_file_has_its_relation() -> None:
    assert sorted(names_of(*WRITTEN)) == sorted(SQL)


@pytest.mark.parametrize("name", sorted(SQL))
def test_sql_is_of_the_portable_subset(name: str) -> None:
    assert lint(SQL[name]) == []


@pytest.fixture(scope="module")
def everything() -> Iterator[World]:
    """A world where every relation has a row."""
    world = World()
    paid_twice, wrong = Line(7, paid(1400), rejected(1), rejets=(("0250", "F", "C", None),)), Line(99, paid(3))
    moved = {"forfaits": (Lump(5),), "mouvements": (Movement(5),)}
    nameless = Line(None, paid(1500), nir="n1")
    world.hold(
        [
            Facture(7, nir="n1"),
            Facture(8, remplace=7),
            Facture(9, emise_le=0, lot=(0, 0)),
            Facture(10, nir="n1"),
            File("f1", (Transfer((paid_twice, wrong), **moved),)),
            File("f2", (Transfer((Line(8, paid(1500)), nameless)),), generation=576),
            returned("f3", nameless),
            Entry(1, 8, "AMO", 100),
            Explain(2, "IND42", 7),
        ]
    )
    one_movement(world)
    world.touch_all()
    yield world
    world.close()


@pytest.mark.parametrize("relation", WRITTEN, ids=names_of(*WRITTEN))
def test_sql_gives_the_columns_of_its_relation_and_a_unique_key(everything: World, relation: Relation) -> None:
    cursor = everything.db.execute(SQL[relation.name])
    assert tuple(column[0] for column in cursor.description) == relation.names
    rows = cursor.fetchall()
    assert rows
    keys = [tuple(row[relation.names.index(name)] for name in relation.key) for row in rows]
    assert len(set(keys)) == len(keys)
    for row in rows:
        for column, value in zip(relation.columns, row, strict=True):
            assert isinstance(value, str if column.type == "text" else int) or (value is None and column.nullable)


def test_roles_say_what_is_stored() -> None:
    assert {relation.role for relation in relations.RELATIONS.values()} == set(Role)
    assert len(relations.RELATIONS) == len([*relations.FACTS, *relations.ASKED, *WRITTEN])


def test_statements_come_after_what_they_read() -> None:
    for steps in (statements.views(), (*statements.received(), *statements.derived(), *statements.proved())):
        order = names_of(*(step.relation for step in steps))
        for place, name in enumerate(order):
            read = set(re.findall(r"(?:FROM|JOIN) (\w+)", SQL[name]))
            assert read.isdisjoint(order[place:]), name


@pytest.mark.parametrize("relation", relations.STORED, ids=names_of(*relations.STORED))
def test_stored_rows_can_be_forgotten_by_what_is_asked(relation: Relation) -> None:
    asked = relations.RELATIONS[ASKED_BY[relation.role]]
    assert set(asked.key) & set(relation.names) >= {"cabinet"}
    assert set(asked.key) & set(relation.names) > {"cabinet"}


def test_unknown_query_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        statements.query("appariement")


def test_policies_and_residues_are_those_of_the_sql() -> None:
    written = set(re.findall(r"'(\w+)'", SQL["appariement"]))
    assert written == {policy.nom for policy in policies.POLICIES}
    assert re.findall(r"(?:THEN|ELSE) '(\w+)'", SQL["residu"]) == [residue.nom for residue in policies.RESIDUES]


def test_paper_modes_are_those_of_the_sql() -> None:
    assert tuple(re.findall(r"'(\w+)'", SQL["facture_suivie"])) == MODES_SANS_LOT


def test_states_are_those_of_the_sql() -> None:
    written = set(re.findall(r"(?:THEN|ELSE) '(\w+)'", SQL["etat_part"]))
    assert written | set(life_cycle.FORCED) == set(life_cycle.PART)
    assert set(re.findall(r"(?:THEN|ELSE) '(\w+)'", SQL["etat_facture"])) == set(life_cycle.FACTURE)


def test_worklist_names_every_unsettled_state_and_every_residue() -> None:
    unsettled = {state.nom for state in life_cycle.PART.values() if not state.final}
    residues = {residue.nom for residue in policies.RESIDUES}
    assert set(life_cycle.TASKS) >= unsettled | residues | {"a_emettre"}
    named = set(re.findall(r"'(\w+)'", SQL["suivi"]))
    said_of_days = {"creance_a_contester"}  # by the application: two civil months are no matter of SQL
    of_bank = set(re.findall(r"'(\w+)'", SQL["virements_banque"] + SQL["mouvements_banque"]))
    assert set(life_cycle.TASKS) - unsettled - residues - said_of_days - of_bank <= named


def test_bank_policies_and_residues_are_those_of_the_sql() -> None:
    written = set(re.findall(r"'(\w+)' AS politique|(?:THEN|ELSE) '(\w+)'", SQL["rapprochement_bancaire"]))
    assert {one or other for one, other in written} - {"ambigue"} == {one.nom for one in policies.BANK_POLICIES}
    for query, residues in (
        ("virements_banque", policies.TRANSFER_RESIDUES),
        ("mouvements_banque", policies.MOVEMENT_RESIDUES),
    ):
        assert re.findall(r"(?:THEN|ELSE) '(\w+)'", SQL[query]) == [residue.nom for residue in residues]
        assert all(residue.action == "" or residue.action.endswith(".") for residue in residues)


def test_an_unsettled_state_says_what_to_do() -> None:
    for state in (*life_cycle.PART.values(), *life_cycle.FACTURE.values()):
        assert state.libelle
        assert bool(state.action) is not state.final
    assert all(task.action.endswith(".") for task in life_cycle.TASKS.values())
    assert all(residue.action.endswith(".") for residue in policies.RESIDUES)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("payee", "payee_moins", True),
        ("payee", "rejetee", True),
        ("payee_plus", "payee", False),
        ("payee_moins", "payee", False),
        ("attendue", "rejetee", False),
        ("differee", "payee", False),
    ],
)
def test_setbacks_of_a_part(before: str, after: str, expected: bool) -> None:
    assert life_cycle.worsens(life_cycle.PART, before, after) is expected


def test_worse_states_exist() -> None:
    for states in (life_cycle.PART, life_cycle.FACTURE):
        assert all(state.worse <= set(states) - {state.nom} for state in states.values())


@pytest.mark.parametrize(
    ("columns", "key"), [("cabinet varchar", ""), ("cabinet text absent", ""), ("rang bigint null", "rang")]
)
def test_a_relation_that_lies_is_refused(columns: str, key: str) -> None:
    with pytest.raises(ValueError, match="relation essai"):
        make_relation("essai", Role.FAIT, columns, key)
