"""Shares of fees without overrun: hand-computed, at the threshold and around it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fse.domain.cotation.exercice import Exercice
from fse.domain.cotation.medecins.ratios import Honoraires, Ratio, engagement_of, ratios_of
from fse.norm.referentiels.ngap.activites import Activite

SPECIALISTE = Exercice(discipline="cardiologue", secteur="1")
OPTIONNEL = Exercice(discipline="chirurgien", secteur="secteur-optionnel")


def fees(honoraires: int, base: int | None = None, activite: Activite = "clinique") -> Honoraires:
    tariff = honoraires if base is None else base
    return Honoraires(activite=activite, code_acte="X", honoraires=honoraires, base=tariff)


def clinical(*lignes: Honoraires, seuil: int | None = 70) -> Ratio:
    return ratios_of(lignes, engagement_of(SPECIALISTE), seuil)[0]


@pytest.mark.parametrize(
    ("sans", "avec", "taux", "atteint", "manque"),
    [
        (7000, (3000, 2900), "70.0", True, 0),
        (6999, (3000, 2900), "69.9", False, 1),  # (6999 + 1) / (9999 + 1)
        (6900, (3100, 2900), "69.0", False, 334),  # 6900 + x >= 0,7 (10000 + x): x >= 100 / 0,3 = 333,33
        (0, (1000, 900), "0.0", False, 2334),  # x >= 700 / 0,3 = 2333,33
    ],
)
def test_a_share_is_of_the_acts_that_bear_no_overrun(
    sans: int, avec: tuple[int, int], taux: str, atteint: bool, manque: int
) -> None:
    found = clinical(fees(sans), fees(*avec))
    assert (found.taux, found.atteint, found.manque) == (Decimal(taux), atteint, manque)
    assert (found.sans_depassement, found.total) == (sans, sans + avec[0])
    assert found.depassements == avec[0] - avec[1]
    assert 100 * (sans + manque) >= 70 * (sans + avec[0] + manque), "what is missing is enough"
    assert not manque or 100 * (sans + manque - 1) < 70 * (sans + avec[0] + manque - 1), "and no more than enough"


def test_fees_of_another_activity_and_those_without_a_tariff_are_in_no_share() -> None:
    lignes = [
        *(fees(1000), fees(500, 400, "technique"), fees(9000, 0)),
        *(fees(700, 700, "accessoire"), fees(800, 100, "non-classee")),
    ]
    cliniques, techniques = ratios_of(lignes, engagement_of(SPECIALISTE), 70)
    assert (cliniques.sans_depassement, cliniques.total) == (1000, 1000)
    assert (techniques.sans_depassement, techniques.total, techniques.taux) == (0, 500, Decimal("0.0"))


def test_without_fees_or_threshold_nothing_is_judged() -> None:
    nothing = clinical()
    assert (nothing.taux, nothing.atteint, nothing.manque) == (None, None, 0)
    told = clinical(fees(100), fees(300, 200), seuil=None)
    assert (told.taux, told.atteint, told.manque) == (Decimal("25.0"), None, 0)


def test_the_optional_sector_measures_all_acts_at_the_tariff() -> None:
    """3000 at the tariff over 3000 + 7000 (article 44): the 3500 of overruns do not weigh, and 30 % is reached."""
    engagement = engagement_of(OPTIONNEL)
    (found,) = ratios_of([fees(3000), fees(10500, 7000, "technique")], engagement, 30)
    assert (found.total, found.taux, found.atteint, found.depassements) == (10000, Decimal("30.0"), True, 3500)


@pytest.mark.parametrize(
    ("exercice", "seuil", "periode"),
    [
        (SPECIALISTE, "ratio_da", "pratique_periode"),
        (Exercice(discipline="cardiologue"), "ratio_da", "pratique_periode"),
        (Exercice(discipline="generaliste", secteur="1"), "", "pratique_periode"),
        (Exercice(secteur="1"), "", "pratique_periode"),
        (Exercice(discipline="cardiologue", secteur="2"), "", "pratique_periode"),
        (Exercice(discipline="cardiologue", secteur="1", statut="suspendu"), "", "pratique_periode"),
        (
            Exercice(discipline="generaliste", secteur="option-coordination"),
            "ratio_dm_coordination",
            "pratique_periode_coordination",
        ),
        (OPTIONNEL, "ratio_dm_optionnel", "pratique_periode"),
    ],
)
def test_what_commits_a_doctor_follows_from_how_they_practise(exercice: Exercice, seuil: str, periode: str) -> None:
    found = engagement_of(exercice)
    assert (found.seuil, found.periode) == (seuil, periode)
