"""The page of the measurements, and its charts, made from the JSON that `make bench` and `make bench-france` keep."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from docs.generator import france, plots
from docs.generator.markdown import code, page_from, table

PAGE = "docs/performances.md"
_IMAGES = "docs/images"
SPEED, FLOOR, COST = (f"{_IMAGES}/performances-{name}.svg" for name in ("speed", "floor", "cost"))

_CHARTS = {"times as fast": SPEED, "times as long": FLOOR}
_TITLES = {
    "times as fast": ("How many times as fast", "times as fast, logarithmic (1: the same speed)"),
    "times as long": ("How many times as long as a bound", "times as long, logarithmic (1: the same time)"),
}
COUNTRY, SECONDS, MEGABYTES = 5_000_000, 300, 4_096
"""Invoices of the whole country in a day, and what that day may take."""
FLAT = 1.2
"""Between the cheapest and the dearest size, at most."""


def texts() -> dict[str, str]:
    """The page and its charts, by path."""
    found = {PAGE: _page()}
    for unit, path in _CHARTS.items():
        found[path] = plots.ratios(*_TITLES[unit], _rows(unit))
    if sizes := france.sizes():
        points = [(one["taille"], france.cost(one)) for one in sizes]
        found[COST] = plots.curve(
            "Cost of an invoice by size of the day",
            "invoices of the day, logarithmic",
            "µs an invoice in one process, without the start",
            points,
        )
    return found


def _page() -> str:
    bench = _bench()
    return page_from(
        "benchmarks/results/",
        "# Performances",
        "How fast `fse` is beside libraries that do the same kind of work, beside hand-written programs, and beside "
        "what no program avoids. Every figure comes from one run on one machine; absolute figures are that machine's, "
        "ratios travel better. "
        "Parts: [a day of France](#a-day-of-france) · [summary](#summary) · "
        + " · ".join(f"[{one['title'].lower()}](#{_anchor(one['title'])})" for one in bench["suites"])
        + " · [how it is measured](#how-it-is-measured) · [machine and versions](#machine-and-versions)",
        f"## A day of France\n\n{_france()}",
        f"## Summary\n\n{_summary(bench)}",
        f"![How many times as fast, on a logarithmic axis]({_beside(SPEED)})",
        f"![How many times as long, on a logarithmic axis]({_beside(FLOOR)})",
        "Dot: median. Bar: first to third quartile. Orange mark: target.",
        *map(_suite, bench["suites"]),
        f"## How it is measured\n\n{_method(bench)}",
        f"## Machine and versions\n\n{_machine(bench)}",
    )


# --- the day of France -----------------------------------------------------------------------------------------------


def _france() -> str:
    return "\n\n".join(filter(None, (_day(), _curve()))) or "Not measured yet: `make bench-france`."


def _day() -> str:
    """The day of the whole country, phase by phase."""
    day = france.day()
    if day is None:
        return ""
    phases = [
        (
            one["nom"],
            france.figure(one["secondes"]),
            str(one["coeurs"]),
            france.figure(1e6 * one["secondes"] / day["taille"]),
            ", ".join(f"{name} {france.figure(seconds)}" for name, seconds in one.get("dont", {}).items()),
        )
        for one in day["phases"]
    ]
    header = ("Phase", "Seconds", "Cores", "µs an invoice", "Of which, in seconds of all processes")
    said = (
        f"One working day: {day['taille']:,} invoices built, sealed, signed with one test key, answered by the payer "
        f"simulator, read and matched, on one machine: {france.figure(day['secondes_total'])} seconds in all, "
        f"{france.figure(day['memoire_max_mo'])} MB of memory at most, {_gigabytes(day['octets_b2'])} GB of B2, "
        f"{_gigabytes(day['octets_noemie'])} GB of NOEMIE, {_gigabytes(day['octets_disque'])} GB of disk."
    )
    return "\n\n".join(filter(None, (said, _headline(day), table(header, phases).rstrip())))


def _curve() -> str:
    """Days of every size, each in one process."""
    days = france.sizes()
    if not days:
        return ""
    costs = [france.cost(one) for one in days]
    spread = max(costs) / min(costs)
    verdict = "met" if spread <= FLAT else "**not met**"
    rows = [
        (
            f"{one['taille']:,}",
            france.figure(one["secondes_total"]),
            france.figure(france.cost(one)),
            france.figure(one["memoire_max_mo"]),
        )
        for one in days
    ]
    said = (
        "The same work at every size, in one process. A day of next to nothing takes "
        f"{france.figure(france.start())} seconds: what each phase takes to start (empty tables, engines, keys). "
        "Without them, between the cheapest and the dearest invoice: "
        f"{france.figure(spread)} times; target: at most {FLAT} times: {verdict}."
    )
    header = ("Invoices", "Seconds", "µs an invoice, without the start", "Memory, at most (MB)")
    return "\n\n".join(
        (
            said,
            table(header, rows).rstrip(),
            f"![Cost of an invoice by size of the day]({_beside(COST)})",
        )
    )


def _headline(day: dict[str, Any]) -> str:
    """The targets of the whole country; nothing of a smaller day."""
    if day["taille"] < COUNTRY:
        return ""
    limits = {"Seconds": ("secondes_total", SECONDS), "Memory, at most (MB)": ("memoire_max_mo", MEGABYTES)}
    rows = [
        (label, france.figure(day[name]), f"below {limit:,}", "met" if day[name] < limit else "**not met**")
        for label, (name, limit) in limits.items()
    ]
    return table(("The whole country", "Measured", "Target", "Verdict"), rows).rstrip()


def _gigabytes(octets: int) -> str:
    return france.figure(octets / 1e9)


# --- the suites ------------------------------------------------------------------------------------------------------


def _summary(bench: dict[str, Any]) -> str:
    """Only what has a target."""
    rows = [
        (suite["title"], one["says"], _with_unit(one), _goal(one), _verdict(one))
        for suite in bench["suites"]
        for one in (*suite["figures"], *suite["ratios"])
        if one["verdict"]
    ]
    met = sum(row[-1] == "met" for row in rows)
    head = f"{met} of {len(rows)} targets met: those whose range, from first to third quartile, is on the right side."
    return f"{head}\n\n{table(('Work', 'Measure', 'Median', 'Target', 'Verdict'), rows).rstrip()}"


def _suite(suite: dict[str, Any]) -> str:
    rows = [
        (
            one["says"],
            *(france.figure(one[name]) for name in ("median", "first_quartile", "third_quartile")),
            one["unit"],
            _goal(one),
            _verdict(one),
        )
        for one in (*suite["figures"], *suite["ratios"])
    ]
    header = ("Measure", "Median", "1st quartile", "3rd quartile", "Unit", "Target", "Verdict")
    absent = "".join(f"\n\nNot measured: {one['peer']}: {one['reason']}." for one in suite["absent"])
    return (
        f"## {suite['title']}\n\n**Compared.** {suite['compared']}\n\n**Not compared.** {suite['not_compared']}\n\n"
        f"{table(header, rows).rstrip()}\n\n{suite['rounds']} rounds.{absent}"
    )


def _rows(unit: str) -> list[plots.Row]:
    return [
        plots.Row(
            label=f"{suite['name']}: {one['says']}",
            first=one["first_quartile"],
            median=one["median"],
            third=one["third_quartile"],
            target=one.get("target"),
        )
        for suite in _bench()["suites"]
        for one in suite["ratios"]
        if one["unit"] == unit
    ]


def _method(bench: dict[str, Any]) -> str:
    minutes = bench["seconds"] / 60
    return (
        f"`make bench` does all of it again, peers installed, in {minutes:.1f} minutes here; `make bench-france` does "
        "the day of France; `make docs` then makes this page anew. One suite: "
        "`.venv/bin/python -m benchmarks reading`; more rounds: `--rounds 15`; ten times the sizes: `--scale 10`.\n\n"
        "- In a round each way does its work once; the ways take turns to be first; a first round is not counted. A "
        "ratio is that of two figures of one round, so that a busy moment of the machine touches both.\n"
        "- Each peer is a process of its own, in an environment of its own, from the versions in "
        "`benchmarks/peers/requirements/`; it times its rounds itself, without its start, its imports, nor the words "
        "exchanged. What it read is compared with what was written: claims, centimes.\n"
        "- A peer that cannot be installed or fails is named under the suite, not left out.\n"
        "- Files are synthetic, made from the layouts; nobody is in them."
    )


def _machine(bench: dict[str, Any]) -> str:
    names = {
        "processor": "Processor",
        "cores": "Cores",
        "memory_gib": "Memory (GiB)",
        "system": "System",
        "python": "Python",
    }
    known = [(label, str(bench["machine"][name])) for name, label in names.items() if name in bench["machine"]]
    versions = ", ".join(f"{code(name)} {version}" for name, version in bench["versions"].items())
    return f"{table(('Machine', ''), known).rstrip()}\n\nVersions: {versions}."


# --- words -----------------------------------------------------------------------------------------------------------


def _with_unit(one: dict[str, Any]) -> str:
    return f"{france.figure(one['median'])} {one['unit']}"


def _goal(one: dict[str, Any]) -> str:
    return f"{one['sense']} {france.figure(one['target'])}" if one["verdict"] else ""


def _verdict(one: dict[str, Any]) -> str:
    return f"**{one['verdict']}**" if one["verdict"] == "not met" else str(one["verdict"])


def _beside(path: str) -> str:
    return path.removeprefix("docs/")


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@cache
def _bench() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((france.RESULTS / "bench.json").read_text(encoding="utf-8"))
    return found
