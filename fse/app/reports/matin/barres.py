"""Bars drawn as SVG: lengths in a frame of fixed width, whole numbers only, so that the same amounts draw the same.

A chart shows, the table under it tells: nothing is said by a length or a colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LARGEUR = 600
"""Units of the longest bar; the frame is wider, for the amount written after it."""

HAUTEUR, PAS = 22, 34
"""Units: height of a bar, and from one bar to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of a bar: `rang` is that of its band (its shade), `montant` its centimes."""

    x: int
    largeur: int
    rang: int
    montant: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Barre:
    """One bar: `fin` is where it ends, `y` its top edge."""

    libelle: str
    montant: int
    y: int
    fin: int
    segments: tuple[Segment, ...]


def bars(rows: Sequence[tuple[str, Sequence[int]]]) -> tuple[Barre, ...]:
    """A bar a row, cut in the amounts of its bands; the longest fills the frame; what is not positive has no length.

    >>> [(one.fin, [each.largeur for each in one.segments]) for one in bars([("997", (300, 100)), ("998", (0, 200))])]
    [(600, [450, 150]), (300, [300])]
    """
    longest = max((_total(bands) for _, bands in rows), default=0)
    found = []
    for place, (libelle, bands) in enumerate(rows):
        segments, before = [], 0
        for rang, montant in enumerate(bands):
            if montant > 0:
                start = before * LARGEUR // longest
                before += montant
                segments.append(
                    Segment(x=start, largeur=before * LARGEUR // longest - start, rang=rang, montant=montant)
                )
        end = segments[-1].x + segments[-1].largeur if segments else 0
        found.append(Barre(libelle=libelle, montant=sum(bands), y=place * PAS, fin=end, segments=tuple(segments)))
    return tuple(found)


def _total(bands: Sequence[int]) -> int:
    return sum(one for one in bands if one > 0)
