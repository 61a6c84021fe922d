"""Performance pay: the formula at each of its boundaries, the draft table as it is printed, what is left blank."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.base import resources
from fse.domain.incitation.remuneration import Cas, Mesure, evaluate, realisation
from fse.norm.referentiels.remuneration import Genre, baremes, read_bareme

PROJET = baremes()["projet-2011"]
FINAL = baremes()["convention-2011"]
PEDIATRES = baremes()["pediatres-2016"]


@pytest.mark.parametrize(
    ("genre", "mesure", "initial", "intermediaire", "cible", "cas", "taux"),
    [
        # higher is better: 54 then 65, from 40
        ("hausse", "65", "40", "54", "65", "cible", "1"),
        ("hausse", "100", "40", "54", "65", "cible", "1"),
        ("hausse", "64.99", "40", "54", "65", "au-dela-intermediaire", "2199/2200"),
        ("hausse", "59.5", "40", "54", "65", "au-dela-intermediaire", "3/4"),
        ("hausse", "54", "40", "54", "65", "au-dela-intermediaire", "1/2"),
        ("hausse", "53.99", "40", "54", "65", "progression", "1399/2800"),
        ("hausse", "47", "40", "54", "65", "progression", "1/4"),
        ("hausse", "40", "40", "54", "65", "sans-progression", "0"),
        ("hausse", "12", "40", "54", "65", "sans-progression", "0"),
        # a start at, then past, the intermediate objective
        ("hausse", "53", "54", "54", "65", "sans-progression", "0"),
        ("hausse", "53", "60", "54", "65", "sans-progression", "0"),
        ("hausse", "54", "60", "54", "65", "au-dela-intermediaire", "1/2"),
        # lower is better: 7 then 5, from 11
        ("baisse", "5", "11", "7", "5", "cible", "1"),
        ("baisse", "0", "11", "7", "5", "cible", "1"),
        ("baisse", "5.01", "11", "7", "5", "au-dela-intermediaire", "399/400"),
        ("baisse", "6", "11", "7", "5", "au-dela-intermediaire", "3/4"),
        ("baisse", "7", "11", "7", "5", "au-dela-intermediaire", "1/2"),
        ("baisse", "9", "11", "7", "5", "progression", "1/4"),
        ("baisse", "11", "11", "7", "5", "sans-progression", "0"),
        ("baisse", "20", "11", "7", "5", "sans-progression", "0"),
        # blanks are not supplied, and do not matter above them
        ("hausse", "65", None, None, "65", "cible", "1"),
        ("hausse", "64", "40", None, "65", "sans-intermediaire", None),
        ("hausse", "60", None, "54", "65", "au-dela-intermediaire", "17/22"),
        ("hausse", "53", None, "54", "65", "sans-initial", None),
        ("baisse", "2", "20", "15", None, "sans-cible", None),
    ],
)
def test_each_branch_of_the_formula(
    genre: Genre,
    mesure: str,
    initial: str | None,
    intermediaire: str | None,
    cible: str | None,
    cas: Cas,
    taux: str | None,
) -> None:
    levels = (None if one is None else Fraction(one) for one in (initial, intermediaire, cible))
    assert realisation(genre, Fraction(mesure), *levels) == (cas, None if taux is None else Fraction(taux))


LEVELS = st.fractions(0, 100, max_denominator=200)


@given(st.sampled_from(("hausse", "baisse")), LEVELS, LEVELS, LEVELS, LEVELS, LEVELS)
def test_a_better_level_never_pays_less(
    genre: Genre, one: Fraction, other: Fraction, initial: Fraction, middle: Fraction, cible: Fraction
) -> None:
    worse, better = sorted((one, other), reverse=genre == "baisse")
    low, high = sorted((middle, cible), reverse=genre == "baisse")
    if low == high:
        return
    (_, least), (_, most) = (realisation(genre, level, initial, low, high) for level in (worse, better))
    assert least is not None
    assert most is not None
    assert 0 <= least <= most <= 1


def test_the_draft_table_is_the_printed_one() -> None:
    """Figures retyped from articles 26.2 and 26.3."""
    assert (PROJET.total, PROJET.patientele, PROJET.point) == (1200, 800, None)
    assert {one.nom: one.total for one in PROJET.volets.values()} == {
        "organisation": 300,
        "chronique": 250,
        "prevention": 250,
        "efficience": 400,
    }
    printed = [
        *((None, 0, points) for points in (50, 50, 50, 100, 50)),
        *((65, 10, 30), (90, 10, 15), (80, 10, 25), (90, 10, 10), (80, 10, 25), (75, 10, 35), (75, 10, 35)),
        *((65, 10, 35), (60, 20, 40)),
        *((75, 20, 20), (75, 10, 20), (80, 20, 30), (5, 20, 30), (3, 20, 30), (None, 5, 30), (80, 20, 30)),
        *((50, 10, 30), (37, 20, 30)),
        *((90, 40, 60), (80, 35, 60), (70, 30, 60), (65, 130, 55), (80, 30, 55), (65, 50, 55), (85, 10, 55)),
    ]
    assert [(one.cible, one.minimum, one.points) for one in PROJET.indicateurs.values()] == printed
    assert all(one.intermediaire is None for one in PROJET.indicateurs.values())
    lower = {nom for nom, one in PROJET.indicateurs.items() if one.genre == "baisse"}
    assert lower == {"vasodilatateurs", "benzodiazepines-demi-vie", "benzodiazepines-duree", "antibiotherapie"}
    assert (PROJET.en_projet, PROJET.a_verifier) == (True, False)


def test_the_final_table_is_told_to_be_verified() -> None:
    assert (FINAL.en_projet, FINAL.a_verifier) == (False, True)
    assert (FINAL.total, FINAL.point, len(FINAL.indicateurs)) == (1300, 700, 29)
    assert "depistage-colon" not in FINAL.indicateurs
    assert FINAL.indicateurs["iec"].intermediaire is None
    assert [FINAL.concerns("medecin", annee) for annee in (2011, 2012, 2016, 2017)] == [False, True, True, False]
    assert not FINAL.concerns("infirmier", 2012)


def all_met() -> dict[str, Mesure]:
    """Every indicator of the final table at its target, on many patients."""
    return {
        nom: Mesure(rempli=True) if one.genre == "oui-non" else Mesure(valeur=one.cible, effectif=500)
        for nom, one in FINAL.indicateurs.items()
    }


@pytest.mark.parametrize(
    ("patients", "points", "montant"),
    [
        (800, "1300", 910_000),  # 1 300 × 7 €
        (0, "250", 175_000),  # 75 + 50 + 75 + 50: what the list does not weigh
        (400, "775", 542_500),  # 250 + (150 + 900) / 2
        (801, "20821/16", 910_919),  # 250 + 1 050 × 801/800 = 1 301.3125; × 7 € = 9 109.1875 €
        (1600, "2350", 1_645_000),
    ],
)
def test_all_the_points_follow_the_list_of_patients(patients: int, points: str, montant: int) -> None:
    got = evaluate(FINAL, all_met(), patients=patients, point=None)
    assert (got.points, got.points_au_plus, got.possibles) == (Fraction(points),) * 3
    assert got.montant == got.montant_au_plus == montant


def test_the_draft_is_paid_in_points_while_its_point_is_blank() -> None:
    mesures = {"dossier-medical": Mesure(rempli=True), "synthese-annuelle": Mesure(rempli=True)}
    blank = evaluate(PROJET, mesures, patients=600, point=None)
    assert (blank.points, blank.montant) == (Fraction(125), None)  # 50 + 100 × 600/800
    assert evaluate(PROJET, mesures, patients=600, point=700).montant == 87_500


def test_an_indicator_under_its_minimum_neither_gains_nor_loses() -> None:
    at = {"hba1c-dosages": Mesure(valeur=Fraction(65), effectif=10)}
    below = {"hba1c-dosages": Mesure(valeur=Fraction(65), effectif=9)}
    counted, neutral = (evaluate(PROJET, one, patients=800, point=None) for one in (at, below))
    assert [counted.points, counted.possibles] == [30, 30]
    assert [neutral.points, neutral.possibles] == [0, 0]
    assert neutral.lignes[5].cas == "neutralise"


def test_blanks_of_the_draft_make_bounds() -> None:
    mesures = {
        "hba1c-dosages": Mesure(valeur=Fraction(60), effectif=40, initial=Fraction(50)),
        "benzodiazepines-duree": Mesure(valeur=Fraction(1), effectif=40),
        "fond-oeil": Mesure(valeur=Fraction(75), effectif=40),
    }
    got = evaluate(PROJET, mesures, patients=800, point=700)
    cases = {one.indicateur.nom: one.cas for one in got.lignes if one.mesure}
    assert cases == {
        "hba1c-dosages": "sans-intermediaire",
        "fond-oeil": "cible",
        "benzodiazepines-duree": "sans-cible",
    }
    assert [got.points, got.points_au_plus] == [35, 95]
    assert (got.montant, got.montant_au_plus) == (24_500, 66_500)


@pytest.mark.parametrize(
    ("initial", "points", "au_plus", "montants"),
    [
        (None, "0", "15", (0, 10_500)),  # 53 % under 54 %: half of 30 points at most
        ("50", "45/4", "45/4", (7_875, 7_875)),  # 1/2 × 3/4 of 30
    ],
)
def test_below_the_intermediate_objective_half_is_the_most(
    initial: str | None, points: str, au_plus: str, montants: tuple[int, int]
) -> None:
    level = Mesure(valeur=Fraction(53), effectif=50, initial=None if initial is None else Fraction(initial))
    got = evaluate(FINAL, {"hba1c-dosages": level}, patients=800, point=None)
    assert (got.points, got.points_au_plus) == (Fraction(points), Fraction(au_plus))
    assert (got.montant, got.montant_au_plus) == montants


def test_what_the_file_gives_fills_a_blank_and_no_more() -> None:
    given_terms = Mesure(
        valeur=Fraction(60), effectif=40, initial=Fraction(50), intermediaire=Fraction(55), cible=Fraction(61)
    )
    got = evaluate(PROJET, {"hba1c-dosages": given_terms}, patients=800, point=None)
    (line,) = (one for one in got.lignes if one.mesure)
    assert [line.intermediaire, line.cible] == [55, 65]
    assert line.points == Fraction(45, 2)  # 30 × (1/2 + 1/2 × 5/10)


def test_an_open_table_takes_its_indicators_from_the_file() -> None:
    """The paediatric one is defined for 600 patients: 305 points are 2 135 €."""
    whole = {"releve": replace(FINAL.indicateurs["hba1c-dosages"], nom="releve", volet="pediatrie", points=305)}
    met = {"releve": Mesure(valeur=Fraction(65), effectif=20)}
    paid = [evaluate(PEDIATRES, met, patients=n, point=None, indicateurs=whole).montant for n in (600, 300)]
    assert paid == [213_500, 106_750]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("points = 100", "points = 101"),
        ("total = 1200", "total = 1300"),
        ('genre = "hausse"', 'genre = "mieux"'),
        ('volet = "efficience"', 'volet = "autre"'),
        ('confiance = "1src"', 'confiance = "sur"'),
        ('genre = "oui-non"', 'genre = "oui-non"\ncible = "5"'),
        ('cible = "65"', 'cible = "65"\nintermediaire = "66"'),
        ('cible = "5"', 'cible = "5"\nintermediaire = "4"'),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(old: str, new: str) -> None:
    text = resources.read_text("incitations/remuneration/projet-2011.toml")
    with pytest.raises(ValueError, match=r"table|indicator"):
        read_bareme("essai", text.replace(old, new, 1))


@given(st.dictionaries(st.sampled_from(sorted(FINAL.indicateurs)), LEVELS), st.integers(0, 5000))
def test_points_stay_between_nothing_and_the_possible(values: dict[str, Fraction], patients: int) -> None:
    mesures = {
        nom: Mesure(rempli=level > 50, valeur=level, effectif=int(level), initial=Fraction(40))
        for nom, level in values.items()
    }
    got = evaluate(FINAL, mesures, patients=patients, point=None)
    assert 0 <= got.points <= got.points_au_plus <= got.possibles
    assert all(one.points is None or 0 <= one.points <= one.possibles for one in got.lignes)
    assert 0 <= (got.montant or 0) <= (got.montant_au_plus or 0)
