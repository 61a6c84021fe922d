"""To which activity of a doctor the fees of a letter belong (`schemas/ngap/activites.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Literal, get_args

from fse.base import resources
from fse.norm.referentiels.entetes import CLE

FICHIER = "ngap/activites.toml"

Activite = Literal["clinique", "technique", "accessoire", "non-classee"]

_ACTIVITES: tuple[Activite, ...] = get_args(Activite)
NON_CLASSEE: Activite = "non-classee"


def activite_of(code_acte: str, ccam: tuple[str, ...] = ()) -> Activite:
    """That of a line: technical when it names acts of the CCAM, else that of its letter.

    >>> activite_of("G"), activite_of("ZZZ"), activite_of("ZZZ", ("DEQP003",))
    ('clinique', 'non-classee', 'technique')
    """
    return "technique" if ccam else activites().get(code_acte, NON_CLASSEE)


@cache
def activites() -> Mapping[str, Activite]:
    """The activity of every letter that has one. Raises `ValueError` on data that cannot be used."""
    return read_activites(resources.read_text(FICHIER))


def read_activites(text: str) -> dict[str, Activite]:
    """The activities that a TOML text states. Raises `ValueError` on a letter of two activities."""
    found: dict[str, Activite] = {}
    for nom, entry in tomllib.loads(text).items():
        if nom == CLE:
            continue
        if nom not in _ACTIVITES or nom == NON_CLASSEE or set(entry) != {"lettres", "source"}:
            raise ValueError(f"activity {nom}: lettres and source are expected")
        for code in entry["lettres"]:
            if code in found:
                raise ValueError(f"letter {code} stands under two activities")
            found[code] = nom
    return found
