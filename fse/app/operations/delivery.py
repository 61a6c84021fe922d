"""Files put on a disk so that a reader sees all of one or nothing: temporary name, flush, rename; never overwritten.

A file that is already there with the same bytes is done; with other bytes it is an error, and stays as it is.
"""

from __future__ import annotations

import os
from pathlib import Path

from fse.base.errors import StorageError
from fse.base.french import system_reason


def deliver(path: Path, content: bytes) -> None:
    """Put `content` at `path`, whole. Raises `StorageError` (`sortie.differente`, `sortie.impossible`)."""
    try:
        if path.exists():
            if path.read_bytes() != content:
                raise StorageError(
                    "sortie.differente",
                    "Un autre fichier porte déjà ce nom : il n'est pas écrasé.",
                    action="Le déplacer, puis recommencer.",
                    lieu=str(path),
                )
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.tmp")  # the same at each run: a killed one leaves nothing behind
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except OSError as error:
        raise StorageError(
            "sortie.impossible",
            f"Le fichier ne peut pas être écrit : {system_reason(error)}.",
            action="Vérifier le dossier, les droits et la place libre, puis relancer : rien n'est perdu.",
            lieu=str(path),
        ) from error
