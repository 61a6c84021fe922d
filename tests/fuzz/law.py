"""The law of every reader: any bytes give findings or the one typed error of `fse.base.errors`, and soon.

`Target.prove` fails on anything else, and on an input that takes more than `SECONDS`. Readers assert what they add.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from fse.base.errors import FseError
from tests.fuzz.mutators import Mutator

FIXTURES = Path(__file__).parents[2] / "fixtures"
CORPUS = Path(__file__).parent / "corpus"
SECONDS = 2.0
"""CPU time of one input of a few kilobytes; a hundred times the usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One reader. `prove` takes any bytes; `longueur` bounds an input (bytes), `lane` is how many CI tries."""

    nom: str
    read: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    mutator: Callable[[list[bytes]], Mutator]
    longueur: int = 2560
    lane: int = 500

    def inputs(self) -> list[bytes]:
        """What was kept of earlier runs, then the seeds."""
        return [*(path.read_bytes() for path in sorted((CORPUS / self.nom).glob("*"))), *self.seeds()]

    def prove(self, data: bytes) -> None:
        start = time.process_time()
        with suppress(FseError):
            self.read(data)
        spent = time.process_time() - start
        assert spent < SECONDS, f"{spent:.1f} s for {len(data)} bytes"


def contents(*patterns: str) -> list[bytes]:
    """The contents of these fixtures, each once, the smallest first."""
    found = {path.read_bytes() for pattern in patterns for path in FIXTURES.glob(pattern)}
    return sorted(found, key=lambda data: (len(data), data))


@cache
def _folder() -> Path:
    return Path(mkdtemp(prefix="fse-fuzz-"))


def scratch(name: str, data: bytes) -> Path:
    """A file of this run with these bytes, for readers that open files themselves."""
    path = _folder() / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path
