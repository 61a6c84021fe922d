"""Kills a warmed process around each change that an operation makes on the disk, and lets the next run carry on.

The points are enumerated by a first run: before and after each statement that reaches the database (BEGIN included),
at COMMIT, before and after each rename. At a point a child forked from this process dies by `os._exit`. What a dead
process leaves is what is on the disk: between two changes, every point leaves the same bytes, and the next run starts
from the same. (That an unfinished transaction leaves nothing, wherever it stops: tests/infra/journal/test_kill.py.)
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event

from fse.app.operations.practice import Practice

KILLED = 77
ENDURANCE = os.environ.get("ENDURANCE") == "1"

Disk = Sequence[str]
"""What is on the disk at each point of an operation, as a digest; point 1 comes first."""


def a_few(disk: Disk) -> Sequence[int]:
    """One point in a hundred and one, spread over the run."""
    return range(51, len(disk) + 1, 101)


def every_change(disk: Disk) -> Sequence[int]:
    """The points right before and right after each change of the disk, and one in eight of the others; all of them in
    endurance.
    """
    around = set(range(1, len(disk) + 1, 1 if ENDURANCE else 8))
    for point in range(2, len(disk) + 1):
        if disk[point - 1] != disk[point - 2]:
            around |= {point - 1, point}
    return sorted(around | {len(disk)})


KILLS = [pytest.param(a_few, id="some"), pytest.param(every_change, id="every-change", marks=pytest.mark.long)]
"""Which points, of those of an operation: a few in `make test`, all that differ in `make long`."""

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


def disk_at_points(folder: Path, practice: Practice, operation: Callable[[Practice], object]) -> Disk:
    """What is in the folder at each point of one whole run of the operation, whose practice is there."""
    found: list[str] = []
    points = Points(practice, lambda _: found.append(_digest(folder)))
    try:
        operation(practice)
    finally:
        points.close()
    return tuple(found)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for name, content in _files(folder):
        digest.update(f"{name}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


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
    chosen: Callable[[Disk], Sequence[int]],
    prepare: Callable[[Path], Practice],
    reopen: Callable[[Path], Practice],
    operation: Callable[[Practice], object],
    state: Callable[[Path], object],
) -> None:
    """Kill the operation at the chosen points, run it again, and compare with a run that nothing stopped.

    `prepare` makes the practice of a folder as it is before the operation, `state` says all that must be the same.
    """
    with prepare(folder / "entier") as practice:
        disk = disk_at_points(folder / "entier", practice, operation)
    expected = state(folder / "entier")
    points = chosen(disk)
    for point in points:
        killed = folder / f"point-{point}"
        prepare(killed).close()
        die_at(point, partial(reopen, killed), operation)
        with reopen(killed) as practice:
            operation(practice)
        assert state(killed) == expected, f"killed at point {point} of {len(disk)}"
    print(f"{len(points)} points of {len(disk)}")
