"""The rules of pricing (`schemas/ngap/regles/*.toml`): every one that fse applies stands there, and holds by its dates.

A rule names acts by labels (`actes.labels_of`): the name of an act, a letter ("AMI"), a letter and its coefficient
("AMI 1.5"), a label of our tables. What each genre says besides:

| genre | keys | meaning |
|---|---|---|
| `calcul` | | how fse computes; the code is in `fse.domain.cotation` |
| `controle` | `gravite`, `message`, `action` | what fse verifies; the code is in `fse.domain.cotation` |
| `hors_rang` | `actes`, `premier` | billed in full, whatever else is done; `premier`: yet they take the first rank |
| `groupe` | `actes` | together they are one act, whose coefficient is their sum |
| `derogation` | `actes`, `avec`, `part` | with one of `avec` (none: any other), at `part` percent, without a rank |
| `exclusion` | `actes`, `avec`, `portee`, `effet` | not with one of `avec` within `portee`: `refus` or `non_facture` |
| `plafond` | `actes`, `maximum`, `portee`, … | at most so many within `portee` |
| `condition` | `actes`, and what its class lists | what the facts must be |
| `levee` | `regle`, `actes`, `avec` | that exclusion does not hold for these acts beside those |
| `classe` | `actes`, `coefficients`, `serie`, `duree`, … | how sessions count and last; the latest to start decides |
| `seuil` | `actes`, `montant`, `coefficient` | past which acts are costly: two parameters |
| `taux` | `taux`, `natures`, `exonerations` | the rate (a parameter) of who has one of these codes of the sheet |
| `obligation` | `action` | what is to do besides the care; the code is in `fse.domain.cotation.ngap.obligations` |

Deleting one takes its effect away: a test does so with each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Set
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal, get_args

from fse.base import resources
from fse.base.findings import Severity
from fse.norm.referentiels.entetes import CLE
from fse.norm.referentiels.entries import CONFIANCES
from fse.norm.referentiels.ngap.actes import PROFESSIONS
from fse.norm.referentiels.parametres import DROIT, Regime

_FOLDER = "ngap/regles"

Portee = Literal["seance", "jour", "mois", "annee", "patient", "trajet"]
"""How far a rule looks: in the session; in what was billed for the patient that day, that month, that year, ever; or in
what was billed before in the same trip to the same household or establishment, for whichever patient (`trajet`).
"""
Effet = Literal["refus", "non_facture"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regle:
    """What every rule says. `debut` `None`: its start is not known. `professions`, `disciplines` empty: all."""

    nom: str
    libelle: str
    article: str
    source: str
    confiance: str
    debut: date | None = None
    fin: date | None = None
    regime: Regime = DROIT
    professions: frozenset[str] = frozenset()
    disciplines: frozenset[str] = frozenset()

    def holds(self, le: date, profession: str, discipline: str = "") -> bool:
        """Whether it applies on a day to this profession and, for doctors, to this discipline."""
        concerned = (not self.professions or profession in self.professions) and (
            not self.disciplines or discipline in self.disciplines
        )
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
    """`premier`: the acts that article 11 B ranks come after them, the first of these being the second act."""

    actes: frozenset[str]
    premier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Groupe(Regle):
    """Of several acts that count as one."""

    actes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derogation(Regle):
    """To article 11 B."""

    actes: frozenset[str]
    avec: frozenset[str] = frozenset()
    part: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion(Controle):
    """`lieux`: the places of care where it applies, all of them when it names none.

    `sauf`: acts whose presence in the session lifts it. Of two acts of `actes` the last recorded is refused.
    """

    actes: frozenset[str]
    avec: frozenset[str]
    portee: Portee = "seance"
    effet: Effet = "refus"
    lieux: frozenset[str] = frozenset()
    sauf: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plafond(Controle):
    """`chacun`: each of the labels is counted apart."""

    actes: frozenset[str]
    maximum: int
    portee: Portee
    chacun: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Controle):
    """All that is said must hold. `heures`: periods "HH:MM-HH:MM" that may pass midnight; `jours`: "dimanche",
    "ferie", "samedi-urgence", an urgency of a Saturday from 8:00. `seul`: no other act of the label `soins`. `avec`:
    one of these acts is done within `portee`; `ou_palliatif`: a patient in palliative care does instead.

    `ordonnance`: what it must say ("nuit", "quotidienne"); `ou_urgence`: an urgency does instead, called within `appel`
    when it is given. `apres_sortie`: the parameter of how many days may have passed since the discharge from hospital.
    `reliefs`: what the trip goes through; `kilometres`: the trip gives a right to kilometres (article 13).

    `faits`: facts of a doctor's care, by the names of `fse.domain.cotation.faits`. `sauf`: acts whose presence in the
    session lifts it.
    """

    actes: frozenset[str]
    lieux: frozenset[str] = frozenset()
    age_minimum: int | None = None
    age_maximum: int | None = None
    apres_sortie: str = ""
    seul: bool = False
    avec: frozenset[str] = frozenset()
    coefficient_maximum: str | None = None
    heures: tuple[str, ...] = ()
    jours: frozenset[str] = frozenset()
    ordonnance: frozenset[str] = frozenset()
    ou_urgence: bool = False
    appel: str = ""
    ou_palliatif: bool = False
    portee: Portee = "seance"
    reliefs: frozenset[str] = frozenset()
    kilometres: bool = False
    faits: tuple[str, ...] = ()
    sauf: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Levee(Regle):
    """`regle`: the name of the exclusion that it lifts."""

    regle: str
    actes: frozenset[str]
    avec: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classe(Regle):
    """What an act is, by a label or by its letter and coefficient. `coefficients`: "AMO 8-12" (a range) or "AMO 13.8".

    `serie`: the parameters `<serie>_premiere`, `_suivantes`, `_bilan` count its sessions; `duree`: the parameter of
    their least duration; "" for none. `bilan`: it is an assessment, not a session; `note`: a note on the evolution of
    the patient goes with the renewal of its series.
    """

    actes: frozenset[str] = frozenset()
    coefficients: tuple[str, ...] = ()
    serie: str = ""
    duree: str = ""
    bilan: bool = False
    note: bool = False

    def names(self, etiquettes: Set[str], lettre: str, coefficient: Decimal) -> bool:
        """Whether an act of these labels, this letter and this coefficient is of the class."""
        return bool(self.actes & etiquettes) or any(_within(one, lettre, coefficient) for one in self.coefficients)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seuil(Regle):
    """Acts of a session are costly when together they reach the parameter `montant`, or one the parameter
    `coefficient`.
    """

    actes: frozenset[str]
    montant: str
    coefficient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taux(Regle):
    """`taux`: the parameter of the rate of the compulsory part; `natures`, `exonerations`: codes of the sheet, one of
    which the patient has.
    """

    taux: str
    natures: frozenset[str] = frozenset()
    exonerations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation(Regle):
    """Says what has to be done; a person says when it is. `action` is French."""

    action: str


GENRES: dict[str, type[Regle]] = {
    "calcul": Calcul,
    "controle": Controle,
    "hors_rang": HorsRang,
    "groupe": Groupe,
    "derogation": Derogation,
    "exclusion": Exclusion,
    "plafond": Plafond,
    "condition": Condition,
    "levee": Levee,
    "classe": Classe,
    "seuil": Seuil,
    "taux": Taux,
    "obligation": Obligation,
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


def _within(said: str, lettre: str, coefficient: Decimal) -> bool:
    letter, first, last = _range(said)
    return letter == lettre and first <= coefficient <= last


@cache
def _range(said: str) -> tuple[str, Decimal, Decimal]:
    """The letter and the bounds, both included, of "AMO 8-12" or "AMO 13.8"."""
    letter, _, values = said.partition(" ")
    first, _, last = values.partition("-")
    return letter, Decimal(first), Decimal(last or first)


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
