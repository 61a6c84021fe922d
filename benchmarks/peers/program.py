"""A peer at work in a process of its own, which does one round when asked, so that its rounds alternate with ours."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from benchmarks.peers.installing import HERE, PeerAbsentError, python_of

PROGRAMS = HERE / "programs"


class Program:
    """A program of `programs/`, ready to work."""

    def __init__(self, name: str, process: subprocess.Popen[str], said: IO[str]) -> None:
        self._name = name
        self._process = process
        self._said = said

    def round(self) -> dict[str, Any]:
        """One round: `seconds`, `thread_seconds`, and what came out. Raises `PeerAbsentError` when it has ended."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write("round\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # what it said before it ended is in the answer
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """The next line that it says."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            self._said.seek(0)
            said = self._said.read().strip().splitlines()
            raise PeerAbsentError(f"{self._name} failed: {said[-1] if said else 'it said nothing'}")
        found: dict[str, Any] = json.loads(line)
        return found


@contextmanager
def running(peer: str, program: str, *arguments: str | Path) -> Iterator[Program]:
    """A program in the environment of its peer, ended on leaving. Raises `PeerAbsentError`."""
    command = [str(python_of(peer)), "-E", "-s", "-W", "ignore", str(PROGRAMS / f"{program}.py"), *map(str, arguments)]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=said, text=True)
        try:
            found = Program(peer, process, said)
            found.answer()
            yield found
        finally:
            process.kill()
            process.communicate()
