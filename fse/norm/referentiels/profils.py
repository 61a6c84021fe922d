"""Profiles: by name, the unverified values that a practice has chosen to work with, and why.

What we know from a third party's code or from memory (`A_VERIFIER`) is never used silently: a profile names each
parameter, rule or act that it enables, and every explanation that rests on one says so (regles.md 0). Ours are in
`schemas/profils`; a practice that verified a value writes its own and names the file in `cabinet.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from fse.base import resources
from fse.base.errors import UsageError

A_VERIFIER = frozenset({"tiers", "memoire"})
"""Levels of confidence that need a profile."""

_FOLDER = "profils"
_KEYS = {"libelle", "motif", "active"}


class Sourced(Protocol):
    """Something that our sources say, more or less surely."""

    @property
    def nom(self) -> str: ...

    @property
    def confiance(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Profil:
    """The values that it enables, by name of parameter, rule or act. `libelle` and `motif` are French."""

    nom: str
    libelle: str
    motif: str
    active: frozenset[str]

    def permits(self, one: Sourced) -> bool:
        """Whether a value may be used: it is sure enough, or enabled by its name."""
        return one.confiance not in A_VERIFIER or one.nom in self.active


SANS_PROFIL = Profil(nom="", libelle="sans profil", motif="", active=frozenset())
"""What a practice that chose none works with: verified values alone."""


def read_profil(nom: str, text: str) -> Profil:
    """The profile that a TOML text states. Raises `UsageError` (`profil.illisible`)."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(nom, str(error)) from error
    if set(said) != _KEYS or not all(isinstance(said[key], str) and said[key] for key in ("libelle", "motif")):
        raise _unreadable(nom, "libelle, motif et active sont attendus")
    if not isinstance(said["active"], list) or not all(isinstance(one, str) for one in said["active"]):
        raise _unreadable(nom, "active est une liste de noms")
    return Profil(nom=nom, libelle=said["libelle"], motif=said["motif"], active=frozenset(said["active"]))


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
