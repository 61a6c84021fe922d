"""Where rows are written: one Parquet file a relation, payer and day of the file, whole or not at all.

SORTIE/retours/noemie_102/caisse=00000000000997/jour=2026-11-20/u00001-1.parquet
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fse.app.masse import parquet
from fse.app.masse.reading.container import Logique
from fse.base.dates import from_days

RETOURS = "retours"
TRAVAIL = "travail"
"""What a run keeps for itself and for the next one."""
LECTURE = "lecture"
DOUBLONS = "doublons"
"""Phases that write under `RETOURS`: each is recorded in a folder of `TRAVAIL`."""


def place_of(logique: Logique) -> str:
    """Payer and day, as folders."""
    caisse = "".join(one for one in logique.emetteur if one.isascii() and one.isalnum()) or "inconnue"
    jour = from_days(logique.date_creation).isoformat() if logique.date_creation else "inconnu"
    return f"caisse={caisse}/jour={jour}"


def write_part(sortie: Path, chemin: str, table: Any) -> None:
    """Write a table, in the place of what a former run left there, on the disk. Raises `OSError`."""
    prepare_part(sortie, chemin, table)
    publish(sortie, [chemin])


def prepare_part(sortie: Path, chemin: str, table: Any) -> None:
    """Write a table under a temporary name. Raises `OSError`."""
    _write(table, _temporary(sortie / chemin))


def write_again(sortie: Path, chemin: str, table: Any) -> Path:
    """Write a table that each run makes anew before it reads it: nothing waits for the disk. Raises `OSError`."""
    _write(table, sortie / chemin)
    return sortie / chemin


def publish(sortie: Path, chemins: Sequence[str]) -> None:
    """Give prepared tables their names, once all of them are on the disk: together, that costs much less."""
    for chemin in chemins:
        with _temporary(sortie / chemin).open("rb+") as file:
            os.fsync(file.fileno())
    for chemin in chemins:
        _temporary(sortie / chemin).replace(sortie / chemin)


def withdraw(sortie: Path, chemins: Sequence[str]) -> None:
    """Let prepared tables go, that have no name yet."""
    for chemin in chemins:
        _temporary(sortie / chemin).unlink(missing_ok=True)


def digest_of(sortie: Path, chemins: Sequence[str]) -> str:
    """SHA-256 (hex) of tables, with their names."""
    digest = hashlib.sha256()
    for chemin in chemins:
        with (sortie / chemin).open("rb") as file:
            digest.update(f"{chemin} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()


def _write(table: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write(table, path)


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.tmp")


def sweep(sortie: Path, folder: str, kept: set[str]) -> None:
    """Remove from a folder of `sortie` what no finished unit wrote. A part may be a folder (Spark)."""
    for path in (sortie / folder).rglob("*"):
        place = path.relative_to(sortie)
        if path.is_file() and kept.isdisjoint(one.as_posix() for one in (place, *place.parents)):
            path.unlink()
