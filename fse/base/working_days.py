"""Working days (`jours ouvrés`): Monday to Friday without the public holidays of a territory. This is our reading.

No public text of the field defines them (regles.md 0); Saturday is not one. A delay of n working days starts the day
after what starts it and ends on the n-th working day: what happens on that day is still in time.

The days come from the library `holidays`, less those that are only customary and that it lists too: Good Friday and
mid-Lent in Guadeloupe, the day of Victor Schoelcher (21 July) in Guadeloupe, Martinique and Saint-Martin. The legal
ones are those of the labour code: L3133-1 everywhere, L3134-13 in Alsace-Moselle, L3422-2 and the decree 83-1003
overseas. Good Friday is legal in Alsace-Moselle only where the commune has a Protestant church: we count it everywhere
there. A practice whose caisse is open or closed on another day says so (`Calendrier`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from fse.base.errors import UsageError

_SUBDIVISIONS: dict[str, str | None] = {
    "metropole": None,
    "alsace-moselle": "6AE",
    "guadeloupe": "971",
    "martinique": "972",
    "guyane": "973",
    "la-reunion": "974",
    "mayotte": "976",
    "saint-barthelemy": "BL",
    "saint-martin": "MF",
    "saint-pierre-et-miquelon": "PM",
}
"""Territory → subdivision of the library, one by one: a département that it does not know it takes for the mainland."""

TERRITOIRES = tuple(_SUBDIVISIONS)
"""The names of the territories."""

_CUSTOMARY: dict[str, tuple[str, ...]] = {
    "guadeloupe": ("vendredi-saint", "mi-careme", "07-21"),
    "martinique": ("07-21",),
    "saint-martin": ("07-21",),
}

_BEFORE_EASTER = {"vendredi-saint": 2, "mi-careme": 24}
"""Days that move with Easter: how many days before it."""

_GOOD_FRIDAY_FROM = 1893
_LAW_OF_EASTER = "6AE"
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendrier:
    """The working days of a caisse: those of a territory, less `feries`, with `ouvres`.

    A day is "AAAA-MM-JJ", "MM-JJ" for every year, "vendredi-saint" or "mi-careme". `ouvres` only lifts a holiday: a
    Saturday or a Sunday is never worked. Raises `UsageError` (`calendrier.inconnu`, `calendrier.jour`).
    """

    nom: str
    territoire: str = "metropole"
    feries: tuple[str, ...] = ()
    ouvres: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.territoire not in _SUBDIVISIONS:
            raise _unknown(self.territoire)
        for name in (*self.feries, *self.ouvres):
            _day_of(name, 2000)


METROPOLE = Calendrier("metropole")
"""The calendar of the mainland, Alsace and Moselle excepted."""


def calendar_of(territoire: str) -> Calendrier:
    """The legal calendar of a territory. Raises `UsageError` (`calendrier.inconnu`)."""
    return Calendrier(territoire, territoire)


def is_working_day(day: date, calendrier: Calendrier) -> bool:
    """True from Monday to Friday, unless the day is a public holiday there."""
    return day.weekday() < _SATURDAY and day not in _holidays(calendrier, day.year)


def is_holiday(day: date, calendrier: Calendrier) -> bool:
    """Whether a day is a public holiday; a Sunday is not one for that."""
    return day in _holidays(calendrier, day.year)


def add_working_days(day: date, number: int, calendrier: Calendrier) -> date:
    """The last day of a delay of `number` working days (1 or more) that starts with what happened on `day`.

    The day itself does not count. Raises `ValueError` on a number below 1.

    >>> add_working_days(date(2026, 10, 8), 2, METROPOLE)  # a Thursday: Friday, then Monday
    datetime.date(2026, 10, 12)
    """
    if number < 1:
        raise ValueError("a delay is of one working day at least")
    while number:
        day += timedelta(days=1)
        number -= is_working_day(day, calendrier)
    return day


@cache
def _holidays(calendrier: Calendrier, year: int) -> frozenset[date]:
    lifted = {*_days(_CUSTOMARY.get(calendrier.territoire, ()), year), *_days(calendrier.ouvres, year)}
    listed = _listed(_SUBDIVISIONS[calendrier.territoire], year)
    return frozenset((listed - lifted) | set(_days(calendrier.feries, year)))


@cache
def _listed(subdivision: str | None, year: int) -> frozenset[date]:
    """What the library lists; imported here: it takes half a second."""
    from holidays import country_holidays

    return frozenset(country_holidays("FR", subdiv=subdivision, years=year, expand=False))


def _days(names: Iterable[str], year: int) -> Iterator[date]:
    for name in names:
        day = _day_of(name, year)
        if day is not None:
            yield day


def _day_of(name: str, year: int) -> date | None:
    """The day of this name in a year, `None` when it has none."""
    if name in _BEFORE_EASTER:
        return _easter(year) - timedelta(days=_BEFORE_EASTER[name])
    full = re.fullmatch(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})", name)
    if full is None:
        raise _no_day(name)
    wanted, month, day = int(full[1] or year), int(full[2]), int(full[3])
    try:
        found = date(wanted, month, day)
    except ValueError:
        if (month, day) == (2, 29) and full[1] is None:
            return None
        raise _no_day(name) from None
    return found if wanted == year else None


def _easter(year: int) -> date:
    """Easter Sunday: two days after the Good Friday that Alsace-Moselle has and the mainland does not."""
    if year < _GOOD_FRIDAY_FROM:
        raise ValueError("no Good Friday is listed so early")
    return min(_listed(_LAW_OF_EASTER, year) - _listed(None, year)) + timedelta(days=_BEFORE_EASTER["vendredi-saint"])


def _unknown(territoire: str) -> UsageError:
    return UsageError(
        "calendrier.inconnu",
        f"Le calendrier « {territoire} » n'est pas connu.",
        action=f"Donner l'un de : {', '.join(TERRITOIRES)}.",
    )


def _no_day(name: str) -> UsageError:
    return UsageError(
        "calendrier.jour",
        f"« {name} » n'est pas un jour de calendrier.",
        action="Écrire AAAA-MM-JJ, MM-JJ pour tous les ans, vendredi-saint ou mi-careme.",
    )
