"""Civil dates of the norm: six digits AAMMJJ, and integer days since 1970-01-01 for the relations; periods of days.

Two-digit years pivot at 80: 80-99 are 1980-1999, 00-79 are 2000-2079 (architecture, decision 4; our choice).
Birth dates are not dates of this module: they stay as six characters, for lunar months are legal.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Protocol

_PIVOT = 80
_EPOCH = date(1970, 1, 1)


def parse_aammjj(text: str) -> date:
    """The date of six ASCII digits. Raises `ValueError` when it is not a day of the calendar."""
    year = int(text[0:2])
    return date((1900 if year >= _PIVOT else 2000) + year, int(text[2:4]), int(text[4:6]))


def format_aammjj(day: date) -> str:
    """Six digits. Raises `ValueError` outside 1980-2079, which two digits cannot tell."""
    if not 1900 + _PIVOT <= day.year < 2000 + _PIVOT:
        raise ValueError(f"{day} does not fit a two-digit year")
    return day.strftime("%y%m%d")


def to_days(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def from_days(days: int) -> date:
    """The date that is `days` after 1970-01-01."""
    return _EPOCH + timedelta(days=days)


class Period(Protocol):
    """From a day to a day, both included; `fin` `None`: no end is known."""

    @property
    def debut(self) -> date: ...

    @property
    def fin(self) -> date | None: ...


def holds(period: Period, le: date) -> bool:
    """Whether a day is in a period."""
    return period.debut <= le and (period.fin is None or le <= period.fin)


def overlap(one: Period, other: Period) -> bool:
    """Whether two periods share a day."""
    return one.debut <= (other.fin or date.max) and other.debut <= (one.fin or date.max)


def add_months(day: date, months: int) -> date:
    """The same day so many civil months later, the last of the month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
