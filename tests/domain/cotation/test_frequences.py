"""How often: counts, shares of the visits, weeks of SNP from whichever day they start on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from fse.domain.cotation.medecins.frequences import Semaine, beyond, frequences_of, semaines_of

FRIDAY, SUNDAY, MONDAY = date(2026, 11, 6), date(2026, 11, 8), date(2026, 11, 9)
JOURS = {FRIDAY: 12, SUNDAY: 8, MONDAY: 5}


@pytest.mark.parametrize(
    ("premier_jour", "expected"),
    [
        pytest.param(1, [(date(2026, 11, 2), 20), (date(2026, 11, 9), 5)], id="from Monday"),
        pytest.param(7, [(date(2026, 11, 1), 12), (date(2026, 11, 8), 13)], id="from Sunday"),
        pytest.param(
            0, [(date(2026, 10, 31), 12), (date(2026, 11, 2), 20), (date(2026, 11, 3), 25)], id="seven days that end"
        ),
    ],
)
def test_a_week_starts_as_the_parameter_says(premier_jour: int, expected: list[tuple[date, int]]) -> None:
    found = semaines_of(JOURS, premier_jour)
    assert [(one.debut, one.nombre) for one in found] == expected
    assert all((one.fin - one.debut).days == 6 for one in found)


def test_twenty_is_not_beyond_twenty() -> None:
    weeks = [Semaine(debut=FRIDAY, fin=SUNDAY, nombre=count) for count in (20, 21)]
    assert [one.nombre for one in beyond(weeks, 20)] == [21]


def test_what_is_counted_together_is_also_told_by_code() -> None:
    found = {one.nom: one for one in frequences_of({"MN": 2, "F": 1, "G": 40, "MHP": 1, "YYYY010": 3}, 48)}
    assert (found["urgence"].nombre, found["urgence"].detail) == (3, (("MN", 2), ("F", 1)))
    assert found["urgence"].part == Decimal("6.3"), "3 of 48 is 6.25 %"
    assert [found[nom].nombre for nom in ("premier-recours", "mhp", "soins-non-programmes")] == [3, 1, 0]


def test_without_a_visit_there_is_no_share() -> None:
    assert {one.part for one in frequences_of({}, 0)} == {None}
