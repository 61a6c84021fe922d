"""The units of systemd that ship beside this module, filled for one machine: its command, its user, its folders.

A value is written as systemd reads it: quoted, `%` doubled. No secret is ever in a unit.
"""

from __future__ import annotations

import getpass
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from fse.app.operations.cabinet import Cabinet
from fse.base.errors import UsageError

NOMS = ("fse-nuit.service", "fse-nuit.timer")

_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_FIELD = re.compile(r"@([A-Z]+)@")


@dataclass(frozen=True, slots=True)
class Unite:
    """A unit: the name of its file, its text."""

    nom: str
    texte: str


def fill_units(cabinet: Cabinet, description: Path, heure: str) -> list[Unite]:
    """The service and its timer, which starts it at `heure` (HH:MM) in the zone of the practice.

    `description` is the absolute path of `cabinet.toml`. Raises `UsageError` (`nuit.heure`, `nuit.chemin`).
    """
    if not _HOUR.fullmatch(heure):
        raise UsageError(
            "nuit.heure",
            f"{heure} n'est pas une heure.",
            action="L'écrire HH:MM, de 00:00 à 23:59.",
        )
    program, *arguments = _program()
    words = (_quoted(one).replace("$", "$$") for one in (*arguments, "nuit", "--cabinet", str(description)))
    values = {
        "DOSSIER": _quoted(str(cabinet.folder)),
        "UTILISATEUR": _owner(description),
        "COMMANDE": " ".join((_quoted(program), *words)),
        "ECRITURES": " ".join(_quoted(f"-{one}") for one in _written(cabinet)),
        "HORAIRE": f"*-*-* {heure}:00 {cabinet.fuseau}",
    }
    folder = files("fse.app.nightly") / "systemd"
    texts = ((name, (folder / name).read_text(encoding="utf-8")) for name in NOMS)
    return [Unite(name, _FIELD.sub(lambda field: values[field[1]], text)) for name, text in texts]


def to_prepare(cabinet: Cabinet, description: Path) -> Iterator[str]:
    """What these units need that is not there yet, in French: folders, and the account of the night.

    A night makes no folder where files are dropped, and can make none outside those that it may write in.
    """
    named = [one.dossier for one in (cabinet.envoi, cabinet.releve) if one is not None]
    wanted = [cabinet.folder / one for one in (*named, *cabinet.nuit.dossiers) if one]
    page = (cabinet.folder / cabinet.nuit.rapport).resolve()
    if cabinet.nuit.rapport and not page.is_relative_to(cabinet.folder):
        wanted.append(page)
    for folder in wanted:
        if not folder.is_dir():
            yield f"créer le dossier {folder}."
    account = _owner(description)
    seen = next((one for one in cabinet.utilisateurs if one.nom.casefold() == account.casefold()), None)
    if cabinet.utilisateurs and (seen is None or seen.praticiens):
        yield f"déclarer le compte {account} dans [[utilisateurs]], sans « praticiens »."


def _program() -> tuple[str, ...]:
    """How `fse` is started on this machine, by absolute paths."""
    beside = Path(sys.executable).with_name("fse")
    if beside.is_file() and os.access(beside, os.X_OK):
        return (str(beside),)
    found = shutil.which("fse")
    if found is not None:
        return (str(Path(found).absolute()),)
    return (sys.executable, "-c", "from fse.app.cli import main; main()")


def _owner(description: Path) -> str:
    """Whose night it is: the account that `cabinet.toml` belongs to, whoever asks."""
    try:
        return description.owner()
    except (KeyError, OSError, NotImplementedError):
        return getpass.getuser()


def _written(cabinet: Cabinet) -> Iterator[Path]:
    """The folders that a night writes in, that of the practice first; those inside another need no line."""
    named = [one.dossier for one in (cabinet.envoi, cabinet.releve) if one is not None]
    named += [*cabinet.nuit.dossiers, cabinet.nuit.rapport]
    wanted = [cabinet.folder, *((cabinet.folder / one).resolve() for one in named if one)]
    if isinstance(cabinet.journal_place, Path):
        wanted.append(cabinet.journal_path.resolve().parent)
    given: list[Path] = []
    for one in wanted:
        if not any(one.is_relative_to(other) for other in given):
            given.append(one)
            yield one


def _quoted(value: str) -> str:
    """One word of a line. A `$` names a variable in the arguments of a command, and only there."""
    if any(character in value for character in "\r\n\0"):
        raise UsageError(
            "nuit.chemin",
            "Un chemin du cabinet contient une fin de ligne : systemd ne peut pas le lire.",
            action="Renommer ce dossier.",
        )
    escaped = value.replace("%", "%%").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
