"""SIGKILL at each step of an exchange, then the next run: the steps of `tests.app.killing`, the folders, the network.

A step is what another can see: a statement or a commit of the journal, a name that appears in or leaves a folder, a
flush to the disk, bytes that leave by a connection or come by it.
"""

from __future__ import annotations

import os
import signal
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from fse.app.operations.practice import Practice
from tests.app.killing import ENDURANCE, Points

_SEEN: tuple[tuple[Any, str], ...] = (
    (os, "link"),
    (os, "unlink"),
    (os, "fsync"),
    (socket.socket, "connect"),
    (ssl.SSLSocket, "sendall"),
    (ssl.SSLSocket, "recv_into"),
)


class Steps(Points):
    """Calls `at_point(n)` at each step of a practice's life, n counting from 1."""

    def __init__(self, practice: Practice, at_point: Callable[[int], None]) -> None:
        super().__init__(practice, at_point)
        self._replaced = [(owner, name, getattr(owner, name)) for owner, name in _SEEN]
        for owner, name, real in self._replaced:
            setattr(owner, name, self._seen(real))

    def _seen(self, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            self._reach()
            done = real(*arguments, **named)
            self._reach()
            return done

        return call

    def close(self) -> None:
        for owner, name, real in self._replaced:
            setattr(owner, name, real)
        super().close()


def count_steps(practice: Practice, operation: Callable[[Practice], object]) -> int:
    """The steps of one whole run."""
    with _watched(practice, lambda _: None) as steps:
        operation(practice)
    return steps.reached


def killed_at(step: int, opened: Callable[[], Practice], operation: Callable[[Practice], object]) -> bool:
    """Run the operation in a child that is killed at this step; false when it ended before it."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            practice = opened()
            with _watched(practice, lambda reached: os.kill(os.getpid(), signal.SIGKILL) if reached == step else None):
                operation(practice)
            status = 0
        finally:
            os._exit(status)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL), f"step {step}: the run failed by itself"
    return code != 0


def chosen(steps: int, kills: int, *, endurance: bool = ENDURANCE) -> Sequence[int]:
    """The steps to be killed at: so many, evenly spread; all of them in endurance."""
    if endurance or kills >= steps:
        return range(1, steps + 1)
    return sorted({1 + rank * (steps - 1) // (kills - 1) for rank in range(kills)})


@contextmanager
def _watched(practice: Practice, at_point: Callable[[int], None]) -> Iterator[Steps]:
    steps = Steps(practice, at_point)
    try:
        yield steps
    finally:
        steps.close()
