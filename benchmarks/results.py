"""What a suite of measurements found: figures, ratios with their verdicts, peers that were not there; as text and JSON.

The JSON of a run, `benchmarks/results/bench.json`, is what `docs/performances.md` is made from:

    {"machine": {…}, "versions": {name: version}, "seconds": of the whole run,
     "suites": [{"name", "title", "compared", "not_compared", "seconds", "rounds",
                 "figures": [measure], "ratios": [measure], "absent": [{"peer", "reason"}]}]}
    measure: {"says", "unit", "median", "first_quartile", "third_quartile", "verdict"}, with "sense" and "target" when
    it has one
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.pairs import Costs, Measure, Spread, Target, rate

FOLDER = Path(__file__).resolve().parent / "results"
KEPT = FOLDER / "bench.json"


@dataclass(slots=True)
class Report:
    """What one suite found."""

    name: str
    title: str
    compared: str
    """What is compared, for the reader of the page: the work, its size, what each way delivers."""
    not_compared: str
    """What these figures do not say."""
    rounds: int
    figures: list[Measure] = field(default_factory=list)
    ratios: list[Measure] = field(default_factory=list)
    absent: list[tuple[str, str]] = field(default_factory=list)
    """Peers that could not be measured, and why."""
    seconds: float = 0.0

    def add_rates(self, costs: Costs, unit: str, targets: Mapping[str, Target] | None = None) -> None:
        """The rate of each way, in units a second, with the targets that some have."""
        self.figures += [rate(costs, name, unit, (targets or {}).get(name)) for name in costs]

    @property
    def missed(self) -> list[Measure]:
        """What does not meet its target."""
        return [one for one in (*self.figures, *self.ratios) if one.verdict == "not met"]


def as_json(reports: Iterable[Report], machine: dict[str, Any], versions: dict[str, str]) -> str:
    """The text of the file, in the order of the reports."""
    suites = [_suite(one) for one in reports]
    total = round(sum(one["seconds"] for one in suites), 1)
    content = {"machine": machine, "versions": versions, "seconds": total, "suites": suites}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _suite(report: Report) -> dict[str, Any]:
    return {
        "name": report.name,
        "title": report.title,
        "compared": report.compared,
        "not_compared": report.not_compared,
        "seconds": round(report.seconds, 1),
        "rounds": report.rounds,
        "figures": [_measure(one) for one in report.figures],
        "ratios": [_measure(one) for one in report.ratios],
        "absent": [{"peer": peer, "reason": reason} for peer, reason in report.absent],
    }


def _measure(one: Measure) -> dict[str, Any]:
    target = {} if one.target is None else {"sense": one.target.sense, "target": one.target.value}
    return {
        "says": one.says,
        "unit": one.unit,
        "median": significant(one.spread.median),
        "first_quartile": significant(one.spread.first),
        "third_quartile": significant(one.spread.third),
        **target,
        "verdict": one.verdict,
    }


def significant(value: float) -> float:
    """Four significant digits: more would be noise."""
    return float(f"{value:.4g}")


def lines(report: Report) -> list[str]:
    """A paragraph for the terminal."""
    found = [f"{report.title} ({report.rounds} rounds, {report.seconds:.0f} s)"]
    for one in (*report.figures, *report.ratios):
        target = "" if one.target is None else f"  {one.target}: {one.verdict}"
        found.append(f"  {one.says:<44}{_cells(one.spread)}  {one.unit}{target}")
    found += [f"  {peer}: not measured: {reason}" for peer, reason in report.absent]
    return found


def _cells(found: Spread) -> str:
    return "".join(f"{_short(value):>12}" for value in (found.median, found.first, found.third))


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


HEADER = f"  {'':<44}{'median':>12}{'1st quart.':>12}{'3rd quart.':>12}"


def missed(reports: Sequence[Report]) -> list[str]:
    """What does not meet its target, a line each."""
    return [f"{report.name}: {one.says}: {one.target} not met" for report in reports for one in report.missed]
