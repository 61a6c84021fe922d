"""What is looked for under a folder, and the units of work that it makes: files of one neighbourhood, some 16 MB.

A plan is kept from run to run: a file stays in its unit, new files make new units, so that a run carries on and the
first come stays the first.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from fse.app.masse.groups import groups_of
from fse.app.reports.fichiers import replace_file
from fse.base.errors import UsageError
from fse.base.french import system_reason

UNIT_BYTES = 16 << 20
UNIT_FILES = 2000

LIEN_DE_DOSSIER, LIEN_ROMPU, PAS_UN_FICHIER = "lien_de_dossier", "lien_rompu", "pas_un_fichier"
"""Why something is not read."""

_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}


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


@dataclass(frozen=True, slots=True)
class Laisse:
    """What is under the folder and is not read: its path, and why."""

    chemin: str
    motif: str


@dataclass(frozen=True, slots=True)
class Inventaire:
    """All that is under a folder."""

    contenus: tuple[Contenu, ...]
    laisses: tuple[Laisse, ...]


def take_stock(entree: Path) -> Inventaire:
    """Every file under a folder. A link to a file is read, wherever it leads; a link to a folder is not followed.

    Raises `UsageError` (`entree.absente`) when it, or a folder under it, does not open.
    """
    found: list[Contenu] = []
    left: list[Laisse] = []

    for folder, folders, names in os.walk(entree, onerror=_refuse):
        place = Path(folder)
        left += [Laisse(str((place / one).relative_to(entree)), LIEN_DE_DOSSIER) for one in _links(place, folders)]
        for name in names:
            path = place / name
            chemin = str(path.relative_to(entree))
            try:
                state = path.stat()
            except OSError as error:
                if error.errno in _GONE and not path.is_symlink():
                    continue  # taken away since it was listed
                if error.errno not in _GONE:
                    _refuse(error)
                left.append(Laisse(chemin, LIEN_ROMPU))
                continue
            if stat.S_ISREG(state.st_mode):
                found.append(Contenu(chemin, state.st_size, max(state.st_mtime_ns, state.st_ctime_ns)))
            else:
                left.append(Laisse(chemin, PAS_UN_FICHIER))
    return Inventaire(tuple(found), tuple(sorted(left, key=lambda one: one.chemin)))


def plan_units(contenus: Iterable[Contenu], plan: Path, cle: str) -> list[Unite]:
    """The units of these files; those of the former run first, as the plan kept them.

    Without a plan that reads, units are made anew, and what is made from other files than before is done again.
    Raises `StorageError` when the plan cannot be kept.
    """
    there = {one.chemin: one for one in contenus}
    kept = [[there.pop(path) for path in paths if path in there] for paths in _former(plan)]
    fresh = sorted(there.values(), key=lambda one: one.chemin)
    groups = [*kept, *groups_of(fresh, lambda one: one.taille, most=UNIT_BYTES, count=UNIT_FILES)]
    replace_file(plan, json.dumps([[one.chemin for one in group] for group in groups]).encode())
    return [Unite(f"u{number:05d}", tuple(group), cle) for number, group in enumerate(groups, 1) if group]


def shown(chemin: str) -> str:
    """A path as text that any output holds, whatever its bytes."""
    return os.fsencode(chemin).decode("utf-8", "backslashreplace")


def check_name(folder: Path) -> None:
    """Raises `UsageError` (`masse.nom`) for a folder of tables whose name is not UTF-8: Parquet opens no such path."""
    try:
        str(folder).encode()
    except UnicodeEncodeError as error:
        raise UsageError(
            "masse.nom",
            "Le nom de ce dossier n'est pas de l'UTF-8 : aucune table Parquet ne s'y ouvre.",
            action="Donner un dossier dont le nom est en UTF-8.",
            lieu=shown(str(folder)),
        ) from error


def _former(plan: Path) -> list[list[str]]:
    try:
        found = json.loads(plan.read_bytes())
        return [[str(path) for path in paths] for paths in found]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, RecursionError):  # torn, or not ours: the same as none
        return []


def _links(place: Path, folders: Sequence[str]) -> Iterator[Path]:
    return (place / one for one in folders if (place / one).is_symlink())


def _refuse(error: OSError) -> NoReturn:
    raise UsageError(
        "entree.absente",
        f"Ce dossier ne se lit pas en entier : {system_reason(error)}.",
        action="Vérifier le chemin et les droits de lecture.",
        lieu=str(error.filename),
    ) from error
