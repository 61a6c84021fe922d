"""Health networks: each case comes out as its file says, and no longer does without a rule that it shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.prestations.derogatoires import judge
from fse.norm.model.derogatoire import PrestationDerogatoire
from fse.norm.referentiels.ngap.regles import regles
from tests.domain.cotation.network_cases import NetworkCase, load_network_cases
from tests.strategies import input_strategy_for

CASES = list(load_network_cases())
NETWORK = CASES[0].reseau


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.nom)
def test_a_case_comes_out_as_its_file_says(case: NetworkCase) -> None:
    assert case.run()[0] == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.nom)
def test_a_case_fails_without_a_rule_that_it_shows(case: NetworkCase) -> None:
    for nom in case.positif:
        assert nom in regles()
        assert case.run(frozenset({nom}))[0] != case.expected, f"{case.nom} does not need {nom}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.nom)
def test_a_rule_that_must_not_apply_does_not(case: NetworkCase) -> None:
    assert not case.run()[1] & set(case.negatif)
    assert set(case.negatif) <= set(regles())


_CODES = [one.code for one in NETWORK.prestations] + ["AUTRE"]
_MEMBERS = [one.identifiant for one in NETWORK.professionnels] + ["009876541"]


@settings(max_examples=2 * settings().max_examples)
@given(
    demande=input_strategy_for(PrestationDerogatoire),
    code=st.sampled_from(_CODES),
    professionnel=st.sampled_from(_MEMBERS),
    le=st.dates(date(2025, 12, 1), date(2028, 2, 1)),
)
def test_a_service_is_paid_at_the_price_of_its_day_or_not_at_all(
    demande: PrestationDerogatoire, code: str, professionnel: str, le: date
) -> None:
    jugement = judge(replace(demande, code=code, professionnel=professionnel, date=le), NETWORK, Bareme("metropole"))
    prices = {one.montant for one in NETWORK.prestations if one.code == code and one.debut <= le <= one.fin}
    if jugement.montant:
        assert jugement.acceptee
        assert {jugement.montant} == prices
        assert NETWORK.debut <= le <= NETWORK.fin
        assert demande.nature in ("acte", "reunion-coordination")
        assert demande.adhesion_reseau.debut <= le
        (member,) = [
            one
            for one in NETWORK.professionnels
            if one.identifiant == professionnel and one.debut <= le and (one.fin is None or le <= one.fin)
        ]
        assert member.exercice == "liberal"
    else:
        assert not jugement.acceptee or not prices
