"""One run at a time in a folder: a lock of SQLite, which the system takes back from whoever dies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from fse.base.errors import StorageError
from fse.base.french import system_reason

_TAKEN = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_REASONS = {
    sqlite3.SQLITE_CANTOPEN: "l'accès est refusé, ou son dossier ne s'ouvre pas",
    sqlite3.SQLITE_READONLY: "l'accès est refusé en écriture",
    sqlite3.SQLITE_PERM: "l'accès est refusé",
    sqlite3.SQLITE_FULL: "il n'y a plus de place sur le disque",
    sqlite3.SQLITE_IOERR: "le disque est en panne ou plein",
    sqlite3.SQLITE_NOTADB: "ce n'est pas un verrou de fse",
}
_PRIMARY = 0xFF
"""The bits of a code of SQLite that say what kind of error it is."""


@contextmanager
def only_run(path: Path) -> Iterator[None]:
    """Hold the lock. Raises `StorageError`: `masse.occupe` when another run does, `masse.verrou` when the system
    refuses it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    except FileExistsError as error:
        raise _refused(path, "un fichier porte le nom de son dossier") from error
    except OSError as error:
        raise _refused(path, system_reason(error)) from error
    except sqlite3.Error as error:
        raise _said(path, error) from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise _said(path, error) from error
        yield


def _said(path: Path, error: sqlite3.Error) -> StorageError:
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code in _TAKEN:
        return StorageError(
            "masse.occupe",
            "Un autre « fse masse » travaille déjà dans ce dossier.",
            action="Attendre sa fin, ou donner un autre dossier à --sortie.",
            lieu=str(path.parent),
        )
    return _refused(path, _REASONS.get(code) or str(error))


def _refused(path: Path, reason: str) -> StorageError:
    return StorageError(
        "masse.verrou",
        f"Le verrou de la sortie ne peut pas être pris : {reason}.",
        action="Vérifier que --sortie est un dossier où ce compte peut écrire, et la place libre, puis relancer.",
        lieu=str(path),
    )
