"""What a file of indicators is worth in a table of performance pay: indicator by indicator, exact, one rounding.

The formula is regles.md D.2, of memory and consistent with article 26.4 of the draft: nothing up to the initial level,
half of the points at the intermediate objective, all of them from the target on, in a straight line between; the other
way round when lower is better. A term that neither the table nor the file gives is not supplied: the indicator then has
no result, and the total is told as bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from fse.base.money import amount_of
from fse.norm.referentiels.remuneration import BaremeRemuneration, Genre, Indicateur

Cas = Literal[
    "rempli",
    "non-rempli",
    "cible",
    "au-dela-intermediaire",
    "progression",
    "sans-progression",
    "neutralise",
    "non-renseigne",
    "sans-cible",
    "sans-intermediaire",
    "sans-initial",
]
"""Which branch of the formula an indicator took, or why it has no result: a key of `CAS`."""

CAS: Mapping[Cas, str] = {
    "rempli": "condition remplie : tous les points",
    "non-rempli": "condition non remplie",
    "cible": "objectif cible atteint : tous les points",
    "au-dela-intermediaire": "objectif intermédiaire atteint : la moitié des points, et une part de l'autre moitié",
    "progression": "entre le niveau initial et l'objectif intermédiaire : une part de la moitié des points",
    "sans-progression": "niveau initial non dépassé : aucun point",
    "neutralise": "seuil minimal non atteint : ni gain ni perte",
    "non-renseigne": "absent du fichier : non compté",
    "sans-cible": "objectif cible laissé en blanc : pas de résultat",
    "sans-intermediaire": "cible non atteinte et objectif intermédiaire inconnu : pas de résultat",
    "sans-initial": "objectif intermédiaire non atteint et niveau initial inconnu : pas de résultat",
}
"""As a reader sees it."""

_SANS_RESULTAT = frozenset({"sans-cible", "sans-intermediaire", "sans-initial"})
_HORS_COMPTE = frozenset({"neutralise", "non-renseigne"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesure:
    """What a file says of an indicator. `rempli` for one that is met or not, `None` for the others.

    Percentages as exact fractions: `valeur`, `initial` (the level at the start, T0), and the objectives that the table
    leaves blank. `effectif`: how many patients or boxes it is measured on.
    """

    rempli: bool | None = None
    valeur: Fraction | None = None
    effectif: int = 0
    initial: Fraction | None = None
    intermediaire: Fraction | None = None
    cible: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ligne:
    """An indicator with its result. `taux` from 0 to 1, `None` without one; `poids`: what its points are multiplied by.

    `intermediaire`, `cible`: those that served, of the table or else of the file.
    """

    indicateur: Indicateur
    mesure: Mesure | None
    cas: Cas
    taux: Fraction | None
    poids: Fraction
    intermediaire: Fraction | None
    cible: Fraction | None

    @property
    def points(self) -> Fraction | None:
        """Points got, weighted; `None` without a result."""
        return None if self.taux is None else self.indicateur.points * self.poids * self.taux

    @property
    def points_au_plus(self) -> Fraction:
        """The most that it can give: its points, else what its level still allows (half below the intermediate
        objective, all of them otherwise).
        """
        if self.points is not None:
            return self.points
        return self.possibles / 2 if self.cas == "sans-initial" else self.possibles

    @property
    def possibles(self) -> Fraction:
        """Points that it can give, weighted; none when it is neutralised or absent from the file."""
        return Fraction(0) if self.cas in _HORS_COMPTE else self.indicateur.points * self.poids


@dataclass(frozen=True, slots=True, kw_only=True)
class Remuneration:
    """A file in a table, in the order of the table. `point`: centimes, `None` when neither gives it."""

    bareme: BaremeRemuneration
    patients: int
    point: int | None
    lignes: tuple[Ligne, ...]

    @property
    def points(self) -> Fraction:
        """Those that are sure: the least of the total."""
        return sum((one.points for one in self.lignes if one.points is not None), Fraction(0))

    @property
    def points_au_plus(self) -> Fraction:
        """The most that the levels allow; equal to `points` when no indicator is without a result."""
        return sum((one.points_au_plus for one in self.lignes), Fraction(0))

    @property
    def possibles(self) -> Fraction:
        return sum((one.possibles for one in self.lignes), Fraction(0))

    @property
    def sans_resultat(self) -> tuple[Ligne, ...]:
        """What the blanks of the table leave without a result."""
        return tuple(one for one in self.lignes if one.cas in _SANS_RESULTAT)

    @property
    def montant(self) -> int | None:
        """Centimes of the sure points, rounded half up once, `None` when the point has no known value."""
        return None if self.point is None else amount_of(self.points, self.point)

    @property
    def montant_au_plus(self) -> int | None:
        return None if self.point is None else amount_of(self.points_au_plus, self.point)


def evaluate(
    bareme: BaremeRemuneration,
    mesures: Mapping[str, Mesure],
    *,
    patients: int,
    point: int | None,
    indicateurs: Mapping[str, Indicateur] | None = None,
) -> Remuneration:
    """A file in a table: its measures by name of indicator, its patients, the value of the point if the table has none.

    `indicateurs`: those of an open table, which the file states. Raises `ValueError` on a negative number of patients.
    """
    if patients < 0:
        raise ValueError("the number of patients is not negative")
    known = bareme.indicateurs if indicateurs is None else indicateurs
    weight = Fraction(patients, bareme.patientele)
    return Remuneration(
        bareme=bareme,
        patients=patients,
        point=point if bareme.point is None else bareme.point,
        lignes=tuple(
            _line(one, mesures.get(nom), weight if one.pondere else Fraction(1)) for nom, one in known.items()
        ),
    )


def _line(indicateur: Indicateur, mesure: Mesure | None, poids: Fraction) -> Ligne:
    given = mesure or Mesure()
    intermediaire = indicateur.intermediaire if indicateur.intermediaire is not None else given.intermediaire
    cible = indicateur.cible if indicateur.cible is not None else given.cible
    cas, taux = _result(indicateur, mesure, intermediaire, cible)
    return Ligne(
        indicateur=indicateur,
        mesure=mesure,
        cas=cas,
        taux=taux,
        poids=poids,
        intermediaire=intermediaire,
        cible=cible,
    )


def _result(
    indicateur: Indicateur, mesure: Mesure | None, intermediaire: Fraction | None, cible: Fraction | None
) -> tuple[Cas, Fraction | None]:
    if mesure is None:
        return "non-renseigne", None
    if indicateur.genre == "oui-non":
        return ("rempli", Fraction(1)) if mesure.rempli else ("non-rempli", Fraction(0))
    if mesure.effectif < indicateur.minimum:
        return "neutralise", None
    if mesure.valeur is None:
        return "non-renseigne", None
    return realisation(indicateur.genre, mesure.valeur, mesure.initial, intermediaire, cible)


def realisation(
    genre: Genre,
    mesure: Fraction,
    initial: Fraction | None,
    intermediaire: Fraction | None,
    cible: Fraction | None,
) -> tuple[Cas, Fraction | None]:
    """The part of the points that a level gives (regles.md D.2), as exact as its arguments; `None` when a term misses.

    An initial level at or past the intermediate objective leaves nothing between them: nothing is given below that.

    >>> realisation("hausse", Fraction(60), Fraction(40), Fraction(54), Fraction(65))
    ('au-dela-intermediaire', Fraction(17, 22))
    >>> realisation("baisse", Fraction(8), Fraction(9), Fraction(7), Fraction(5))
    ('progression', Fraction(1, 4))
    """
    if cible is None:
        return "sans-cible", None
    sign = -1 if genre == "baisse" else 1
    level, target = sign * mesure, sign * cible
    if level >= target:
        return "cible", Fraction(1)
    if intermediaire is None:
        return "sans-intermediaire", None
    middle, half = sign * intermediaire, Fraction(1, 2)
    if level >= middle:
        return "au-dela-intermediaire", half + half * (level - middle) / (target - middle)
    if initial is None:
        return "sans-initial", None
    start = sign * initial
    if level > start and middle > start:
        return "progression", half * (level - start) / (middle - start)
    return "sans-progression", Fraction(0)
