"""The figures of the days measured, kept beside those of the suites: the page of the measurements is made from them.

{"machine", "versions", "journee": day, "courbe": [day], "depart": seconds}        benchmarks/results/france.json
day: {"taille", "lots", "processus", "phases": [{"nom", "secondes", "coeurs", "dont"}], "secondes_total",
      "memoire_max_mo", "octets_b2", "octets_noemie", "octets_disque", "repondues",
          "verification": {"factures", "lots", "secondes"}}
"""

from __future__ import annotations

import json
from typing import Any

from benchmarks.machine import machine, versions
from benchmarks.results import FOLDER

KEPT = FOLDER / "france.json"


def keep_day(day: dict[str, Any]) -> None:
    """Keep the day of France."""
    _keep({"machine": machine(), "versions": versions(), "journee": day})


def keep_curve(days: list[dict[str, Any]], start: float) -> None:
    """Keep the days of each size, on one core, and the seconds that a day of next to nothing takes."""
    _keep({"courbe": days, "depart": start})


def cost(day: dict[str, Any]) -> float:
    """Microseconds an invoice, all phases."""
    return 1e6 * float(day["secondes_total"]) / int(day["taille"])


def _keep(found: dict[str, Any]) -> None:
    known = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}
    KEPT.write_text(json.dumps(known | found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
