"""Each case of pricing comes out as its file says; each rule shows in one, and is missed when it is taken away."""

from __future__ import annotations

import pytest

from fse.norm.referentiels.ngap.regles import regles
from tests.domain.cotation.cases import Case, expected, load_cases, run, shows
from tests.domain.cotation.network_cases import load_network_cases

CASES = load_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.nom)
def test_a_case_comes_out_as_its_file_says_and_a_rule_that_must_not_apply_does_not(case: Case) -> None:
    found = run(case)
    assert found == expected(case)
    assert not {nom for outcome in found for nom in outcome.regles} & set(case.negatif)
    assert set(case.negatif) <= set(regles())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.nom)
def test_a_case_fails_without_a_rule_that_it_shows(case: Case) -> None:
    for nom in case.positif:
        assert nom in regles()
        assert shows(case, nom), f"{case.nom} does not need {nom}"


def test_every_rule_has_a_case_where_it_shows_and_one_where_it_does_not() -> None:
    cases = [*CASES, *load_network_cases()]
    positive = {nom for case in cases for nom in case.positif}
    negative = {nom for case in cases for nom in case.negatif}
    assert set(regles()) - positive == set()
    assert set(regles()) - negative == set()
