"""What is written again each day, in the place of the day before: a reader sees the old file or the new one, whole.

Only for files that `fse` names itself: what a person names goes through `fse.app.operations.delivery`, which replaces
nothing.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from fse.base.errors import StorageError
from fse.base.french import system_reason


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` at `path`, in the place of what is there. Raises `StorageError` (`sortie.impossible`), and then
    leaves nothing behind.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise StorageError(
            "sortie.impossible",
            f"Le fichier ne peut pas être écrit : {system_reason(error)}.",
            action="Le fermer s'il est ouvert ; vérifier le dossier, les droits et la place libre, puis recommencer.",
            lieu=str(path),
        ) from error
