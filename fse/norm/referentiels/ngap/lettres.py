"""The letters and flat codes of the NGAP (`schemas/ngap/lettres.toml`): who may bill one, and how it is written.

Of each, `professions` (none: whoever bills by the NGAP) and `source`; then, when it is so: `forfaitaire`, its code
alone prices it; `soins = false`, travel or a majoration, which go with care and are none; `par_nom`, its acts are not
counted alike though one coefficient may be that of several, so that they are asked for by name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from fse.base import resources
from fse.norm.referentiels.entetes import CLE
from fse.norm.referentiels.ngap.actes import PROFESSIONS

FICHIER = "ngap/lettres.toml"

_KEYS = {"professions", "forfaitaire", "soins", "par_nom", "source"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettre:
    """A letter, or a flat code. `professions` empty: all."""

    code: str
    professions: frozenset[str]
    forfaitaire: bool
    soins: bool
    par_nom: bool
    source: str

    def concerns(self, profession: str) -> bool:
        """Whether this profession may bill it."""
        return not self.professions or profession in self.professions


@cache
def lettres() -> Mapping[str, Lettre]:
    """Every letter known, by code. Raises `ValueError` on data that cannot be used."""
    return {one.code: one for one in read_lettres(resources.read_text(FICHIER))}


def read_lettres(text: str) -> Iterator[Lettre]:
    """The letters that a TOML text states. Raises `ValueError`."""
    for code, entry in tomllib.loads(text).items():
        if code == CLE:
            continue
        if not {"professions", "source"} <= set(entry) <= _KEYS or not set(entry["professions"]) <= set(PROFESSIONS):
            raise ValueError(f"letter {code}: professions and source are expected")
        yield Lettre(
            code=code,
            professions=frozenset(entry["professions"]),
            forfaitaire=entry.get("forfaitaire", False),
            soins=entry.get("soins", True),
            par_nom=entry.get("par_nom", False),
            source=entry["source"],
        )


def is_flat(code: str) -> bool:
    """Whether its code alone prices it."""
    lettre = lettres().get(code)
    return lettre is not None and lettre.forfaitaire
