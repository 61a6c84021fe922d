"""The share of social contributions with the figures of the draft, by hand; who has none; quarters of an option."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from fse.domain.incitation.compteurs import ACTIVITES, Activite, Suite, Teleservice, Trimestre, follow_quarters
from fse.domain.incitation.contributions import Assiette, Statut, Taux, participation

TAUX = Taux(
    maladie=Fraction("0.097"),
    allocations=Fraction("0.05"),
    allocations_au_dela=Fraction("0.029"),
    asv=Fraction("0.6666"),
)
GIVEN = Assiette(statut="liberal", secteur="1", honoraires=9_000_000, forfaits=45_000, plafond=3_637_200, asv=432_000)


@pytest.mark.parametrize(
    ("honoraires", "maladie", "allocations"),
    [
        # base = fees + 450 € of duty forfaits; ceiling 36 372 €
        (9_000_000, 877_365, 338_686),  # 90 450 €: 8 773.65; 1 818.60 + 54 078 × 2.9 % = 1 568.262
        (3_592_200, 352_808, 181_860),  # at the ceiling: 3 528.084; 1 818.60
        (3_592_199, 352_808, 181_860),  # a centime below: 3 528.0839; 1 818.5999…
        (3_592_234, 352_812, 181_861),  # 34 centimes above: 3 528.11698; 1 818.60 + 0.00986
        (0, 4_365, 2_250),
    ],
)
def test_each_share_is_rounded_once(honoraires: int, maladie: int, allocations: int) -> None:
    got = participation(replace(GIVEN, honoraires=honoraires), TAUX)
    assert [one.montant for one in got.parts] == [maladie, allocations, 287_971]  # 4 320 € × 66.66 % = 2 879.712
    assert got.total == maladie + allocations + 287_971
    assert (got.motif, got.autre_lecture) == ("", None)


def test_the_other_reading_of_article_74_is_told_when_the_contribution_is_known() -> None:
    got = participation(replace(GIVEN, cotisation_maladie=887_400), TAUX)
    assert got.autre_lecture == 86_078  # 8 874 € × 9.7 % = 860.778
    assert got.parts[0].montant == 877_365


@pytest.mark.parametrize(
    ("statut", "secteur", "told"),
    [
        ("remplacant", "1", "remplaçants"),
        ("adjoint", "1", "adjoints"),
        ("assistant", "1", "assistants"),
        ("salarie", "1", "salariés"),
        ("liberal", "2", "honoraires différents"),
        ("liberal", "dp", "le projet ne le dit pas"),
    ],
)
def test_who_has_no_share(statut: Statut, secteur: str, told: str) -> None:
    got = participation(replace(GIVEN, statut=statut, secteur=secteur), TAUX)
    assert (got.parts, got.total) == ((), 0)
    assert told in got.motif


def test_duty_forfaits_paid_outside_the_returns_are_in_the_base() -> None:
    """90 450 € and 1 000 €: 91 450 € × 9.7 % = 8 870.65; 1 818.60 + 55 078 × 2.9 % = 1 597.262."""
    got = participation(replace(GIVEN, forfaits_hors_retours=100_000), TAUX)
    assert (got.assiette.base, [one.montant for one in got.parts]) == (9_145_000, [887_065, 341_586, 287_971])


@pytest.mark.parametrize("secteur", ["1", "option-coordination", "secteur-optionnel"])
def test_who_has_one(secteur: str) -> None:
    assert participation(replace(GIVEN, secteur=secteur), TAUX).total == 877_365 + 338_686 + 287_971


def quarter(number: int, without: int, *, activite: Activite = "technique", total: int = 1000) -> Trimestre:
    return Trimestre(
        trimestre=number,
        activite=activite,
        sans_depassement=without,
        total=total,
    )


def test_two_quarters_in_a_row_below_may_end_an_option() -> None:
    seuil = Fraction(3, 10)
    got = follow_quarters([quarter(4, 100), quarter(1, 299), quarter(2, 300), quarter(3, 299)], seuil, ("technique",))
    assert [one.suite for one in got] == ["avertissement", "respecte", "avertissement", "resiliation-possible"]
    assert [one.mesures[0][1] for one in got] == [False, True, False, False]


def test_one_share_below_is_enough_and_a_gap_breaks_the_sequence() -> None:
    both = [quarter(1, 999, activite="clinique"), quarter(1, 10), quarter(3, 10)]
    assert [one.suite for one in follow_quarters(both, Fraction(3, 10), BOTH)] == ["avertissement", "avertissement"]
    empty = [quarter(1, 10), quarter(2, 0, total=0), quarter(3, 10)]
    told = [one.suite for one in follow_quarters(empty, Fraction(3, 10), ("technique",))]
    assert told == ["avertissement", "sans-activite", "avertissement"]


BOTH: tuple[Activite, ...] = ("clinique", "technique")


@pytest.mark.parametrize(
    ("clinique", "technique", "suite"),
    [
        ((300, 1000), (300, 1000), "respecte"),
        ((300, 1000), (299, 1000), "avertissement"),
        ((299, 1000), (300, 1000), "avertissement"),
        ((300, 1000), None, "incomplet"),
        (None, (300, 1000), "incomplet"),
        (None, (299, 1000), "avertissement"),
        ((300, 1000), (0, 0), "respecte"),
        ((0, 0), (0, 0), "sans-activite"),
        ((0, 0), None, "incomplet"),
    ],
)
def test_the_option_wants_both_shares(
    clinique: tuple[int, int] | None, technique: tuple[int, int] | None, suite: Suite
) -> None:
    given = {"clinique": clinique, "technique": technique}
    shares = [quarter(1, one[0], activite=name, total=one[1]) for name, one in given.items() if one]
    (got,) = follow_quarters(shares, Fraction(3, 10), BOTH)
    assert (got.suite, got.absentes) == (suite, tuple(name for name, one in given.items() if one is None))


def test_a_quarter_that_is_not_whole_breaks_a_sequence() -> None:
    told = [quarter(1, 299), quarter(2, 300), quarter(3, 299)]
    assert [one.suite for one in follow_quarters(told, Fraction(3, 10), BOTH)] == [
        "avertissement",
        "incomplet",
        "avertissement",
    ]
    assert ACTIVITES == {"option-coordination": BOTH, "secteur-optionnel": ("ensemble",)}


def test_the_share_of_a_teleservice_is_exact() -> None:
    shares = [Teleservice(nom="protocoles-ald", nombre=31, total=total).part for total in (40, None, 0)]
    assert shares == [Fraction(31, 40), None, None]
