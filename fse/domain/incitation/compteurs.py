"""Counters that a doctor copies from what the fund sends: uses of the teleservices, share of fees without overruns.

Article 39 of the draft follows the commitments of an option each quarter: one quarter below warns, two in a row may end
the membership (article 41). What the practice itself billed is in `fse pratique`; these are the figures of the fund.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

TELESERVICES = {
    "protocoles-ald": "protocoles de soins électroniques",
    "arrets-travail": "avis d'arrêt de travail dématérialisés",
    "declarations-medecin-traitant": "déclarations de médecin traitant en ligne",
}
"""Those of article 57.1 of the draft."""

Activite = Literal["clinique", "technique", "ensemble"]

ACTIVITES: Mapping[str, tuple[Activite, ...]] = {
    "option-coordination": ("clinique", "technique"),
    "secteur-optionnel": ("ensemble",),
}
"""The kinds of acts of which an option wants the share: of each (article 36), or of all together (article 44)."""

Suite = Literal["respecte", "avertissement", "resiliation-possible", "sans-activite", "incomplet"]
"""`incomplet`: a share that the option wants is not given, and none of the others is below."""


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
    activite: Activite
    sans_depassement: int
    total: int

    @property
    def ratio(self) -> Fraction | None:
        return Fraction(self.sans_depassement, self.total) if self.total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrimestreSuivi:
    """A quarter: its shares, each with whether the commitment is kept (`None` without fees), and what it leads to.

    `absentes`: the kinds of acts whose share is not given.
    """

    trimestre: int
    mesures: tuple[tuple[Trimestre, bool | None], ...]
    absentes: tuple[Activite, ...]
    suite: Suite


def follow_quarters(
    mesures: Iterable[Trimestre], seuil: Fraction, activites: tuple[Activite, ...]
) -> tuple[TrimestreSuivi, ...]:
    """The quarters in order: a commitment is kept from its threshold on, at that exact fraction, for each of these
    kinds of acts; one below is enough to break it.

    A quarter without fees says nothing; like one that is not given, or not whole, it breaks a sequence.
    """
    found: list[TrimestreSuivi] = []
    given = sorted(mesures, key=lambda one: (one.trimestre, one.activite))
    for number in sorted({one.trimestre for one in given}):
        judged = tuple(
            (one, None if one.ratio is None else one.ratio >= seuil) for one in given if one.trimestre == number
        )
        told = {one.activite for one, _ in judged}
        absent = tuple(one for one in activites if one not in told)
        suite = _suite({verdict for _, verdict in judged}, absent, number, found)
        found.append(TrimestreSuivi(trimestre=number, mesures=judged, absentes=absent, suite=suite))
    return tuple(found)


def _suite(
    verdicts: set[bool | None], absentes: tuple[Activite, ...], number: int, before: list[TrimestreSuivi]
) -> Suite:
    if False in verdicts:
        below = {one.trimestre for one in before if one.suite in ("avertissement", "resiliation-possible")}
        return "resiliation-possible" if number - 1 in below else "avertissement"
    if absentes:
        return "incomplet"
    return "respecte" if True in verdicts else "sans-activite"
