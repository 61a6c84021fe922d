"""A day of France on this machine: made, built, sealed, signed, answered, read, matched, and every phase timed.

    .venv/bin/python -m benchmarks.france [--taille 5000000] [--processus 2] [--courbe 10000,5000000] [--dossier D]

Everything is synthetic (`day`), signed with one test key. Nothing is kept but the figures, which go to
benchmarks/results/france.json. The status is 1 when a law of conservation does not hold: each invoice
answered is read, each centime that the fund paid is matched, each signature is there.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.france.memory import Memory
from benchmarks.france.results import cost, keep_curve, keep_day
from benchmarks.france.steps import PASSWORD, Step, answer, emit, steps_of
from fse.app.masse.ledger import Ledger, Result
from fse.app.masse.masse import masse
from fse.app.masse.work import processus_by_default, run_units
from fse.app.operations.verifier import verifier
from fse.infra.keys.trial_pki import create_test_key

START, SHORT = 40, 100_000
"""Invoices of a day that is nearly nothing but the start of each phase; of the days that are measured several times."""
BYTES_AN_INVOICE = 1_500
"""Of disk that a run takes at most, measured: B2 460, signatures in blocks of 4 KB 210, returns 100, tables 250."""

STEPS = {
    "donnees": "data",
    "construction": "building",
    "scellement": "sealing",
    "signature": "signing",
    "ecriture": "writing",
}
PHASES = {
    "inventaire": "inventory",
    "lecture": "reading",
    "doublons": "duplicates",
    "rapprochement": "matching",
}


@dataclass(slots=True)
class Run:
    """One day being measured."""

    folder: Path
    taille: int
    processus: int
    phases: list[dict[str, Any]] = field(default_factory=list)

    def add(self, nom: str, secondes: float, dont: Mapping[str, float] | None = None) -> None:
        """One phase, of wall clock; `dont`: seconds of its processes, by what they did."""
        parts = {name: round(one, 1) for name, one in (dont or {}).items()}
        self.phases.append(
            {"nom": nom, "secondes": secondes, "coeurs": self.processus} | ({"dont": parts} if parts else {})
        )
        print(
            f"  {nom:<22}{secondes:8.1f} s   {', '.join(f'{name} {one} s' for name, one in parts.items())}", flush=True
        )

    def all_files(self, nom: str, task: Callable[[Step], Result]) -> Sequence[Result]:
        """One phase of one task a file."""
        ledger = Ledger(self.folder / "travail" / nom)
        ledger.folder.mkdir(parents=True)
        start = time.perf_counter()
        work = run_units(steps_of(self.taille, self.folder), task, ledger, processus=self.processus)
        if work.echecs:
            raise SystemExit(f"{nom}: {work.echecs[0]}")
        results = list(work.resultats.values())
        self.add(nom, time.perf_counter() - start, _summed(results))
        return results


def measure(run: Run) -> dict[str, Any]:
    """The figures of one day; the run's folder is empty."""
    create_test_key(run.folder / "cles", PASSWORD, "ESSAI", "001234566", datetime.now(UTC))
    start = time.perf_counter()
    with Memory() as memory:
        sent = run.all_files("emission", emit)
        answered = run.all_files("answers (simulator)", answer)
        rapport = masse(
            run.folder / "retours", run.folder / "masse", envois=[run.folder / "envois"], processus=run.processus
        ).content
        for nom, secondes in rapport["phases"].items():
            run.add(PHASES[nom], secondes)
    total = time.perf_counter() - start
    found = {
        "taille": sum(one["factures"] for one in sent),
        "lots": sum(one["lots"] for one in sent),
        "processus": run.processus,
        "phases": run.phases,
        "secondes_total": total,
        "memoire_max_mo": memory.most,
        "octets_b2": sum(one["octets"] for one in sent),
        "octets_noemie": sum(one["octets"] for one in answered),
        "octets_disque": sum(path.stat().st_blocks * 512 for path in run.folder.rglob("*")),
        "repondues": sum(one["repondues"] for one in answered),
    }
    _prove(run.folder, found, answered, rapport)
    return found | {"verification": verification(run.folder)}


