"""Kills a warmed process at each point of an operation, and lets the next run carry on.

The points are enumerated by a first run: before and after each statement that reaches the database (BEGIN included),
at COMMIT, before and after each rename. At each of them a child forked from this process dies by `os._exit`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event

from fse.app.operations.practice import Practice

KILLED = 77

PARTS = range(4)
"""The points of an operation are shared between four tests, so that they run side by side."""

SHARES = [
    pytest.param((0, 61), id="some"),
    *(pytest.param((part, len(PARTS)), id=f"part-{part}", marks=pytest.mark.long) for part in PARTS),
]
"""The first point and the step: a few of them in `make test`, each of them in `make long`."""

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="fork is needed to kill a warmed process")


class Points:
    """Calls `at_point(n)` at each point of a practice's life, n counting from 1."""

    def __init__(self, practice: Practice, at_point: Callable[[int], None]) -> None:
        self.reached = 0
        self._at_point = at_point
        for name in ("begin", "before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(practice.journal.engine, name, self._reach)
        self._rename = Path.rename
        points = self

        def rename(path: Path, target: Path) -> Path:
            points._reach()
            done = points._rename(path, target)
            points._reach()
            return done

        Path.rename = rename

    def _reach(self, *_: object) -> None:
        self.reached += 1
        self._at_point(self.reached)

    def close(self) -> None:
        Path.rename = self._rename


def count_points(practice: Practice, operation: Callable[[Practice], object]) -> int:
    """Points that one whole run of the operation goes through."""
    points = Points(practice, lambda _: None)
    try:
        operation(practice)
    finally:
        points.close()
    return points.reached


def die_at(point: int, opened: Callable[[], Practice], operation: Callable[[Practice], object]) -> None:
    """Run the operation in a child that dies at this point; it must have died there."""
    child = os.fork()
    if child == 0:
        try:
            practice = opened()
            Points(practice, lambda reached: os._exit(KILLED) if reached == point else None)
            operation(practice)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED, f"point {point} was not reached"


def kill_everywhere(
    folder: Path,
    share: tuple[int, int],
    prepare: Callable[[Path], Practice],
    reopen: Callable[[Path], Practice],
    operation: Callable[[Practice], object],
    state: Callable[[Path], object],
) -> None:
    """Kill the operation at the points of a share, run it again, and compare with a run that nothing stopped.

    `prepare` makes the practice of a folder as it is before the operation, `state` says all that must be the same.
    """
    with prepare(folder / "entier") as practice:
        points = count_points(practice, operation)
    expected = state(folder / "entier")
    first, step = share
    for point in range(1 + first, points + 1, step):
        killed = folder / f"point-{point}"
        prepare(killed).close()
        die_at(point, partial(reopen, killed), operation)
        with reopen(killed) as practice:
            operation(practice)
        assert state(killed) == expected, f"killed at point {point}"
    print(f"one point in {step}, from {first + 1}, of {points}")
