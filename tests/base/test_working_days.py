"""Working days against dates counted by hand, and what they keep whatever the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.base.errors import UsageError
from fse.base.working_days import TERRITOIRES, Calendrier, add_working_days, calendar_of, is_working_day
from tests.oracles.delais import WORKING_DAYS

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
calendars = st.sampled_from([calendar_of(one) for one in TERRITOIRES])
numbers = st.integers(1, 20)


@pytest.mark.parametrize(("territoire", "day", "number", "expected"), WORKING_DAYS)
def test_delays_end_on_the_day_counted_by_hand(territoire: str, day: date, number: int, expected: date) -> None:
    assert add_working_days(day, number, calendar_of(territoire)) == expected


@given(days, numbers, calendars)
def test_a_delay_holds_that_many_working_days_and_ends_on_one(day: date, number: int, calendrier: Calendrier) -> None:
    end = add_working_days(day, number, calendrier)
    between = [day + timedelta(days=one) for one in range(1, (end - day).days + 1)]
    assert sum(is_working_day(one, calendrier) for one in between) == number
    assert is_working_day(end, calendrier)
    assert end.weekday() < 5


@given(days, numbers, numbers, calendars)
def test_delays_add_up_and_never_go_back(day: date, first: int, second: int, calendrier: Calendrier) -> None:
    whole = add_working_days(day, first + second, calendrier)
    assert whole == add_working_days(add_working_days(day, first, calendrier), second, calendrier)
    assert add_working_days(day + timedelta(days=1), first, calendrier) >= add_working_days(day, first, calendrier)


@given(days, calendars)
def test_a_territory_has_the_holidays_of_the_mainland_at_least(day: date, calendrier: Calendrier) -> None:
    if is_working_day(day, calendrier):
        assert is_working_day(day, calendar_of("metropole"))


def test_a_practice_says_on_which_other_days_its_caisse_is_closed_or_open() -> None:
    custom = Calendrier("essai", "guadeloupe", feries=("vendredi-saint", "07-21", "2026-03-13"), ouvres=("05-27",))
    assert not is_working_day(date(2026, 4, 3), custom)
    assert not is_working_day(date(2027, 3, 26), custom)
    assert not is_working_day(date(2026, 7, 21), custom)
    assert not is_working_day(date(2026, 3, 13), custom)
    assert is_working_day(date(2025, 3, 13), custom)
    assert is_working_day(date(2026, 5, 27), custom)
    assert not is_working_day(date(2026, 4, 3), Calendrier("autre", "guadeloupe", feries=("vendredi-saint",)))
    assert is_working_day(date(2026, 4, 3), Calendrier("autre", "alsace-moselle", ouvres=("vendredi-saint",)))
    assert is_working_day(date(2026, 3, 12), Calendrier("autre", "guadeloupe"))
    assert not is_working_day(date(2026, 3, 12), Calendrier("autre", "guadeloupe", feries=("mi-careme",)))
    assert not is_working_day(date(2028, 2, 29), Calendrier("autre", feries=("02-29",)))
    assert is_working_day(date(2027, 3, 1), Calendrier("autre", feries=("02-29",)))


@pytest.mark.parametrize("name", ["", "13-01", "02-30", "2026-02-29", "26-07-21", "paques", "7-21", "07-21 "])
def test_a_day_that_is_none_is_refused_at_once(name: str) -> None:
    with pytest.raises(UsageError) as refused:
        Calendrier("essai", ouvres=(name,))
    assert refused.value.code == "calendrier.jour"


def test_a_territory_that_is_not_known_is_never_taken_for_the_mainland() -> None:
    for name in ("GES", "67", "GF", "Alsace-Moselle"):
        with pytest.raises(UsageError) as refused:
            calendar_of(name)
        assert refused.value.code == "calendrier.inconnu"


def test_a_delay_of_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="one working day"):
        add_working_days(date(2026, 10, 5), 0, calendar_of("metropole"))
