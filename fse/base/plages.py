"""Ranges of numbers: what the norm allows, and what a workstation reserves of it so that no two give one number.

>>> poste = Plage(200, 399)
>>> 200 in poste, 399 in poste, 400 in poste, str(poste)
(True, True, False, '200 à 399')
>>> poste.crosses(Plage(399, 500)), poste.crosses(Plage(400, 500))
(True, False)

A number that cycles goes back to the first once the last was given: `at` is where an ordinal falls.

>>> [poste.at(ordinal) for ordinal in (200, 399, 400, 1)], [LOTS.at(ordinal) for ordinal in (1, 999, 1000)]
([200, 399, 200, 201], [1, 999, 1])
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plage:
    """The numbers from `premier` to `dernier`, both included."""

    premier: int
    dernier: int

    @property
    def taille(self) -> int:
        return self.dernier - self.premier + 1

    def __contains__(self, numero: int) -> bool:
        return self.premier <= numero <= self.dernier

    def __str__(self) -> str:
        return f"{self.premier} à {self.dernier}"

    def crosses(self, other: Plage) -> bool:
        """True when some number is of both."""
        return self.premier <= other.dernier and other.premier <= self.dernier

    def at(self, ordinal: int) -> int:
        """The number on which an ordinal falls, the range being gone through again and again."""
        return self.premier + (ordinal - self.premier) % self.taille


FACTURES = Plage(1, 999_999_999)
"""Numbers of invoices: 9 digits (b2.md, record 2)."""

LOTS = Plage(1, 999)
"""Numbers of lots: 3 digits, which come back (b2.md, record 1)."""

FICHIERS = Plage(1, 999_999)
"""File ids of a sender: 6 digits (b2.md, record 000)."""
