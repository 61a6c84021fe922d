"""Where the year ends at the pace of today, and what would have to change: told, with how it was computed.

The method is ours. Pace: the units in the scope a day since the first day of the period. Usual rate: that of the last
`RECENT` days, of the whole period when fewer than `ENOUGH` units fall in them. Interval: the usual rate within that of
Wilson at 95 %, carried to the end. FSE that the fund may still receive make a second end of the year, where they all
are: only what is out of reach there too is out of reach. Nothing here suggests splitting a sheet, moving a date or
declaring an exclusion.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from fse.domain.incitation.feuilles import PAS_ENCORE
from fse.domain.incitation.taux import Decompte

RECENT = 90
ENOUGH = 30
_Z = 1.96
"""Standard deviations that hold 95 % of a normal law."""

_Done = tuple[date, int, bool]
"""The day of an act or sheet of the scope, how many units it stands for, whether it is an FSE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """As of a day. Rates are fractions; numbers are of units of the scheme (acts or sheets).

    `reste`: units still to come at this pace. `manquent`: how many in a row, all FSE, would reach the threshold, 0 when
    it is reached; `a_fse`: how many of the `reste` have to be FSE for the year to end at the threshold. `possible`:
    whether `a_fse` fits in `reste`. `limite`: the last day until which one may go on as now and still reach it with
    nothing but FSE afterwards, `None` when it is reached at the usual rate, or out of reach. `si_recues`: the same,
    were all the FSE received that may still be (`Decompte.pas_encore`), `None` without any.
    """

    le: date
    rythme: Fraction
    habituel: Fraction
    reste: int
    taux: Fraction
    bas: Fraction
    haut: Fraction
    manquent: int
    a_fse: int
    possible: bool
    limite: date | None
    si_recues: Projection | None = None


def project(decompte: Decompte, le: date) -> Projection | None:
    """The end of the year of a count made as of a day, `None` before its period, after it, or without any activity."""
    debut, fin = decompte.scheme.period(decompte.annee)
    if decompte.taux is None or not debut <= le < fin:
        return None
    found = _end(decompte, le, fin, frozenset())
    return replace(found, si_recues=_end(decompte, le, fin, PAS_ENCORE)) if decompte.pas_encore else found


def _end(decompte: Decompte, le: date, fin: date, recues: Collection[str]) -> Projection:
    """FSE of these causes are counted as received."""
    units = (*decompte.fse, *decompte.autres)
    scope = [(one.date, one.nombre, not one.cause or one.cause in recues) for one in units]
    done, now = _sums(scope)
    seuil, left = decompte.scheme.seuil, (fin - le).days
    pace = Fraction(now, (le - decompte.debut).days + 1)
    reste = round(pace * left)
    usual, low, high = _usual(scope, le)
    total = now + reste
    a_fse = max(0, math.ceil(seuil * total - done))
    return Projection(
        le=le,
        rythme=pace,
        habituel=usual,
        reste=reste,
        taux=(done + usual * reste) / total,
        bas=(done + low * reste) / total,
        haut=(done + high * reste) / total,
        manquent=missing(done, now, seuil),
        a_fse=a_fse,
        possible=a_fse <= reste,
        limite=_last_day(le, usual, reste, seuil * total - done, left),
    )


def _sums(scope: Iterable[_Done]) -> tuple[int, int]:
    """How many units are FSE, and how many there are."""
    counts = [(number * fse, number) for _, number, fse in scope]
    return sum(fse for fse, _ in counts), sum(number for _, number in counts)


def missing(done: int, scope: int, seuil: Fraction) -> int:
    """How many more units, all FSE, make `done` of `scope` reach a threshold; with a threshold of 1, what is lost stays
    lost: the number of units that are no FSE.

    >>> missing(70, 100, Fraction(3, 4)), missing(75, 100, Fraction(3, 4))
    (20, 0)
    """
    if done >= seuil * scope:
        return 0
    return scope - done if seuil == 1 else math.ceil((seuil * scope - done) / (1 - seuil))


def _usual(scope: Sequence[_Done], le: date) -> tuple[Fraction, Fraction, Fraction]:
    """The usual rate, and the bounds of its interval."""
    fse, count = _sums(one for one in scope if one[0] > le - timedelta(days=RECENT))
    if count < ENOUGH:
        fse, count = _sums(scope)
    share = Fraction(fse, count)
    middle = (float(share) + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    spread = _Z / (1 + _Z**2 / count) * math.sqrt(float(share * (1 - share)) / count + _Z**2 / (4 * count**2))
    bounds = (Fraction(max(0.0, middle - spread)), Fraction(min(1.0, middle + spread)))
    return share, min(share, bounds[0]), max(share, bounds[1])


def _last_day(le: date, usual: Fraction, reste: int, needed: Fraction, left: int) -> date | None:
    """`reste` units come evenly in `left` days. As now for t days, then FSE only, makes what is needed as long as
    usual·(reste/left)·t + (reste/left)·(left − t) ≥ needed.
    """
    slack = reste - needed
    if slack < 0 or usual * reste >= needed:
        return None
    return le + timedelta(days=min(left, math.floor(slack * left / (reste * (1 - usual)))))
