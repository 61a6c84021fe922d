"""One run at a time in a folder: a lock of SQLite, which the system takes back from whoever dies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from fse.base.errors import StorageError


@contextmanager
def only_run(path: Path) -> Iterator[None]:
    """Hold the lock. Raises `StorageError` (`masse.occupe`) when another run does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise StorageError(
                "masse.occupe",
                "Un autre « fse masse » travaille déjà dans ce dossier.",
                action="Attendre sa fin, ou donner un autre dossier à --sortie.",
                lieu=str(path.parent),
            ) from error
        yield
