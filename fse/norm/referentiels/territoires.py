"""Where a value of the law holds: everywhere, in a group of territories, or in one. The most precise goes first.

The tables of doctors tell Guadeloupe and Martinique from Guyane and La Réunion, and Mayotte apart; those of
auxiliaries have one column for all overseas départements, Mayotte included (regles.md E.1).
"""

from __future__ import annotations

from fse.base.working_days import TERRITOIRES

PARTOUT = "*"
"""The territory of a value that holds in all of them."""

_GROUPES: dict[str, frozenset[str]] = {
    "metropole": frozenset({"metropole", "alsace-moselle"}),
    "outre-mer": frozenset({"guadeloupe", "martinique", "guyane", "la-reunion", "mayotte"}),
    "antilles": frozenset({"guadeloupe", "martinique"}),
    "guyane-reunion": frozenset({"guyane", "la-reunion"}),
}

NOMS = frozenset({PARTOUT, *TERRITOIRES, *_GROUPES})
"""What can be written as the territory of a value."""


def holds_in(nom: str, territoire: str) -> bool:
    """Whether what is said of `nom` holds in a territory."""
    return nom in (PARTOUT, territoire) or territoire in _GROUPES.get(nom, ())


def breadth(nom: str) -> int:
    """How many territories a name covers: the fewer, the more precise."""
    return len(TERRITOIRES) if nom == PARTOUT else len(_GROUPES.get(nom, (nom,)))
