"""The cases of `fixtures/noemie/` that hold a scenario: the simulator gives these returns, which say what is told."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from fse.app.caisse.repondre import repondre
from fse.app.caisse.scenario import read_scenario
from fse.app.cli.caisse import signatures_by_lot
from fse.base.findings import Finding
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow
from tests.app.caisse.make_cases import ANSWER, ROOT, SENT, WANTED
from tests.app.caisse.world import ANSWERDAY, answers_of, entities
from tests.oracles import b2_oracle, noemie_oracle

CASES = sorted(path.parent for path in ROOT.glob(f"*/{WANTED}"))


def expected(case: Path) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((case / "cas.toml").read_text(encoding="utf-8"))["attendu"]
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_simulator_gives_this_return(case: Path) -> None:
    data = (case / SENT).read_bytes()
    scenario = read_scenario((case / WANTED).read_bytes())
    reponse = repondre(data, signatures_by_lot(case / SENT), scenario, ANSWERDAY)
    assert [one.contenu for one in reponse.fichiers] == [(case / ANSWER).read_bytes()]
    assert reponse.refus == ()
    assert {one.code for one in reponse.constats} == {"signature.sans_ancre"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_return_says_what_is_expected(case: Path) -> None:
    data = (case / ANSWER).read_bytes()
    wanted = expected(case)
    transfers = [
        {"beneficiaire": payee["beneficiaire_reglement"].rstrip(), "libelle_1": label, "montant": amount}
        for payee, (label, _, _, amount) in zip(
            entities(data, "040"), noemie_oracle.transfer_amounts(data), strict=True
        )
    ]
    assert transfers == wanted["virements"]
    found = [
        {key.lower(): [list(one) if isinstance(one, tuple) else one for one in value] for key, value in said.items()}
        | {"numero": numero}
        for numero, said in answers_of(data)
    ]
    assert found == [{"rejets": []} | one for one in wanted["factures"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_our_reader_says_what_is_expected(case: Path) -> None:
    items = list(read([(case / ANSWER).read_bytes()]))
    loose = {item.code for item in items if isinstance(item, Finding)}
    held = {one.code for item in items if isinstance(item, EntityRow) for one in item.constats}
    assert loose | held == set(expected(case)["constats"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_was_sent_holds(case: Path) -> None:
    assert b2_oracle.wrong_totals((case / SENT).read_bytes()) == []
