"""The rules of pricing (`schemas/ngap/regles/*.toml`): every one that fse applies stands there, and holds by its dates.

A rule names acts by labels (`actes.labels_of`): the name of an act, a letter ("AMI"), a letter and its coefficient
("AMI 1.5"), a label of our tables. What each genre says besides:

| genre | keys | meaning |
|---|---|---|
| `calcul` | | how fse computes; the code is in `fse.domain.cotation` |
| `controle` | `gravite`, `message`, `action` | what fse verifies; the code is in `fse.domain.cotation` |
| `hors_rang` | `actes` | billed in full, whatever else is done: article 11 B does not rank them |
| `groupe` | `actes` | together they are one act, whose coefficient is their sum |
| `derogation` | `actes`, `avec`, `part` | with one of `avec` (none: any other), billed at `part` percent without taking a rank |
| `exclusion` | `actes`, `avec`, `portee`, `effet`, … | not with one of `avec` in the same `seance` or `jour`: `refus` or `non_facture` |
| `plafond` | `actes`, `maximum`, `portee`, … | at most so many a `seance`, `jour`, `mois`, `annee`, `patient` (ever) |
| `condition` | `actes`, `lieux`, `age_maximum`, `seul`, `avec`, `coefficient_maximum`, `heures`, `jours`, `ordonnance`, … | what the facts must be |

Deleting one takes its effect away: a test does so with each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from functools import cache
from typing import Any, Literal, get_args

from fse.base import resources
from fse.base.findings import Severity
from fse.norm.referentiels.entetes import CLE
from fse.norm.referentiels.entries import CONFIANCES
from fse.norm.referentiels.ngap.actes import PROFESSIONS
from fse.norm.referentiels.parametres import DROIT, Regime

_FOLDER = "ngap/regles"

Portee = Literal["seance", "jour", "mois", "annee", "patient"]
Effet = Literal["refus", "non_facture"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regle:
    """What every rule says. `debut` `None`: its start is not known. `professions` empty: all."""

    nom: str
    libelle: str
    article: str
    source: str
    confiance: str
    debut: date | None = None
    fin: date | None = None
    regime: Regime = DROIT
    professions: frozenset[str] = frozenset()

    def holds(self, le: date, profession: str) -> bool:
        """Whether it applies to this profession on a day."""
        concerned = not self.professions or profession in self.professions
        return concerned and (self.debut is None or self.debut <= le) and (self.fin is None or le <= self.fin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calcul(Regle):
    """Says how an amount is computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controle(Regle):
    """Can give a finding: its severity, French message and next action, with what is between braces filled in."""

    gravite: Severity
    message: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HorsRang(Regle):
    actes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Groupe(Regle):
    actes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derogation(Regle):
    actes: frozenset[str]
    avec: frozenset[str] = frozenset()
    part: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion(Controle):
    actes: frozenset[str]
    avec: frozenset[str]
    portee: Portee = "seance"
    effet: Effet = "refus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plafond(Controle):
    actes: frozenset[str]
    maximum: int
    portee: Portee


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Controle):
    """All that is said must hold. `heures`: periods "HH:MM-HH:MM" that may pass midnight; `jours`: "dimanche", "ferie".

    `seul`: no other act of the labels `soins`; `ordonnance`: what it must say ("nuit", "quotidienne").
    """

    actes: frozenset[str]
    lieux: frozenset[str] = frozenset()
    age_maximum: int | None = None
    seul: bool = False
    avec: frozenset[str] = frozenset()
    coefficient_maximum: str | None = None
    heures: tuple[str, ...] = ()
    jours: frozenset[str] = frozenset()
    ordonnance: frozenset[str] = frozenset()
    urgence: bool = False


GENRES: dict[str, type[Regle]] = {
    "calcul": Calcul,
    "controle": Controle,
    "hors_rang": HorsRang,
    "groupe": Groupe,
    "derogation": Derogation,
    "exclusion": Exclusion,
    "plafond": Plafond,
    "condition": Condition,
}
"""The genre of a rule in its file, and its class."""


@cache
def regles() -> Mapping[str, Regle]:
    """Every rule, by name, in the order of the files. Raises `ValueError` on data that cannot be used."""
    found: dict[str, Regle] = {}
    for path in resources.list_files(_FOLDER, ".toml"):
        for regle in read_regles(resources.read_text(path)):
            if regle.nom in found:
                raise ValueError(f"rule {regle.nom} stands twice in schemas/{_FOLDER}")
            found[regle.nom] = regle
    return found


def read_regles(text: str) -> Iterator[Regle]:
    """The rules that a TOML text states. Raises `ValueError`."""
    for nom, entry in tomllib.loads(text).items():
        if nom != CLE:
            yield _regle(nom, entry)


def _regle(nom: str, entry: Mapping[str, Any]) -> Regle:
    kind = GENRES.get(entry.get("genre", ""))
    if kind is None:
        raise ValueError(f"rule {nom}: genre is one of {', '.join(GENRES)}")
    known = {one.name: one for one in fields(kind) if one.name != "nom"}
    said = {key: value for key, value in entry.items() if key != "genre"}
    needed = {key for key, one in known.items() if one.default is MISSING and one.default_factory is MISSING}
    if not needed <= set(said) <= set(known):
        raise ValueError(
            f"rule {nom}: keys {sorted(needed - set(said))} missing, {sorted(set(said) - set(known))} unknown"
        )
    regle = kind(nom=nom, **{key: _value(str(known[key].type), value) for key, value in said.items()})
    _check(regle)
    return regle


def _value(kind: str, value: Any) -> Any:
    if kind.startswith("frozenset"):
        return frozenset(value)
    if kind.startswith("tuple"):
        return tuple(value)
    return Severity(value) if kind == "Severity" else value


def _check(regle: Regle) -> None:
    good = (
        all(one is None or type(one) is date for one in (regle.debut, regle.fin))
        and regle.confiance in CONFIANCES
        and regle.regime in get_args(Regime)
        and regle.professions <= set(PROFESSIONS)
        and all((regle.libelle, regle.article, regle.source))
        and getattr(regle, "portee", "seance") in get_args(Portee)
        and getattr(regle, "effet", "refus") in get_args(Effet)
    )
    if not good:
        raise ValueError(f"rule {regle.nom} cannot be used")
