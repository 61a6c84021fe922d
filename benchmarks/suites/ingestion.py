"""What booking one return line reads and how long it takes, whatever the journal already holds.

Journals of two sizes are made first (`stored`). In each round each of them receives a return of 500 lines about
invoices drawn at random, never twice the same, by the operation `recevoir`; then invoices are secured and emitted. The
work of a line is also counted as the engine counts it (`work`), in rounds that are not timed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.pairs import Measure, Target, interleave, longer, wall
from benchmarks.results import Report
from benchmarks.stored.invoices import WEEK
from benchmarks.stored.journal import make_journal
from benchmarks.stored.receiving import EMITTED, LINES, Stored
from benchmarks.work import work_of

SIZES = (8_000, 40_000)
"""Invoices stored; the rounds take of the smaller some five thousand."""
COUNT_LIMIT = 1.2
TIME_LIMIT = 1.5
COUNTED = 2
"""Rounds in which work is counted."""
_TASKS = {"reception": (Stored.next_return, LINES), "emission": (Stored.next_emission, EMITTED)}


def run(rounds: int, scale: float = 1) -> Report:
    """Measure on SQLite."""
    return measured("ingestion", "sqlite", rounds, scale)


def measured(name: str, engine: str, rounds: int, scale: float) -> Report:
    """Measure on this engine."""
    small, large = (max(1, round(size * scale / WEEK)) * WEEK for size in SIZES)
    report = Report(
        name=name,
        title=f"Booking a return in a journal ({engine})",
        compared=f"The same work in a journal of {small:,} invoices and in one of {large:,}: a return of {LINES} lines "
        f"is received, {EMITTED} invoices are secured and emitted. Milliseconds of wall clock, and work as the engine "
        "counts it, for a line or an invoice.",
        not_compared="Other engines, other programs: no library we know keeps such a journal.",
        rounds=rounds,
    )
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        place = stack.enter_context(_stores(engine))
        journals = {}
        for size in (small, large):
            practice = stack.enter_context(make_journal(Path(temporary) / str(size), place(), size // WEEK))
            journals[size] = Stored(practice, size // WEEK)
        for task, (prepare, lines) in _TASKS.items():
            counts = [
                [work_of(one.practice.journal.engine, prepare(one)) / lines for one in journals.values()]
                for _ in range(COUNTED)
            ]
            grown = tuple(after / before for before, after in counts)
            _measure_times(report, task, journals)
            limit = Target("at most", COUNT_LIMIT) if task == "reception" else None
            report.ratios.append(Measure(f"{task}: work at {large:,} beside {small:,}", grown, limit, "times as much"))
    return report


def _measure_times(report: Report, task: str, journals: dict[int, Stored]) -> None:
    prepare, lines = _TASKS[task]
    names = {size: f"{task} at {size:,}" for size in journals}
    costs = interleave(
        {names[size]: (lambda one=one: wall(prepare(one), lines)()) for size, one in journals.items()}, report.rounds
    )
    report.figures += [
        Measure(name, tuple(1000 * cost for cost in values), None, "ms") for name, values in costs.items()
    ]
    small, large = names.values()
    report.ratios.append(longer(costs, large, small, Target("at most", TIME_LIMIT) if task == "reception" else None))


@contextmanager
def _stores(engine: str) -> Iterator[Callable[[], str]]:
    """Gives a place for one journal more, at each call; the server lasts as long."""
    if engine == "sqlite":
        yield lambda: "journal.sqlite"
    else:
        from tests.infra.journal.postgres_server import running

        with running() as server:
            yield server.create
