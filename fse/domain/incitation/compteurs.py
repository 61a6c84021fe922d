"""Counters that a doctor copies from what the fund sends: uses of the teleservices, share of fees without overruns.

Article 39 of the draft follows the commitments of an option each quarter: one quarter below warns, two in a row may end
the membership (article 41). What the practice itself billed is in `fse pratique`; these are the figures of the fund.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

TELESERVICES = {
    "protocoles-ald": "protocoles de soins électroniques",
    "arrets-travail": "avis d'arrêt de travail dématérialisés",
    "declarations-medecin-traitant": "déclarations de médecin traitant en ligne",
}
"""Those of article 57.1 of the draft."""

Suite = Literal["respecte", "avertissement", "resiliation-possible", "sans-activite"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Teleservice:
    """How often a teleservice was used, of how many documents of its kind; `total` is `None` when it is not given."""

    nom: str
    nombre: int
    total: int | None

    @property
    def part(self) -> Fraction | None:
        return Fraction(self.nombre, self.total) if self.total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimestre:
    """Fees of a quarter (1 to 4) in centimes, for one kind of acts: without overrun, and all of them."""

    trimestre: int
    activite: Literal["clinique", "technique", "ensemble"]
    sans_depassement: int
    total: int

    @property
    def ratio(self) -> Fraction | None:
        return Fraction(self.sans_depassement, self.total) if self.total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrimestreSuivi:
    """A quarter: its shares, and what it leads to. `seuil` is an exact fraction."""

    trimestre: int
    mesures: tuple[tuple[Trimestre, bool | None], ...]
    suite: Suite


def follow_quarters(mesures: Iterable[Trimestre], seuil: Fraction) -> tuple[TrimestreSuivi, ...]:
    """The quarters in order: a commitment is kept from its threshold on, at that exact fraction.

    A quarter without fees says nothing; like one that is not given, it breaks a sequence.
    """
    found: list[TrimestreSuivi] = []
    given = sorted(mesures, key=lambda one: (one.trimestre, one.activite))
    for number in sorted({one.trimestre for one in given}):
        judged = tuple(
            (one, None if one.ratio is None else one.ratio >= seuil) for one in given if one.trimestre == number
        )
        found.append(TrimestreSuivi(trimestre=number, mesures=judged, suite=_suite(judged, number, found)))
    return tuple(found)


def _suite(judged: tuple[tuple[Trimestre, bool | None], ...], number: int, before: list[TrimestreSuivi]) -> Suite:
    verdicts = {verdict for _, verdict in judged}
    if False in verdicts:
        below = {one.trimestre for one in before if one.suite in ("avertissement", "resiliation-possible")}
        return "resiliation-possible" if number - 1 in below else "avertissement"
    return "respecte" if True in verdicts else "sans-activite"
