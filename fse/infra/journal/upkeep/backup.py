"""An online backup: one snapshot of a SQLite journal in a file of its own, proved before it bears its name.

The journal stays in use meanwhile. The copy is as encrypted as the journal, opens with the same key, and needs nothing
beside it (no `-wal`). On PostgreSQL the backup is that of the server.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine

from fse.base.errors import StorageError
from fse.base.french import system_reason
from fse.infra.journal import chain, sqlite
from fse.infra.journal.chain import Head
from fse.infra.journal.journal import Journal

_SIDES = ("-wal", "-shm", "-journal")


def back_up(journal: Journal, path: Path) -> Head:
    """Write the backup at `path`, which must be free; the head of the chain that it holds.

    Raises `StorageError`: `journal.sauvegarde_serveur` (PostgreSQL), `sortie.existe`, `sortie.impossible`,
    `journal.sauvegarde_rompue` (the journal itself is damaged).
    """
    if journal.engine.dialect.name != "sqlite":
        raise StorageError(
            "journal.sauvegarde_serveur",
            "Ce journal est sur un serveur PostgreSQL : sa sauvegarde est celle de la base entière, tous cabinets "
            "compris.",
            action=f"Lancer : pg_dump --format=custom --file={path} '{journal.lieu}' ; elle se remet par pg_restore, "
            "puis fse journal restaurer --en-place.",
        )
    if path.exists():
        raise StorageError(
            "sortie.existe",
            "Un fichier porte déjà ce nom : une sauvegarde n'en écrase jamais une autre.",
            action="Donner un autre nom, par exemple avec la date.",
            lieu=str(path),
        )
    temporary = path.with_name(f".{path.name}.tmp")  # the same at each run: a killed one leaves nothing behind
    with written_errors(path):
        make_private(temporary)
        with closing(journal.engine.raw_connection()) as pooled, closing(sqlite3.connect(temporary)) as target:
            source = pooled.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(target)  # in one step: one snapshot, whoever writes meanwhile
        settle(temporary)
        with opened_copy(temporary) as copy:
            if copy.exec_driver_sql("PRAGMA integrity_check").scalars().all() != ["ok"] or chain.verify(
                copy, journal.coffre, journal.cabinet
            ):
                remove(temporary)
                raise broken(journal.lieu)
            head = chain.head(copy, journal.cabinet)
        temporary.rename(path)
    return head


def make_private(path: Path) -> None:
    """An empty file that only its owner reads (POSIX); what a killed run left there goes."""
    remove(path)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def remove(path: Path) -> None:
    """No such file any more, nor what SQLite keeps beside it."""
    for side in ("", *_SIDES):
        path.with_name(path.name + side).unlink(missing_ok=True)


def settle(path: Path) -> None:
    """All of a database in one file, on the disk. Raises `StorageError` (`journal.verrouille`) when it is in use."""
    try:
        with closing(sqlite3.connect(path, timeout=1.0, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise StorageError(
                "journal.verrouille",
                "Le journal est occupé par un autre programme.",
                action="Fermer les autres programmes qui l'utilisent, puis recommencer.",
                lieu=str(path),
            ) from None
        raise
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def opened_copy(path: Path) -> Iterator[Connection]:
    """A connection that reads a settled file and leaves nothing beside it."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    engine = create_engine("sqlite+pysqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)
    with sqlite.translated_errors(str(path)), engine.connect() as connection:
        yield connection


@contextmanager
def written_errors(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into a `StorageError`."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            remove(path.with_name(f".{path.name}.tmp"))
        reason = system_reason(error) if isinstance(error, OSError) else "le disque est plein ou en panne"
        raise StorageError(
            "sortie.impossible",
            f"Le fichier ne peut pas être écrit : {reason}.",
            action="Vérifier le dossier, les droits et la place libre, puis recommencer.",
            lieu=str(path),
        ) from error


def broken(lieu: str) -> StorageError:
    """What is to be copied is damaged."""
    return StorageError(
        "journal.sauvegarde_rompue",
        "La copie ne passe pas le contrôle de la chaîne : le fichier d'origine est abîmé ou a été modifié.",
        action="Lancer fse journal verifier ; garder toutes les sauvegardes plus anciennes.",
        lieu=lieu,
    )
