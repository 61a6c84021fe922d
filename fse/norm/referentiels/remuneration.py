"""The tables of performance pay (`schemas/incitations/remuneration/*.toml`): indicators, points, objectives.

What a source leaves blank is `None` here and is never filled by us: a file of indicators may give it (regles.md D).
Levels and objectives are percentages, as exact fractions; points are whole; money in centimes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Literal, get_args

from fse.base import resources
from fse.norm.referentiels.entries import CONFIANCES
from fse.norm.referentiels.incitations import Dispositif
from fse.norm.referentiels.ngap.actes import PROFESSIONS
from fse.norm.referentiels.parametres import DROIT, Regime

Genre = Literal["oui-non", "hausse", "baisse"]
"""Met or not; a percentage that is better when it is higher; one that is better when it is lower."""

UniteMinimum = Literal["", "patients", "boites"]

_FOLDER = "incitations/remuneration"
_TABLES = {"fichier", "bareme", "volets", "indicateurs"}
_KEYS = {"libelle", "professions", "debut", "total", "patientele", "notes", "article", "source", "confiance"}
_OPTIONAL: Mapping[str, Any] = {"fin": None, "regime": DROIT, "point": None, "ouvert": False}
_INDICATOR = {"volet", "libelle", "points", "genre"}
_INDICATOR_OPTIONAL = {"pondere", "minimum", "unite_minimum", "intermediaire", "cible"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Volet:
    """A part of a table. `total`: its points; `pondere`: whether they follow the list of patients of the doctor."""

    nom: str
    libelle: str
    total: int
    pondere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicateur:
    """`minimum` of `unite_minimum`: the indicator is neutralised below it. `intermediaire`, `cible`: `None` when blank;
    of no use to an indicator that is met or not.
    """

    nom: str
    volet: str
    libelle: str
    points: int
    genre: Genre
    pondere: bool
    minimum: int = 0
    unite_minimum: UniteMinimum = ""
    intermediaire: Fraction | None = None
    cible: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaremeRemuneration(Dispositif):
    """A table of performance pay. `point`: its value, `None` when blank.

    `patientele`: the number of patients for which the points are defined. `ouvert`: no source gives its indicators, a
    file does. `notes`: what a reader must know, French.
    """

    total: int
    patientele: int
    point: int | None
    ouvert: bool
    notes: tuple[str, ...]
    volets: Mapping[str, Volet]
    indicateurs: Mapping[str, Indicateur]


@cache
def baremes() -> Mapping[str, BaremeRemuneration]:
    """Every table, by name. Raises `ValueError` on data that cannot be used."""
    found = {}
    for path in resources.list_files(_FOLDER, ".toml"):
        nom = path[len(_FOLDER) + 1 : -len(".toml")]
        found[nom] = read_bareme(nom, resources.read_text(path))
    return found


def read_bareme(nom: str, text: str) -> BaremeRemuneration:
    """The table that a TOML text states. Raises `ValueError`: a bad key or value, points that do not make a total."""
    said = tomllib.loads(text)
    head = said.get("bareme", {})
    if not set(said) <= _TABLES or not _KEYS <= set(head) <= _KEYS | set(_OPTIONAL):
        raise ValueError(f"table {nom}: keys {sorted(_KEYS - set(head))} missing, or unknown ones")
    volets = {name: Volet(nom=name, **entry) for name, entry in said["volets"].items()}
    read = BaremeRemuneration(
        nom=nom,
        volets=volets,
        indicateurs={name: _indicator(name, one, volets) for name, one in said.get("indicateurs", {}).items()},
        **{**_OPTIONAL, **head, "professions": frozenset(head["professions"]), "notes": tuple(head["notes"])},
    )
    good = (
        read.professions <= set(PROFESSIONS)
        and read.regime in get_args(Regime)
        and read.confiance in CONFIANCES
        and (read.fin is None or read.debut <= read.fin)
        and read.patientele > 0
        and all((read.libelle, read.article, read.source))
        and sum(one.total for one in volets.values()) == read.total
        and read.ouvert != bool(read.indicateurs)
        and (read.ouvert or all(_points(read, one.nom) == one.total for one in volets.values()))
    )
    if not good:
        raise ValueError(f"table {nom} cannot be used")
    return read


def _points(bareme: BaremeRemuneration, volet: str) -> int:
    return sum(one.points for one in bareme.indicateurs.values() if one.volet == volet)


def _indicator(nom: str, said: Mapping[str, Any], volets: Mapping[str, Volet]) -> Indicateur:
    if not _INDICATOR <= set(said) <= _INDICATOR | _INDICATOR_OPTIONAL or said["volet"] not in volets:
        raise ValueError(f"indicator {nom}: unknown part, keys missing, or unknown ones")
    levels = {key: Fraction(said[key]) for key in ("intermediaire", "cible") if key in said}
    read = Indicateur(nom=nom, **{"pondere": volets[said["volet"]].pondere, **said, **levels})
    good = (
        read.genre in get_args(Genre)
        and read.unite_minimum in get_args(UniteMinimum)
        and bool(read.minimum) == bool(read.unite_minimum)
        and read.points > 0
        and (read.genre != "oui-non" or not (levels or read.minimum))
        and ordered(read.genre, read.intermediaire, read.cible)
    )
    if not good:
        raise ValueError(f"indicator {nom} cannot be used")
    return read


def ordered(genre: Genre, intermediaire: Fraction | None, cible: Fraction | None) -> bool:
    """Whether an intermediate objective comes before the target; true while one of them is blank."""
    if intermediaire is None or cible is None:
        return True
    return intermediaire > cible if genre == "baisse" else intermediaire < cible
