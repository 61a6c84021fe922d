"""The end of the year by hand: pace, usual rate, interval, what is missing, the last day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from fse.domain.incitation.projection import Projection, missing, project
from fse.domain.incitation.taux import count
from fse.norm.referentiels.incitations import incitations
from tests.domain.incitation.sheets import act, many, sheet
from tests.each import each

NURSES = incitations()["fami-infirmiers"]
"""Sheets, 7/10."""

DRAFT = incitations()["projet-2011"]
"""Acts, 3/4."""

DAY_100 = date(2026, 4, 10)
"""The hundredth day of 2026: 265 are left."""

FIRST = date(2026, 1, 5)


def projected(fse: int, autres: int, le: date = DAY_100, day: date = FIRST) -> Projection:
    found = project(count(NURSES, 2026, many(fse, autres, day), le), le)
    assert found is not None
    return found


def test_by_hand_below_the_threshold() -> None:
    """60 FSE of 100 sheets in 100 days: one a day, 265 to come, 365 in all, of which 255.5 make 70 %: 196 of the 265.

    The usual rate is 3/5: (60 + 159)/365. In a row: (70 − 60)/(1 − 0.7) = 33.3, so 34.
    As now for t days: 0.6 t + (265 − t) ≥ 195.5, so t ≤ 173.75: 30 September.
    """
    said = projected(60, 40)
    assert (said.rythme, said.reste, said.habituel) == (1, 265, Fraction(3, 5))
    assert said.taux == Fraction(3, 5)
    assert (said.manquent, said.a_fse, said.possible) == (34, 196, True)
    assert said.limite == DAY_100 + timedelta(days=173) == date(2026, 9, 30)


def test_the_interval_is_that_of_wilson() -> None:
    """60 of 100 at 95 %: 0.5020 to 0.6906 (table of any handbook), carried by 265 of 365 sheets."""
    said = projected(60, 40)
    assert isclose(float(said.bas), (60 + 265 * 0.50200) / 365, abs_tol=1e-4)
    assert isclose(float(said.haut), (60 + 265 * 0.69060) / 365, abs_tol=1e-4)


def test_by_hand_above_the_threshold() -> None:
    said = projected(80, 20)
    assert (said.manquent, said.limite, said.possible, said.taux) == (0, None, True, Fraction(4, 5))
    assert said.a_fse == 176, "255.5 − 80 = 175.5"


def test_nothing_more_to_send_when_the_year_is_won() -> None:
    won = projected(80, 0, le=date(2026, 12, 30), day=date(2026, 12, 1))
    assert (won.reste, won.a_fse, won.limite) == (0, 0, None)


def test_just_within_reach() -> None:
    """64 of 100 sheets by 27 October (day 300): 65 days, 22 to come, 85.4 FSE of 122: all 22 (21.4).

    The slack is 0.6 sheets, at 22/65 a day of which 36 % are no FSE: 0.6 × 65 / (22 × 0.36) = 4.9 days.
    """
    said = projected(64, 36, le=date(2026, 10, 27))
    assert (said.reste, said.a_fse, said.possible, said.limite) == (22, 22, True, date(2026, 10, 31))


def test_what_may_still_be_received_is_within_reach() -> None:
    """700 FSE and 300 on paper in June, 250 sent on 20 December without an answer, on the 22nd (day 356, 9 left).

    1 250 acts in 356 days: 32 to come (31.6), 1 282 in all, of which 75 % are 961.5: 262 more than 700. 32 do not make
    them; with the 250, 12 do. Usual rate of the last 90 days: 0 of 250, or 250 of 250: ends at 700/1 282 or 982/1 282.
    """
    le = date(2026, 12, 22)
    waiting = [sheet(le=date(2026, 12, 20), recue=None) for _ in range(250)]
    said = project(count(DRAFT, 2026, [*many(700, 300, date(2026, 6, 1)), *waiting], le), le)
    assert said is not None
    assert said.si_recues is not None
    best = said.si_recues
    assert (said.reste, best.reste) == (32, 32)
    assert (said.a_fse, said.possible, said.taux) == (262, False, Fraction(700, 1282))
    assert (best.a_fse, best.possible, best.taux, best.limite) == (12, True, Fraction(982, 1282), None)
    assert best.haut == best.taux, "all of the last 250 are FSE"
    assert best.si_recues is None


def test_without_anything_to_wait_for_there_is_one_end_only() -> None:
    assert projected(60, 40).si_recues is None


def test_a_line_of_many_acts_weighs_as_many_sheets_of_one() -> None:
    one = [sheet(act(1, FIRST, quantite=60)), sheet(act(1, FIRST, quantite=40), mode="papier", recue=None)]
    assert project(count(DRAFT, 2026, one, DAY_100), DAY_100) == project(
        count(DRAFT, 2026, many(60, 40, FIRST), DAY_100), DAY_100
    )


def test_out_of_reach() -> None:
    """50 of 100 sheets by 16 December (day 350): 15 days, 4 sheets to come, and 22.8 FSE would be needed."""
    said = projected(50, 50, le=date(2026, 12, 16))
    assert (said.reste, said.a_fse, said.possible, said.limite) == (4, 23, False, None)


def test_the_usual_rate_is_the_recent_one_when_it_is_told_by_enough() -> None:
    """By 10 April the last 90 days begin on 11 January: the old sheets are out when 30 others tell."""
    old = many(0, 60, date(2026, 1, 10))
    for fse, usual in ((29, Fraction(29, 89)), (30, Fraction(1))):
        said = project(count(NURSES, 2026, [*old, *many(fse, 0, date(2026, 1, 11))], DAY_100), DAY_100)
        assert said is not None
        assert said.habituel == usual


def test_nothing_is_said_outside_the_period_or_without_activity() -> None:
    for le, feuilles in (
        (date(2026, 12, 31), many(1, 0)),
        (date(2027, 2, 1), many(1, 0)),
        (DAY_100, []),
    ):
        assert project(count(NURSES, 2026, feuilles, le), le) is None


MISSING = {
    "70 of 100, 3/4": (70, 100, Fraction(3, 4), 20),
    "at the threshold": (75, 100, Fraction(3, 4), 0),
    "1 499 of 2 000, 3/4": (1499, 2000, Fraction(3, 4), 4),
    "1 of 3, 2/3": (1, 3, Fraction(2, 3), 3),
    "nothing at all": (0, 0, Fraction(3, 4), 0),
}


@each("done, scope, seuil, wanted", MISSING)
def test_how_many_fse_in_a_row_are_missing(done: int, scope: int, seuil: Fraction, wanted: int) -> None:
    assert missing(done, scope, seuil) == wanted


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 300), st.sampled_from(["1/2", "2/3", "3/4", "9/10"]))
def test_what_is_told_is_exact(fse: int, autres: int, days: int, seuil: str) -> None:
    """What is missing reaches the threshold, one less does not; so with what is to come; the bounds hold the rate."""
    if not fse + autres:
        return
    scheme, le = replace(NURSES, seuil=Fraction(seuil)), FIRST + timedelta(days=days)
    said = project(count(scheme, 2026, many(fse, autres, FIRST), le), le)
    assert said is not None
    scope, wanted = fse + autres, scheme.seuil
    assert Fraction(fse + said.manquent, scope + said.manquent) >= wanted
    assert not said.manquent or Fraction(fse + said.manquent - 1, scope + said.manquent - 1) < wanted
    total = scope + said.reste
    assert Fraction(fse + said.a_fse, total) >= wanted
    assert not said.a_fse or Fraction(fse + said.a_fse - 1, total) < wanted
    assert said.bas <= said.taux <= said.haut
    assert said.possible == (said.a_fse <= said.reste)
    if said.limite is not None:
        assert said.possible
        assert said.taux < wanted, "nothing has to change for what is reached anyway"
        assert le <= said.limite <= date(2026, 12, 31)
    elif said.possible:
        assert said.taux >= wanted
