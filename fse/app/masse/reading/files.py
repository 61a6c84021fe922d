"""What is looked for under a folder, and the units of work that it makes: files of one neighbourhood, some 16 MB.

A plan is kept from run to run: a file stays in its unit, new files make new units, so that a run carries on and the
first come stays the first.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fse.app.reports.fichiers import replace_file
from fse.base.errors import UsageError
from fse.base.french import system_reason

UNIT_BYTES = 16 << 20
UNIT_FILES = 2000


@dataclass(frozen=True, slots=True)
class Contenu:
    """A file as it was seen: its path under the folder, its size in bytes, when it or its rights were changed (ns)."""

    chemin: str
    taille: int
    change: int


@dataclass(frozen=True, slots=True)
class Unite:
    """Files read together. `cle`: what else their rows depend on."""

    nom: str
    contenus: tuple[Contenu, ...]
    cle: str

    @property
    def source(self) -> str:
        seen = [self.cle, *((one.chemin, one.taille, one.change) for one in self.contenus)]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()

    @property
    def poids(self) -> int:
        return sum(one.taille for one in self.contenus)


def plan_units(entree: Path, plan: Path, cle: str) -> list[Unite]:
    """The units of all files under `entree`; those of the former run first, as the plan kept them.

    Raises `UsageError` (`entree.absente`) when it is no folder or does not open, `StorageError` when the plan cannot
    be kept.
    """
    there = {one.chemin: one for one in _seen(entree)}
    kept = [[there.pop(path) for path in paths if path in there] for paths in _former(plan)]
    groups = [*kept, *_grouped(sorted(there.values(), key=lambda one: one.chemin))]
    replace_file(plan, json.dumps([[one.chemin for one in group] for group in groups]).encode())
    return [Unite(f"u{number:05d}", tuple(group), cle) for number, group in enumerate(groups, 1) if group]


def shown(chemin: str) -> str:
    """A path as text that any output holds, whatever its bytes."""
    return os.fsencode(chemin).decode("utf-8", "backslashreplace")


def _former(plan: Path) -> list[list[str]]:
    try:
        found = json.loads(plan.read_bytes())
    except FileNotFoundError:
        return []
    return [[str(path) for path in paths] for paths in found]


def _seen(entree: Path) -> Iterator[Contenu]:
    """Every file under a folder; what a link names outside is not followed."""

    def refuse(error: OSError) -> None:
        raise UsageError(
            "entree.absente",
            f"Ce dossier ne s'ouvre pas : {system_reason(error)}.",
            action="Vérifier le chemin et les droits de lecture.",
            lieu=str(error.filename),
        )

    for folder, _, names in os.walk(entree, onerror=refuse):
        for name in names:
            path = Path(folder) / name
            if path.is_file():
                state = path.stat()
                yield Contenu(str(path.relative_to(entree)), state.st_size, max(state.st_mtime_ns, state.st_ctime_ns))


def _grouped(contents: Sequence[Contenu]) -> Iterator[list[Contenu]]:
    group: list[Contenu] = []
    size = 0
    for one in contents:
        if group and (size + one.taille > UNIT_BYTES or len(group) == UNIT_FILES):
            yield group
            group, size = [], 0
        group.append(one)
        size += one.taille
    if group:
        yield group
