"""Profiles: by name, the unverified values that a practice has chosen to work with, and why.

What we know from a third party's code or from memory (`A_VERIFIER`) is never used silently: a profile names each
parameter, rule or act that it enables, and every explanation that rests on one says so (regles.md 0). Ours are in
`schemas/profils`; a practice that verified a value writes its own and names the file in `cabinet.toml`. It may also
carry values of its own, which go before ours:

    [[valeurs]]
    nom = "ik_abattement_pied_ski"
    valeur = 2                      # a whole number of the unit of the parameter: centimes, kilometres…
    debut = 2026-01-01
    source = "courrier de la caisse du 12/01/2026"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Protocol

from fse.base import resources
from fse.base.errors import UsageError

A_VERIFIER = frozenset({"tiers", "memoire"})
"""Levels of confidence that need a profile."""

_FOLDER = "profils"
_KEYS = {"libelle", "motif", "active"}
_VALUE_KEYS = {"nom", "valeur", "debut", "source"}


class Sourced(Protocol):
    """Something that our sources say, more or less surely."""

    @property
    def nom(self) -> str: ...

    @property
    def confiance(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ValeurPropre:
    """A value that a practice gives to a parameter, from a day on (to `fin`, included), in every territory."""

    nom: str
    valeur: int
    debut: date
    fin: date | None = None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profil:
    """What it enables, by name of parameter, rule or act, and the values it carries. `libelle`, `motif`: French."""

    nom: str
    libelle: str
    motif: str
    active: frozenset[str]
    valeurs: tuple[ValeurPropre, ...] = ()

    def permits(self, one: Sourced) -> bool:
        """Whether a value may be used: it is sure enough, or enabled by its name."""
        return one.confiance not in A_VERIFIER or one.nom in self.active

    def own_value(self, nom: str, le: date) -> ValeurPropre | None:
        """The value that it carries for a parameter on a day, the one that starts last."""
        held = [one for one in self.valeurs if one.nom == nom and one.debut <= le and (not one.fin or le <= one.fin)]
        return max(held, key=lambda one: one.debut, default=None)


SANS_PROFIL = Profil(nom="", libelle="sans profil", motif="", active=frozenset())
"""What a practice that chose none works with: verified values alone."""


def read_profil(nom: str, text: str) -> Profil:
    """The profile that a TOML text states. Raises `UsageError` (`profil.illisible`)."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(nom, str(error)) from error
    worded = all(isinstance(said.get(key), str) and said[key] for key in ("libelle", "motif"))
    if not _KEYS <= set(said) <= _KEYS | {"valeurs"} or not worded:
        raise _unreadable(nom, "libelle, motif et active sont attendus")
    if not isinstance(said["active"], list) or not all(isinstance(one, str) for one in said["active"]):
        raise _unreadable(nom, "active est une liste de noms")
    return Profil(
        nom=nom,
        libelle=said["libelle"],
        motif=said["motif"],
        active=frozenset(said["active"]),
        valeurs=tuple(_own(nom, one) for one in said.get("valeurs", ())),
    )


def _own(nom: str, said: Mapping[str, Any]) -> ValeurPropre:
    if not _VALUE_KEYS <= set(said) <= _VALUE_KEYS | {"fin"}:
        raise _unreadable(nom, "une valeur a nom, valeur, debut et source, et fin s'il y en a une")
    dated = all(type(said[key]) is date for key in ("debut", "fin") if key in said)
    if (
        type(said["valeur"]) is not int
        or said["valeur"] < 0
        or not dated
        or not all(isinstance(said[key], str) and said[key] for key in ("nom", "source"))
    ):
        raise _unreadable(nom, f"la valeur de « {said['nom']} » est un nombre entier, avec ses dates et sa source")
    return ValeurPropre(**said)


@cache
def profils() -> Mapping[str, Profil]:
    """Those that are shipped, by name."""
    found = {}
    for path in resources.list_files(_FOLDER, ".toml"):
        nom = path[len(_FOLDER) + 1 : -len(".toml")]
        found[nom] = read_profil(nom, resources.read_text(path))
    return found


def _unreadable(nom: str, raison: str) -> UsageError:
    return UsageError(
        "profil.illisible",
        f"Le profil « {nom} » ne se lit pas : {raison}.",
        action="Prendre pour modèle un fichier de schemas/profils.",
    )
