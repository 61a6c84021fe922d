"""A file of a drawn month before it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Drawn:
    """What one payer answers on one day after the start, in the words of a scenario. `prestataire`: one it pays."""

    jour: int
    emetteur: dict[str, str]
    prestataire: str
    reponses: list[dict[str, Any]] = field(default_factory=list)
    hors_flux: list[dict[str, Any]] = field(default_factory=list)
    forfaits: list[dict[str, Any]] = field(default_factory=list)
    mouvements: list[dict[str, Any]] = field(default_factory=list)
