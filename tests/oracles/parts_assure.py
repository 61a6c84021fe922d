"""Who pays what of a doctor's acts, by hand from regles.md I.4: rates, path, flat sum. In centimes, exact.

Imports nothing of fse.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

CONSULTATION = {2023: 2500, 2024: 2650, 2026: 3000}
"""G at the beginning of June of a year (E.1)."""


class Parts(NamedTuple):
    """Compulsory part on the sheet, then what the caisse takes later from what it pays."""

    amo: int
    retenu: int


def half_up(exact: Fraction) -> int:
    return int(exact + Fraction(1, 2))


def parts(montant: int, annee: int, *, hors_parcours: bool, tiers_payant: bool, c2s: bool) -> Parts:
    """70 %; outside the path 40 points less, at most 40 % of G, later when a third party pays, but for C2S."""
    dans_le_parcours = half_up(Fraction(montant * 70, 100))
    if not hors_parcours:
        return Parts(dans_le_parcours, 0)
    plafond = half_up(Fraction(CONSULTATION[annee] * 40, 100))
    majoration = half_up(Fraction(montant * 40, 100))
    if majoration <= plafond and (c2s or not tiers_payant):
        return Parts(half_up(Fraction(montant * 30, 100)), 0)
    return Parts(dans_le_parcours, min(majoration, plafond))


def forfait(montants: list[int]) -> Parts | None:
    """The compulsory part of the acts of a session of 2026 with the flat sum, `None` below the threshold of 120,00."""
    total = sum(montants)
    return Parts(total - 2400, 0) if total >= 12000 else None
