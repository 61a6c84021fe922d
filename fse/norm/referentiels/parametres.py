"""The parameters of the rules: figures of the law (`schemas/parametres/*.toml`), each asked at a date and in a place.

There is no default date: a figure holds from a day to a day, in a territory, under a regime. What a draft says is never
given to who asks for the law (regles.md 0): `projet-2011` has to be asked for by its name. A figure that is not
verified needs a profile that names it (`profils`). Every value is a whole number of its unit: an amount is in centimes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations
from typing import Any, Literal, cast, get_args

from fse.base import resources
from fse.base.errors import UsageError
from fse.norm.referentiels.entetes import CLE
from fse.norm.referentiels.entries import CONFIANCES
from fse.norm.referentiels.profils import SANS_PROFIL, Profil
from fse.norm.referentiels.territoires import NOMS, breadth, holds_in
from fse.norm.referentiels.territoires import PARTOUT as PARTOUT

Regime = Literal["droit", "projet-2011"]
Unite = Literal[
    "jours_ouvres",
    "jours",
    "mois",
    "annees",
    "heures",
    "minutes",
    "centimes",
    "pour_cent",
    "pour_mille",
    "kilometres",
    "nombre",
]

DROIT: Regime = "droit"
PROJET_2011: Regime = "projet-2011"
_REGIMES: tuple[Regime, ...] = (DROIT, PROJET_2011)
_UNITES: tuple[Unite, ...] = get_args(Unite)
_FOLDER = "parametres"
_KEYS = {"valeur", "debut", "fin", "territoire", "regime", "article", "source", "confiance"}
_OPTIONAL = {"fin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parametre:
    """One value of a parameter. `debut` and `fin` bound it, both included; `fin` is `None` while no end is known."""

    nom: str
    libelle: str
    unite: Unite
    valeur: int
    debut: date
    fin: date | None
    territoire: str
    regime: Regime
    article: str
    source: str
    confiance: str

    def holds(self, le: date) -> bool:
        """True on the days of this value."""
        return self.debut <= le and (self.fin is None or le <= self.fin)


def parametre(
    nom: str, le: date, territoire: str, *, regime: Regime = DROIT, profil: Profil = SANS_PROFIL
) -> Parametre:
    """The value of a parameter on a day in a territory; the most precise territory goes first.

    Raises `UsageError`: `parametre.inconnu`; `parametre.absent`, which names the nearest known dates;
    `parametre.a_verifier`, when the only value of that day is one that no profile enables.
    """
    known = parametres().get(nom)
    if known is None:
        raise UsageError(
            "parametre.inconnu",
            f"Le paramètre « {nom} » n'existe pas.",
            action=f"Donner l'un de : {', '.join(sorted(parametres()))}.",
        )
    here = [one for one in known if one.regime == regime and holds_in(one.territoire, territoire)]
    held = sorted((one for one in here if one.holds(le)), key=lambda one: breadth(one.territoire))
    found = next((one for one in held if profil.permits(one)), None)
    if found is None and held:
        raise UsageError(
            "parametre.a_verifier",
            f"« {known[0].libelle} » n'a au {le:%d/%m/%Y} ({territoire}) qu'une valeur à vérifier ({held[0].source}).",
            action=f"La vérifier, puis l'activer : le nom « {nom} » dans le profil du cabinet ([cotation] profil).",
        )
    if found is None:
        raise UsageError(
            "parametre.absent",
            f"« {known[0].libelle} » n'a pas de valeur connue au {le:%d/%m/%Y} ({territoire}, régime {regime}) ; "
            f"{_nearest(here, le)}.",
            action="Compléter schemas/parametres avec la valeur de cette date et sa source.",
        )
    return found


@cache
def parametres() -> Mapping[str, tuple[Parametre, ...]]:
    """Every value of every parameter, by name. Raises `ValueError` on data that contradicts itself."""
    found: dict[str, tuple[Parametre, ...]] = {}
    for path in resources.list_files(_FOLDER, ".toml"):
        for nom, entry in read_parametres(resources.read_text(path)).items():
            if nom in found:
                raise ValueError(f"parameter {nom} stands twice in schemas/{_FOLDER}")
            found[nom] = entry
    return found


def read_parametres(text: str) -> dict[str, tuple[Parametre, ...]]:
    """The parameters that a TOML text states. Raises `ValueError` on a bad key or value, on two values for one day."""
    return {nom: tuple(_values(nom, entry)) for nom, entry in tomllib.loads(text).items() if nom != CLE}


def _values(nom: str, entry: Mapping[str, Any]) -> Iterator[Parametre]:
    if set(entry) != {"libelle", "unite", "valeurs"} or entry["unite"] not in _UNITES or not entry["valeurs"]:
        raise ValueError(f"parameter {nom}: libelle, unite and valeurs are expected")
    values = [_value(nom, entry["libelle"], entry["unite"], one) for one in entry["valeurs"]]
    for one, other in combinations(values, 2):
        if (one.regime, one.territoire) == (other.regime, other.territoire) and _overlap(one, other):
            raise ValueError(f"parameter {nom}: two values for one day, from {one.debut} and from {other.debut}")
    yield from sorted(values, key=lambda one: (one.regime, one.territoire, one.debut))


def _value(nom: str, libelle: str, unite: Unite, one: Mapping[str, Any]) -> Parametre:
    if not _KEYS - _OPTIONAL <= set(one) <= _KEYS:
        raise ValueError(f"parameter {nom}: keys {sorted(set(one) ^ _KEYS)}")
    read = Parametre(
        nom=nom,
        libelle=libelle,
        unite=unite,
        valeur=one["valeur"],
        debut=one["debut"],
        fin=one.get("fin"),
        territoire=one["territoire"],
        regime=cast(Regime, one["regime"]),
        article=one["article"],
        source=one["source"],
        confiance=one["confiance"],
    )
    good = (
        type(read.valeur) is int
        and type(read.debut) is date
        and (read.fin is None or (type(read.fin) is date and read.debut <= read.fin))
        and read.territoire in NOMS
        and read.regime in _REGIMES
        and read.confiance in CONFIANCES
        and all(one[key] for key in ("article", "source"))
    )
    if not good:
        raise ValueError(f"parameter {nom}: the value from {one['debut']} cannot be used")
    return read


def _overlap(one: Parametre, other: Parametre) -> bool:
    return one.debut <= (other.fin or date.max) and other.debut <= (one.fin or date.max)


def _nearest(known: Iterable[Parametre], le: date) -> str:
    """The last value that ended before this day, and the first that starts after it, in French."""
    values = list(known)
    before = max((one.fin for one in values if one.fin and one.fin < le), default=None)
    after = min((one.debut for one in values if one.debut > le), default=None)
    told = [
        *([f"la précédente connue s'arrête au {before:%d/%m/%Y}"] if before else []),
        *([f"la suivante connue commence au {after:%d/%m/%Y}"] if after else []),
    ]
    return ", ".join(told) or "aucune date n'en est connue"
