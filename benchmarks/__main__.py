"""`python -m benchmarks [SUITE…] [--rounds 7] [--scale 1]`: measures, prints each ratio, keeps `results/bench.json`.

`make bench` runs all of it in less than five minutes on two cores. `--scale 10` is a longer lane: ten times as many
invoices; it is printed and not kept, and neither is a run of some suites only, unless `--keep FILE` says where.
The status is 1 when a ratio does not meet its target.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

from benchmarks import results
from benchmarks.machine import machine, versions
from benchmarks.peers.installing import names, version_of

SUITES = (
    "reading",
    "frames",
    "records",
    "building",
    "signing",
    "matching",
    "mass",
    "ingestion",
    "cotation",
    "commands",
)
BY_HAND = ("ingestion_postgresql",)


def main() -> int:
    """Measure, print, keep, judge."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Every measurement of fse, as ratios in one run.")
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"all by default: {', '.join(SUITES)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--keep", type=Path, help="where the JSON is kept")
    options = parser.parse_args()
    if unknown := set(options.suites) - {*SUITES, *BY_HAND}:
        parser.error(f"no such suite: {', '.join(sorted(unknown))}")
    whole = not options.suites and options.scale == 1
    reports = []
    print(results.HEADER, flush=True)
    for name in options.suites or SUITES:
        start = time.perf_counter()
        report = importlib.import_module(f"benchmarks.suites.{name}").run(options.rounds, options.scale)
        report.seconds = time.perf_counter() - start
        print("\n" + "\n".join(results.lines(report)), flush=True)
        reports.append(report)
    if kept := options.keep or (results.KEPT if whole else None):
        kept.parent.mkdir(parents=True, exist_ok=True)
        known = versions() | {name: version_of(name) for name in names()}
        kept.write_text(results.as_json(reports, machine(), known), encoding="utf-8")
    problems = results.missed(reports)
    print("", *problems, sep="\n")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
