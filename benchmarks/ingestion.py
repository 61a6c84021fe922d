"""What booking one return line reads, and how long it takes, whatever the journal already holds.

    .venv/bin/python -m benchmarks.ingestion [--moteur sqlite|postgresql] [--tailles 10000,100000] [--tours 7]

Journals of each size are made first (`stored`). In each round each of them receives a return of 500 lines about
invoices drawn at random, never twice the same, by the operation `recevoir`; then 20 invoices are secured and emitted.
Work is counted (`work`) in the first rounds, which are not timed; both are divided by the lines, or by the invoices.
The sizes take turns, so that a busy moment of the machine touches all of them.

The targets are those of receiving: at each size the work for a line is within 20 % of that at the first size; the time
at 1 M is at most 1.5 times that at 100 k. Status 1 when one is missed. The figures are kept as JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.stored.invoices import NOT_ANSWERED, PER_DAY, PER_LOT, PRESTATAIRES, WEEK, Invoice, contents_of
from benchmarks.stored.journal import make_journal
from benchmarks.work import work_of
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import recevoir
from fse.app.operations.securiser import securiser
from fse.base.dates import to_days
from tests.app.cabinet import JOUR, document, facture, signer

LINES = 500
NUMBERS = WEEK // len(PRESTATAIRES)
"""Numbers of a week, each given by every prestataire."""
EMITTED = 20
COUNTED = 2
"""Rounds in which work is counted."""
COUNT_LIMIT = 1.2
TIME_LIMIT = 1.5
TIMED = (100_000, 1_000_000)
RECEIVED = date(2026, 10, 8)


class Stored:
    """A practice of so many weeks, and what is done to it."""

    def __init__(self, practice: Practice, weeks: int, lines: int = LINES) -> None:
        self.practice = practice
        self._lines = lines
        self._drawn = draw(weeks)
        self._returns = 0
        self._emissions = 0

    def next_return(self) -> Callable[[], None]:
        """Receives the next return."""
        self._returns += 1
        content = contents_of(next_invoices(self._drawn, self._lines), 800_000 + self._returns, to_days(RECEIVED))

        def receive() -> None:
            (received,) = recevoir(self.practice, [content], le=RECEIVED)
            if received.verdict != "recu":
                raise SystemExit(f"the return is not booked: {received.motif}")

        return receive

    def next_emission(self) -> Callable[[], None]:
        """Secures and emits the next invoices."""
        self._emissions += 1
        references = (f"M-{self._emissions}-{rank}" for rank in range(EMITTED))
        content = document(*(facture(reference) for reference in references))

        def emit() -> None:
            securiser(self.practice, content, le=JOUR)
            emission = emettre(self.practice, self.practice.cabinet.folder / "envoi", lambda *_: signer(), le=JOUR)
            if len(emission.fichiers) != 1:
                raise SystemExit("the invoices are not emitted")

        return emit


def draw(weeks: int) -> Iterator[Invoice]:
    """Invoices at random, never twice the same, until none is left; of the same places in their weeks at any size.

    A quarter of them are drawn before a number comes again, for another prestataire: the numbers of a return differ.
    """
    places = Random(1).sample(range(NUMBERS), NUMBERS)
    orders = {place: Random(place).sample(range(weeks), weeks) for place in places}
    for shift in range(len(PRESTATAIRES)):
        for turn in range(weeks):
            for place in places:
                day, ordre = divmod(place, PER_LOT)
                prestataire = (place + turn + shift) % len(PRESTATAIRES)
                yield Invoice(orders[place][turn] * WEEK + day * PER_DAY + prestataire * PER_LOT + ordre)


def next_invoices(drawn: Iterator[Invoice], lines: int) -> list[Invoice]:
    """Those that make a return of so many lines, or one more: a deferred invoice is answered twice."""
    chosen: list[Invoice] = []
    while lines > 0:
        (one,) = islice(drawn, 1)
        chosen.append(one)
        lines -= 0 if one.kind in NOT_ANSWERED else 2 if one.kind == "differee" else 1
    return chosen


def seconds(task: Callable[[], None]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


Figures = dict[str, list[float]]

_TASKS = {"reception": (Stored.next_return, LINES), "emission": (Stored.next_emission, EMITTED)}
"""What is measured, and in how many lines or invoices it is divided."""


def measure(journals: list[Stored], name: str, rounds: int) -> list[Figures]:
    """Of a task, in each journal: its counts and its milliseconds, by line."""
    prepare, lines = _TASKS[name]
    columns: list[Figures] = [{"lectures": [], "ms": []} for _ in journals]
    for _ in range(COUNTED):
        for journal, figures in zip(journals, columns, strict=True):
            figures["lectures"].append(work_of(journal.practice.journal.engine, prepare(journal)) / lines)
    for _ in range(rounds):
        for journal, figures in zip(journals, columns, strict=True):
            figures["ms"].append(1000 * seconds(prepare(journal)) / lines)
    return columns


def show(name: str, columns: list[Figures], sizes: list[int]) -> None:
    """One line a figure: its median at each size, and the ratio to the first size."""
    heads = (f"{size:>12,} {'':>8}".replace(",", " ") for size in sizes)
    print(f"{name:<12}{''.join(heads)}")
    for figure in ("lectures", "ms"):
        values = [median(column[figure]) for column in columns]
        cells = (f"{value:>12.2f} ×{value / values[0]:<7.2f}" for value in values)
        print(f"  {figure:<10}{''.join(cells)}", flush=True)


def missed(columns: list[Figures], sizes: list[int]) -> list[str]:
    """What of the targets is not met. The times of one round are compared with each other."""
    counts = [median(column["lectures"]) for column in columns]
    found = [
        f"{size} stored: {count / counts[0]:.2f} times the work of {sizes[0]}"
        for size, count in zip(sizes, counts, strict=True)
        if not 1 / COUNT_LIMIT <= count / counts[0] <= COUNT_LIMIT
    ]
    times = dict(zip(sizes, (column["ms"] for column in columns), strict=True))
    if times.keys() >= set(TIMED):
        ratio = median(large / small for small, large in zip(*(times[size] for size in TIMED), strict=True))
        if ratio > TIME_LIMIT:
            found.append(f"{TIMED[1]} stored: {ratio:.2f} times as long as {TIMED[0]}")
    return found


@contextmanager
def stores(moteur: str) -> Iterator[Callable[[], str]]:
    """Gives a place for one journal more, at each call; the server lasts as long."""
    if moteur == "sqlite":
        yield lambda: "journal.sqlite"
    else:
        from tests.infra.journal.postgres_server import running

        with running() as server:
            yield server.create


def main() -> None:
    """Make the journals, measure, print, judge."""
    parser = argparse.ArgumentParser(description="What a return line costs, whatever is stored.")
    parser.add_argument("--moteur", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--tailles", default="10000,100000", help="invoices stored, a multiple of 400 each")
    parser.add_argument("--tours", type=int, default=7)
    parser.add_argument("--json", type=Path, help="where the figures are kept")
    options = parser.parse_args()
    sizes = [int(size) for size in options.tailles.split(",")]
    print(f"{options.moteur}, {options.tours} rounds, Python {sys.version.split()[0]}; medians, by line of return")
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        place = stack.enter_context(stores(options.moteur))
        journals = []
        for size in sizes:
            folder = Path(temporary) / str(size)
            start = time.perf_counter()
            practice = stack.enter_context(make_journal(folder, place(), size // WEEK))
            print(f"{size} invoices stored in {time.perf_counter() - start:.0f} s")
            journals.append(Stored(practice, size // WEEK))
        found = {}
        for name in _TASKS:
            found[name] = measure(journals, name, options.tours)
            show(name, found[name], sizes)
    kept = options.json or Path("build") / f"ingestion-{options.moteur}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"moteur": options.moteur, "tailles": sizes, "par_ligne": found}, indent=1))
    problems = missed(found["reception"], sizes)
    print(*problems, sep="\n", end="\n" if problems else "")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
