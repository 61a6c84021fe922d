"""Why a payer rejects, in words that a practice understands: the label received, our cause and next action if known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fse.norm.referentiels.codes import rejet

NIVEAUX = {"F": "facture", "L": "ligne", "A": "code affiné"}
"""Levels of a reject (entity 294, position 96)."""

ETATS = {"P": "payée", "R": "rejetée", "D": "différée", "": "non traitée"}
"""State of a part as a return says it (entities 198 and 199, position 14)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MotifRejet:
    """One reject. `libelle` is the payer's text; `cause` and `action` are ours, "" when the code is unknown to us.

    `niveau` is F, L or A; `partie` O (compulsory or both) or C; `ligne` the ordinal of the line, `None` for the whole.
    """

    code: str
    libelle: str
    cause: str
    action: str
    niveau: str
    partie: str
    ligne: int | None


def motif_of(row: Mapping[str, Any]) -> MotifRejet:
    """The reject of one row `rejet` of `histoire_facture`. The payer's own label comes first; ours fills a blank."""
    known = rejet(row["code"])
    return MotifRejet(
        code=row["code"],
        libelle=row["libelle"] or (known.libelle if known else "motif inconnu"),
        cause=known.cause if known else "",
        action=known.action if known else "",
        niveau=row["niveau"],
        partie=row["partie"],
        ligne=row["numero_ligne"],
    )