def verification(folder: Path) -> dict[str, float]:
    """What a concentrator does with a file that it is given: every seal and signature of one proved, on one core.

    No part of the day: who signs has no need of it. Raises `SystemExit` when a proof fails.
    """
    (first, *_) = sorted((folder / "envois").glob("*/*.b2"))
    data, signatures = first.read_bytes(), [path.read_bytes() for path in sorted(first.parent.glob("*.p7s"))]
    anchor = (folder / "cles" / "ancre.pem").read_bytes()
    start = time.perf_counter()
    proved = verifier(data, signatures, [anchor])
    seconds = time.perf_counter() - start
    if proved.status:
        raise SystemExit(f"{first.name} does not prove itself")
    return {"factures": sum(lot.factures for lot in proved.lots), "lots": len(proved.lots), "secondes": seconds}


def _summed(results: Sequence[Result]) -> dict[str, float]:
    """Seconds of processes, by what they did."""
    return {STEPS[name]: sum(one["durees"][name] for one in results) for name in results[0].get("durees", {})}


def _prove(folder: Path, found: dict[str, Any], answered: Sequence[Result], rapport: dict[str, Any]) -> None:
    """Nothing was lost on the way."""
    lines = rapport["rapprochement"]["lignes"]
    laws = {
        "a signature a lot": (sum(1 for _ in (folder / "envois").rglob("*.p7s")), found["lots"]),
        "invoices received by the funds": (sum(one["recues"] for one in answered), found["taille"]),
        "lines matched": (lines["lignes_rapprochees"], found["repondues"]),
        "lines not matched": (lines["lignes_residu"], 0),
        "centimes matched": (lines["rapproche"], sum(one["amo"] + one["amc"] for one in answered)),
        "centimes paid out": (rapport["verse"], sum(one["amo"] + one["amc"] for one in answered)),
        "laws of the report": (sum(law["tenue"] for law in rapport["conservation"]), len(rapport["conservation"])),
    }
    for name, (left, right) in laws.items():
        if left != right:
            raise SystemExit(f"not conserved: {name}: {left} and {right}")
    print(f"  conserved: {', '.join(laws)}")


def check_space(folder: Path, taille: int) -> None:
    """The disk has room for the run. Raises `SystemExit`."""
    needed, free = taille * BYTES_AN_INVOICE, shutil.disk_usage(folder).free
    print(f"disk: {needed / 1e9:.1f} GB at most, {free / 1e9:.1f} GB free in {folder}")
    if needed > free:
        raise SystemExit("not enough room on the disk: give another folder with --dossier, or a smaller --taille")


def day(folder: Path, taille: int, processus: int) -> dict[str, Any]:
    """Measure one day in a folder of its own, and print its figures."""
    print(f"\n{taille:,} invoices, {processus} process(es)", flush=True)
    found = measure(Run(Path(tempfile.mkdtemp(dir=folder)), taille, processus))
    print(
        f"  total {found['secondes_total']:.1f} s, {cost(found):.1f} µs an invoice, "
        f"{found['memoire_max_mo']:.0f} MB at most, {found['octets_disque'] / 1e9:.2f} GB of disk",
        flush=True,
    )
    return found


def main() -> None:
    """The day of France on every core, then the cost of an invoice by the size of the day, in one process.

    Nothing is deleted before the end: where thousands of files were just deleted, new ones take several times as long.
    """
    parser = argparse.ArgumentParser(description="A day of France on one machine.")
    parser.add_argument("--taille", type=int, default=5_000_000, help="invoices of the day; 0: the curve alone")
    parser.add_argument("--processus", type=int, default=processus_by_default())
    parser.add_argument("--courbe", default="10000,100000,1000000,5000000", help="days of the curve, or ''")
    parser.add_argument("--dossier", type=Path, help="where the days are written; a temporary folder by default")
    options = parser.parse_args()
    sizes = [int(one) for one in options.courbe.split(",") if one]
    parent = options.dossier or Path(tempfile.gettempdir())
    parent.mkdir(parents=True, exist_ok=True)
    check_space(parent, options.taille + sum(size * _repeats(size) for size in sizes))
    with tempfile.TemporaryDirectory(dir=parent) as temporary:
        folder = Path(temporary)
        if options.taille:
            keep_day(day(folder, options.taille, options.processus))
        if sizes:
            typical = {size: _median([day(folder, size, 1) for _ in range(_repeats(size))]) for size in (START, *sizes)}
            keep_curve([typical[size] for size in sizes], typical[START]["secondes_total"])


def _repeats(taille: int) -> int:
    """How often a day of the curve is measured: the short ones, which one busy moment of the machine would change.

    The first one pays the imports of the process, so that the shortest is measured first.
    """
    return 5 if taille <= SHORT else 1


def _median(days: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The day of an odd number of days that is neither quick nor slow."""
    return sorted(days, key=cost)[len(days) // 2]


if __name__ == "__main__":
    main()
