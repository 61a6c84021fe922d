"""The commands of the product, run in this process on the file of a case; each file once."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fse.app.cli import run


@dataclass(frozen=True)
class Reading:
    """What `fse lire --format jsonl` answers: its exit status, its lines, and the objects that they are."""

    status: int
    lines: str
    objects: tuple[dict[str, Any], ...]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Records and entities."""
        return [one for one in self.objects if "rang" in one]

    @property
    def constats(self) -> list[dict[str, Any]]:
        """Every finding, in the order of the output."""
        return [constat for one in self.objects for constat in one.get("constats", ())]

    @property
    def ends(self) -> list[dict[str, Any]]:
        """The end of each logical file."""
        return [one for one in self.objects if one["type"] == "fichier"]


@cache
def read_file(path: Path) -> Reading:
    """What `fse lire --format jsonl` says of a file."""
    status, lines = _run("lire", "--format", "jsonl", str(path))
    return Reading(status, lines, tuple(json.loads(line) for line in lines.splitlines()))


@cache
def verify_file(path: Path) -> tuple[int, list[str]]:
    """Exit status of `fse verifier` and the codes of all its findings."""
    status, text = _run("verifier", "--format", "json", str(path))
    return status, [constat["code"] for one in json.loads(text) for constat in one["constats"]]


def _run(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        status = run(list(arguments))
    return status, out.getvalue()
