"""What `make bench-france` kept: the day of the whole country, days of other sizes, a file proved."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[2] / "benchmarks" / "results"


@cache
def measured() -> dict[str, Any]:
    """The figures (`benchmarks.france.results`); empty before `make bench-france` was run."""
    path = RESULTS / "france.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def day() -> dict[str, Any] | None:
    """The day of the country."""
    found: dict[str, Any] | None = measured().get("journee")
    return found


def sizes() -> list[dict[str, Any]]:
    """The days of the curve, the smallest first: each in one process."""
    return sorted(measured().get("courbe", []), key=lambda one: one["taille"])


def start() -> float:
    """Seconds that a day of next to nothing takes."""
    return float(measured().get("depart", 0))


def cost(size: dict[str, Any]) -> float:
    """Microseconds an invoice, all phases, without what the phases take to start."""
    return 1e6 * (float(size["secondes_total"]) - start()) / int(size["taille"])


def figure(value: float) -> str:
    """Three digits, or thousands."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
