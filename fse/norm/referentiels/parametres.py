"""The parameters of the rules: figures of the law (`schemas/parametres/*.toml`), each asked at a date and in a place.

There is no default date: a figure holds from a day to a day, in a territory, under a regime. What a draft says is never
given to who asks for the law (regles.md 0): `projet-2011` has to be asked for by its name. A figure that is not
verified needs a profile that names it (`profils`). Every value is a whole number of its unit: an amount is in centimes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import combinations
from typing import Any, Literal, cast, get_args

from fse.base import resources
from fse.base.dates import holds, overlap
from fse.base.errors import UsageError
from fse.norm.referentiels.entetes import CLE
from fse.norm.referentiels.entries import CONFIANCES
from fse.norm.referentiels.profils import A_VERIFIER, SANS_PROFIL, Profil, ValeurPropre
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
EN_PROJET = "projet du 07/07/2011, non en vigueur"
"""How what the draft says is told wherever it is printed."""

_REGIMES: tuple[Regime, ...] = (DROIT, PROJET_2011)
_UNITES: tuple[Unite, ...] = get_args(Unite)
_FOLDER = "parametres"
_KEYS = {"valeur", "debut", "fin", "territoire", "regime", "article", "source", "confiance"}
_OPTIONAL = {"fin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parametre:
    """One value of a parameter. `debut` and `fin` bound it, both included; `fin` is `None` while no end is known.

    `profil` names the profile that carries it, "" when it is of our tables. `doute`: the value that a later source, to
    be verified, gives for the same day.
    """

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
    profil: str = ""
    doute: Parametre | None = None

    def holds(self, le: date) -> bool:
        """True on the days of this value."""
        return holds(self, le)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grandeur:
    """What a parameter is, and its values; none when no source gives one: only a profile can carry it then."""

    nom: str
    libelle: str
    unite: Unite
    valeurs: tuple[Parametre, ...]


def parametre(
    nom: str, le: date, territoire: str, *, regime: Regime = DROIT, profil: Profil = SANS_PROFIL
) -> Parametre:
    """The value of a parameter on a day in a territory: that of the profile, else the most precise one of our tables.

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
    own = profil.own_value(nom, le)
    if own is not None and regime == DROIT:
        return _of_profile(known, own, profil)
    here = [one for one in known.valeurs if one.regime == regime and holds_in(one.territoire, territoire)]
    held = sorted(
        (one for one in here if one.holds(le)), key=lambda one: (breadth(one.territoire), -one.debut.toordinal())
    )
    found = next((one for one in held if profil.permits(one)), None)
    if found is None and held:
        raise UsageError(
            "parametre.a_verifier",
            f"« {known.libelle} » n'a au {le:%d/%m/%Y} ({territoire}) qu'une valeur à vérifier ({held[0].source}).",
            action=f"La vérifier, puis l'activer : le nom « {nom} » dans le profil du cabinet ([cotation] profil).",
        )
    if found is None:
        raise UsageError(
            "parametre.absent",
            f"« {known.libelle} » n'a pas de valeur connue au {le:%d/%m/%Y} ({territoire}, régime {regime}) ; "
            f"{_nearest(here, le)}.",
            action="Donner la valeur de cette date, avec sa source, dans le profil du cabinet ([[valeurs]]).",
        )
    return replace(found, doute=next((one for one in held if one.debut > found.debut), None))


@cache
def parametres() -> Mapping[str, Grandeur]:
    """Every parameter, by name. Raises `ValueError` on data that contradicts itself."""
    found: dict[str, Grandeur] = {}
    for path in resources.list_files(_FOLDER, ".toml"):
        for nom, entry in read_parametres(resources.read_text(path)).items():
            if nom in found:
                raise ValueError(f"parameter {nom} stands twice in schemas/{_FOLDER}")
            found[nom] = entry
    return found


def read_parametres(text: str) -> dict[str, Grandeur]:
    """The parameters that a TOML text states. Raises `ValueError` on a bad key or value, on two values for one day."""
    return {nom: _grandeur(nom, entry) for nom, entry in tomllib.loads(text).items() if nom != CLE}


def _grandeur(nom: str, entry: Mapping[str, Any]) -> Grandeur:
    if set(entry) != {"libelle", "unite", "valeurs"} or entry["unite"] not in _UNITES:
        raise ValueError(f"parameter {nom}: libelle, unite and valeurs are expected")
    values = tuple(_values(nom, entry))
    return Grandeur(nom=nom, libelle=entry["libelle"], unite=entry["unite"], valeurs=values)


def _values(nom: str, entry: Mapping[str, Any]) -> Iterator[Parametre]:
    values = [_value(nom, entry["libelle"], entry["unite"], one) for one in entry["valeurs"]]
    for one, other in combinations(values, 2):
        if _same_place(one, other) and overlap(one, other):
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


def _of_profile(known: Grandeur, own: ValeurPropre, profil: Profil) -> Parametre:
    return Parametre(
        nom=known.nom,
        libelle=known.libelle,
        unite=known.unite,
        valeur=own.valeur,
        debut=own.debut,
        fin=own.fin,
        territoire=PARTOUT,
        regime=DROIT,
        article=own.source,
        source=f"profil {profil.nom}",
        confiance="choix",
        profil=profil.nom,
    )


def _same_place(one: Parametre, other: Parametre) -> bool:
    """Both are of one regime and territory, and as sure: what is to be verified may stand beside what is verified."""
    return (one.regime, one.territoire, one.confiance in A_VERIFIER) == (
        other.regime,
        other.territoire,
        other.confiance in A_VERIFIER,
    )


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
