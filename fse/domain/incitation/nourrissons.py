"""Infants, whose acts are out of the scope of the incentives."""

from __future__ import annotations

from datetime import date

from fse.base.dates import add_months


def under_three_months(naissance: date, le: date) -> bool:
    """Whether someone born on a day is less than three months old on another; not on the day of the three months.

    When that month has no such day, its last one is taken: born on 30 November, they are three months old on 28 or 29
    February (our choice: no source says it).

    >>> [under_three_months(date(2025, 11, 30), date(2026, 2, day)) for day in (27, 28)]
    [True, False]
    """
    return naissance <= le < add_months(naissance, 3)
