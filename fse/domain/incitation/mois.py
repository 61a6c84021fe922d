"""The count of a year, month by month: what a curve draws and what a commission reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fse.domain.incitation.taux import Decompte, Liste, rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Mois:
    """A month from its first day. Numbers of units of the scheme; `cumul`: the rate since the first day of the period,
    `None` while nothing is in the scope.
    """

    premier: date
    fse: int
    autres: int
    exclues: int
    cumul: Fraction | None

    @property
    def taux(self) -> Fraction | None:
        """Of this month alone."""
        return rate(self.fse, self.autres)


def by_month(decompte: Decompte) -> tuple[Mois, ...]:
    """Every month from the first day of the count to its last, those without activity too."""
    seen: Counter[tuple[int, Liste]] = Counter()
    for one in decompte.unites:
        seen[one.date.month, one.liste] += one.nombre
    found, fse, autres = [], 0, 0
    for month in range(decompte.debut.month, decompte.fin.month + 1):
        fse += seen[month, "fse"]
        autres += seen[month, "autres"]
        found.append(
            Mois(
                premier=date(decompte.annee, month, 1),
                fse=seen[month, "fse"],
                autres=seen[month, "autres"],
                exclues=seen[month, "exclues"],
                cumul=rate(fse, autres),
            )
        )
    return tuple(found)
