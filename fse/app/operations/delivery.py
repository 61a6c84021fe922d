"""Files put on a disk so that a reader sees all of one or nothing: temporary name, flush, rename; never overwritten.

A file that is already there with the same bytes is done; with other bytes it is an error, and stays as it is.
"""

from __future__ import annotations

import os
from pathlib import Path

from fse.base.errors import StorageError
from fse.base.french import system_reason

PRIVATE = 0o600
"""Permissions (POSIX) of a file that only its owner reads."""

_OTHERS = 0o066
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def deliver(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Put `content` at `path`, whole, with these permissions at most: those of the session may remove some.

    Raises `StorageError` (`sortie.differente`, `sortie.impossible`).
    """
    try:
        if path.exists():
            if path.read_bytes() != content:
                raise StorageError(
                    "sortie.differente",
                    "Un autre fichier porte déjà ce nom : il n'est pas écrasé.",
                    action="Le déplacer, puis recommencer.",
                    lieu=str(path),
                )
            if path.stat().st_mode & _OTHERS & ~mode:
                path.chmod(mode)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.tmp")  # the same at each run: a killed one leaves nothing behind
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, _CREATE, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except OSError as error:
        raise StorageError(
            "sortie.impossible",
            f"Le fichier ne peut pas être écrit : {system_reason(error)}.",
            action="Vérifier le dossier, les droits et la place libre, puis recommencer : rien n'est perdu.",
            lieu=str(path),
        ) from error
