"""Commands from start to end, beside bare Python: what a user waits for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.pairs import Measure, Target, interleave, longer, wall
from benchmarks.records import model_practice, run_emettre, secure_and_emit
from benchmarks.results import Report

ROOT = Path(__file__).resolve().parents[2]
SMALL_FILE = ROOT / "fixtures" / "noemie" / "ligne-rejetee" / "retour.noe"
"""One small return of the fixtures."""
EMISSION = Target("at most", 0.5)
"""Seconds for a lot of twenty."""
ROUNDS = 2

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(rounds: int, _scale: float = 1) -> Report:
    """Measure; sizes are those of a day of one practice, whatever the scale."""
    report = Report(
        name="commands",
        title="Commands, from start to end",
        compared="Wall clock of a whole process. python: `python -c pass`. fse lire: a return of "
        f"{SMALL_FILE.stat().st_size} bytes. fse emettre: twenty invoices read, checked, secured in the journal, put "
        "in a lot, signed by a PKCS#12 key of 2048 bits, written; each time in a copy of the same practice. emettre: "
        "the same by the Python API, in a program that runs already: journal and key opened, closed after.",
        not_compared="A first start: compiled modules are there, as after an installation.",
        rounds=ROUNDS * rounds,
    )
    fse = str(Path(sys.executable).with_name("fse"))
    with tempfile.TemporaryDirectory() as temporary:
        practice = model_practice(Path(temporary) / "model")
        copies = (_copied(practice, Path(temporary) / f"copy-{rank}") for rank in count())
        ways = {
            "python": wall(partial(_run, [sys.executable, "-c", "pass"])),
            "fse --version": wall(partial(_run, [fse, "--version"])),
            "fse lire": wall(partial(_run, [fse, "lire", str(SMALL_FILE)])),
            "fse emettre": partial(_emission, copies, run_emettre),
            "emettre": partial(_emission, copies, secure_and_emit),
        }
        costs = interleave(ways, report.rounds)
    report.figures += [
        Measure(name, values, EMISSION if name.endswith("emettre") else None, "s") for name, values in costs.items()
    ]
    report.ratios += [longer(costs, name, "python") for name in costs if name != "python"]
    return report


def _emission(copies: Iterator[Path], way: Callable[[Path, str], None]) -> float:
    """A round in the next copy of the practice, which is made before the clock starts."""
    return wall(partial(way, next(copies), "visites.xml"))()


def _copied(practice: Path, copy: Path) -> Path:
    shutil.copytree(practice, copy)
    return copy


def _run(command: list[str]) -> None:
    """Status 1 of `fse` is a content with findings, and is timed like 0."""
    run = subprocess.run(command, capture_output=True, check=False, env=ENVIRONMENT)
    if run.returncode not in (0, 1) or b"Traceback" in run.stderr:
        raise SystemExit(f"{' '.join(command)}: exit status {run.returncode}\n{run.stderr.decode()}")
