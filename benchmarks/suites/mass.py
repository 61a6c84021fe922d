"""Returns read and matched with what was sent: `fse masse` beside a pipeline written by hand for these very files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.france.steps import PASSWORD, Step, answer, emit, steps_of
from benchmarks.pairs import Target, interleave, longer, wall
from benchmarks.peers.handwritten import pipeline
from benchmarks.results import Report
from fse.app.masse.ledger import Ledger, Result
from fse.app.masse.masse import masse
from fse.app.masse.work import run_units
from fse.infra.keys.trial_pki import create_test_key

INVOICES = 100_000
PROCESSES = 2
HANDWRITTEN = Target("at most", 2)


def run(rounds: int, scale: float = 1) -> Report:
    """Measure. Raises `SystemExit` when the two do not match the same lines and centimes."""
    invoices = round(INVOICES * scale)
    report = Report(
        name="mass",
        title="Reading and matching a day of returns",
        compared=f"The returns of a synthetic day of {invoices:,} invoices, with what was sent as Parquet. masse: the "
        f"command `fse masse` with {PROCESSES} processes: every file read and proved, every field of every entity "
        "written as Parquet by fund and day, duplicates set aside, every part and invoice matched and its state said, "
        "conservation proved, one report. by hand: numpy and DuckDB, one process, lines by class and centimes.",
        not_compared="What is kept: the pipeline keeps counts, `fse masse` keeps tables that others can ask; what both "
        "do is compared alike above (reading beside hand-written, classing beside join). At this size the start of its "
        "processes weighs; `--scale 50` is the size of the country.",
        rounds=rounds,
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        create_test_key(folder / "cles", PASSWORD, "ESSAI", "001234566", datetime.now(UTC))
        _all_files(folder, invoices, "emission", emit)
        _all_files(folder, invoices, "reponses", answer)
        returns = sorted(path for path in (folder / "retours").rglob("*") if path.is_file())
        sent = sorted((folder / "envois").rglob("facture_emise*.parquet")) or sorted(
            path for path in (folder / "envois").rglob("*.parquet") if "facture_emise" in path.parts
        )
        by_hand = partial(pipeline.match, returns, sent)
        fresh = (folder / f"masse-{rank}" for rank in count())
        found = masse(folder / "retours", next(fresh), envois=[folder / "envois"], processus=PROCESSES).content
        lines, classes = found["rapprochement"]["lignes"], by_hand()
        theirs = classes["exacte"].lignes, classes["exacte"].paye
        if (lines["lignes_rapprochees"], lines["rapproche"]) != theirs:
            raise SystemExit(f"not the same lines: {lines}, {classes}")

        def ours() -> None:
            masse(folder / "retours", next(fresh), envois=[folder / "envois"], processus=PROCESSES)

        costs = interleave({"masse": wall(ours, invoices), "by hand": wall(by_hand, invoices)}, rounds)
    report.add_rates(costs, "invoices/s")
    report.ratios.append(longer(costs, "masse", "by hand", HANDWRITTEN))
    return report


def _all_files(folder: Path, invoices: int, name: str, task: Callable[[Step], Result]) -> None:
    ledger = Ledger(folder / "travail" / name)
    ledger.folder.mkdir(parents=True)
    work = run_units(steps_of(invoices, folder), task, ledger, processus=PROCESSES)
    if work.echecs:
        raise SystemExit(f"{name}: {work.echecs[0]}")
