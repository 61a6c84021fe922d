"""Every case of `fixtures/rapprochement/`, on its files: what the practice must know after it, line by line.

`attendu.toml` is worked out by hand from the story; what a case holds is in `fixtures/rapprochement/README.md`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fse.app.operations.clock import now
from fse.app.operations.states import rebuild
from fse.app.operations.suivi import Suivi, suivi
from fse.domain.reconciliation.relations import STORED
from tests.app.emitted import derived, rows
from tests.conformance.make_matching_cases import common_visits, own_visits, recipes_of
from tests.conformance.matching_cases import MatchingCase, load_matching_cases, parse_matching_case
from tests.conformance.matching_play import Played, play, replay, simulated
from tests.conformance.matching_tables import (
    expected_debts,
    expected_invoices,
    expected_line,
    expected_tasks,
    found_debts,
    found_invoices,
    found_lines,
    found_rejects,
    found_tasks,
    found_transfers,
    same_keys,
)
from tests.each import each
from tests.oracles import noemie_oracle

CASES = {case.name: case for case in load_matching_cases()}
BOOKED = "recu"


def booked(case: MatchingCase) -> list[Any]:
    return [one for one in case.attendu["fichier"] if one["verdict"] == BOOKED]


# --- the case itself


@each("case", CASES)
def test_the_inputs_are_what_their_recipes_give(case: MatchingCase) -> None:
    """When this fails after a recipe changed: `python -m tests.conformance.make_matching_cases`."""
    for path, content in (*common_visits(), *own_visits(case), *recipes_of(case)):
        assert path.read_bytes() == content


@each("case", CASES)
def test_what_is_expected_adds_up_by_itself(case: MatchingCase) -> None:
    """Without `fse`: the transfers by the oracle, each line in one place, money in equal to money explained."""
    assert [one["nom"] for one in case.attendu["fichier"]] == [step.what for step in case.received()]
    entered = sum(part.get("saisi", 0) for one in case.attendu["facture"] for part in (one["amo"], one["amc"]))
    explained = sum(part["paye"] for one in case.attendu["facture"] for part in (one["amo"], one["amc"])) - entered
    for one in booked(case):
        lines, transfers = one["lignes"], one["virements"]
        content = case.bytes_of(one["nom"])
        assert noemie_oracle.wrong_controls(content) == []
        assert [each["montant"] for each in transfers] == list(announced(content))
        for transfer in transfers:
            parts = transfer["rapproche"] + transfer["residu"] + transfer["forfaits"] - transfer["retenues"]
            assert transfer["montant"] == parts
            assert sum(transfer.get("repartition", {"": parts}).values()) == parts
        matched = sum(line["verse"] for line in lines if "facture" in line)
        assert sum(each["rapproche"] for each in transfers) == matched
        assert sum(each["residu"] for each in transfers) == sum(line["verse"] for line in lines) - matched
        explained -= matched
    assert explained == 0


def announced(content: bytes) -> Iterator[int]:
    """The sum that each 990 states, in either generation."""
    for entity in noemie_oracle.unwrap(content):
        if noemie_oracle.entity_type(entity) == "990":
            texts = noemie_oracle.cut(entity)
            yield int(texts["somme"]) * (-1 if texts["signe_somme"] == "N" else 1)


@each("case", CASES)
def test_a_case_tells_its_story(case: MatchingCase) -> None:
    document = tomllib.loads((case.folder / "cas.toml").read_text(encoding="utf-8"))
    assert document["source"].startswith("synthétique, écrite pour fse ; cas : ")
    assert len(document["histoire"]) > 30
    assert len(document["reconnu"]) > 30
    assert document["normes"]
    used = {step.what for step in case.etapes if isinstance(step.what, str)}
    used |= {step.what["releve"] for step in case.etapes if step.kind == "saisit"}
    kept = {"cas.toml", "attendu.toml", case.cabinet, case.scenario, *used}
    assert {path.name for path in case.folder.iterdir()} <= kept


@each("case", CASES)
def test_nobody_is_in_the_files(case: MatchingCase) -> None:
    for name in {step.what for step in case.received()}:
        for entity in noemie_oracle.unwrap(case.bytes_of(name)):
            texts = noemie_oracle.cut(entity)
            assert texts.get("marque", "T") == "T"
            assert texts.get("nir", "").strip()[10:] in ("", "000")
            for field in ("lieu_execution", "beneficiaire_reglement", "mandataire", "executant"):
                number = texts.get(field, "").strip()
                assert number[:2] == "00" or case.name == "prestataire-illisible" or not number


# --- what comes of it


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_expected_comes_of_it(case: MatchingCase, tmp_path: Path) -> None:
    """The case played once, and all that it expects."""
    played = play(case, tmp_path / "cabinet")
    with played.practice:
        assert_simulated(case, played)
        assert_receptions(case, played)
        assert_worklists(case, played)
        last = played.worklists[len(case.etapes)]
        assert_files(case, played, last)
        assert found_invoices(played) == expected_invoices(case)
        assert found_debts(last) == expected_debts(case)


def assert_simulated(case: MatchingCase, played: Played) -> None:
    """The files are what the simulator answers, each from what had left when it came, on the day on which it came."""
    for step, sent in played.sent:
        if step.what in case.of_simulator():
            assert case.bytes_of(step.what) == simulated(case, step, sent)


def assert_receptions(case: MatchingCase, played: Played) -> None:
    found = [
        {
            "nom": name,
            "verdict": one.verdict,
            "motif": one.motif,
            "constats": [each.code for each in one.constats if each.code.startswith("reception.")],
        }
        for name, one in played.receptions
    ]
    assert found == [
        {"motif": None, "constats": []} | {key: one[key] for key in one if key in found[0]}
        for one in case.attendu["fichier"]
    ]


def assert_files(case: MatchingCase, played: Played, last: Suivi) -> None:
    """Each line, transfer and reject ends where it should; `last` is the worklist of the last day."""
    for one in booked(case):
        assert found_lines(played, one["nom"]) == [expected_line(line) for line in one["lignes"]]
        assert found_rejects(played, one["nom"]) == [dict(each) for each in one.get("rejets", ())]
        transfers = found_transfers(played, one["nom"], last)
        assert len(transfers) == len(one["virements"])
        assert [same_keys(*pair) for pair in zip(one["virements"], transfers, strict=True)] == [
            dict(each) for each in one["virements"]
        ]
    assert len(last.virements) == sum(len(one["virements"]) for one in booked(case))


def assert_worklists(case: MatchingCase, played: Played) -> None:
    assert sorted(played.worklists) == [one["etape"] for one in case.attendu["suivi"]]
    assert case.attendu["suivi"][-1]["etape"] == len(case.etapes)
    for one in case.attendu["suivi"]:
        found = played.worklists[one["etape"]]
        assert found_tasks(found) == expected_tasks(one)
        assert [each.motif for each in found.ecartes] == list(one.get("ecartes", ()))


@pytest.mark.long
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_files_reversed_and_twice_end_in_the_same_and_so_does_a_rebuild(case: MatchingCase, tmp_path: Path) -> None:
    again = replay(case, tmp_path / "cabinet")
    with again.practice as practice:
        last = case.attendu["suivi"][-1]
        found = suivi(practice, le=last["le"])
        assert_files(case, again, found)
        assert found_invoices(again) == expected_invoices(case)
        assert found_tasks(found) == expected_tasks(last)
        assert [each.motif for each in found.ecartes] == list(last.get("ecartes", ()))
        assert found_debts(found) == expected_debts(case)
        before = derived(practice)
        with practice.journal.transaction(now()) as transaction:
            for relation in STORED:
                transaction.connection.exec_driver_sql(f"DELETE FROM {relation.name}")
            rebuild(transaction)
        assert derived(practice) == before
        assert rows(practice, "SELECT COUNT(*) AS n FROM ligne_retour") == [
            {"n": sum(len(one["lignes"]) for one in booked(case))}
        ]


# --- the reading of the cases

SMALLEST = next(iter(CASES.values())).folder


@pytest.mark.parametrize(
    ("document", "good", "bad"),
    [
        ("cas.toml", 'marque = "T"', 'marque = "T"\nmarques = "T"'),
        ("cas.toml", 'marque = "T"', ""),
        ("cas.toml", "recoit = ", "recoie = "),
        ("cas.toml", 'titre = "', 'ordre = "libre ou non"\ntitre = "'),
        ("attendu.toml", "verdict = ", "verdicts = "),
        ("attendu.toml", "verse = ", "versé = "),
        ("attendu.toml", 'politique = "', 'residu = "ambigue", politique = "'),
        ("attendu.toml", "montant = ", "montants = "),
        ("attendu.toml", "demande = ", "demandee = "),
        ("attendu.toml", "etape = ", "etapes = "),
    ],
)
def test_a_key_that_is_unknown_or_missing_is_an_error(document: str, good: str, bad: str) -> None:
    texts = {name: (SMALLEST / name).read_text(encoding="utf-8") for name in ("cas.toml", "attendu.toml")}
    assert good in texts[document]
    texts[document] = texts[document].replace(good, bad, 1)
    with pytest.raises((ValueError, tomllib.TOMLDecodeError), match=r"."):
        parse_matching_case(SMALLEST, *(tomllib.loads(texts[name]) for name in ("cas.toml", "attendu.toml")))
