"""The curve of a year as SVG: whole numbers in a fixed frame, so that the same count draws the same.

A chart shows, the table under it tells: nothing is said by a place or a colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from fse.app.operations.incitation import phrases
from fse.domain.incitation.mois import Mois, by_month
from fse.domain.incitation.taux import Decompte

LARGEUR, HAUTEUR = 660, 220
"""Units from 1 January to 31 December, and from 0 to 100 %."""

_PAS = LARGEUR // 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A month: where its own rate stands, `None` without activity. `x` is the middle of the month."""

    x: int
    y: int | None
    mois: Mois


@dataclass(frozen=True, slots=True, kw_only=True)
class Seuil:
    """A line to reach, from side to side."""

    y: int
    libelle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Courbe:
    """`trace`: the points of the rate since the first day, as SVG takes them, "" without activity; `fin`: its last one.
    A month that is not begun has no point.
    """

    points: tuple[Point, ...]
    trace: str
    fin: tuple[int, int] | None
    seuils: tuple[Seuil, ...]


def curve(decompte: Decompte) -> Courbe:
    """The curve of a count: the rate since the first day, that of each month, the thresholds."""
    scheme = decompte.scheme
    points = tuple(
        Point(x=(one.premier.month - 1) * _PAS + _PAS // 2, y=None if one.taux is None else _place(one.taux), mois=one)
        for one in by_month(decompte)
    )
    line = [(one.x, _place(one.mois.cumul)) for one in points if one.mois.cumul is not None]
    lines = [Seuil(y=_place(scheme.seuil), libelle=f"seuil {phrases.threshold(scheme.seuil)}")]
    if scheme.bande is not None:
        lines.append(Seuil(y=_place(scheme.bande), libelle=f"commission {phrases.threshold(scheme.bande)}"))
    return Courbe(
        points=points,
        trace=" ".join(f"{x},{y}" for x, y in line),
        fin=line[-1] if line else None,
        seuils=tuple(lines),
    )


def _place(taux: Fraction) -> int:
    """From the top: 100 % is 0. Rounded towards the bottom: what is not reached is not drawn as reached.

    >>> _place(Fraction(1)), _place(Fraction(3, 4)), _place(Fraction(74999, 100000)), _place(Fraction(0))
    (0, 55, 56, 220)
    """
    return HAUTEUR - taux.numerator * HAUTEUR // taux.denominator
