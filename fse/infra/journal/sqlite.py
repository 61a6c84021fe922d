"""SQLite, and all that is particular to it in this room: opening, pragmas, transactions, words for its errors.

One file holds the journal of one cabinet and serves one machine, never a network share (architecture, decision 20).
With `sqlite_statistics` these are the only modules of the room that know SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from fse.base.errors import StorageError
from fse.infra.journal.sqlite_statistics import write_statistics

MANY_CABINETS = False

_BUSY_SECONDS = 30.0
_READING = "fse_reading"
_APPLICATION_ID = 0x6673654A

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",
)

_NOT_A_JOURNAL = (
    "journal.illisible",
    "Ce fichier n'est pas un journal, ou il est abîmé.",
    "Vérifier le chemin du journal, sinon restaurer la dernière sauvegarde.",
)

_ERRORS = (
    (
        ("SQLITE_BUSY", "SQLITE_LOCKED"),
        "journal.verrouille",
        "Le journal est occupé par un autre programme.",
        "Attendre la fin de l'autre opération, puis recommencer.",
    ),
    (
        ("SQLITE_FULL", "SQLITE_IOERR"),
        "journal.disque",
        "Le disque du journal est plein ou en panne.",
        "Libérer de la place ou vérifier le disque, puis recommencer : rien n'a été enregistré.",
    ),
    (("SQLITE_NOTADB", "SQLITE_CORRUPT"), *_NOT_A_JOURNAL),
    (
        ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH"),
        "journal.inaccessible",
        "Le journal ne peut pas être ouvert en écriture.",
        "Vérifier que son dossier existe et les droits sur ce dossier.",
    ),
    (
        ("SQLITE_CONSTRAINT",),
        "journal.contrainte",
        "Le journal refuse ce fait : il contredit ce qui est déjà enregistré.",
        "Rien n'a été enregistré. Signaler ce cas avec la commande lancée.",
    ),
    (
        ("",),
        "journal.erreur",
        "Le journal n'a pas pu exécuter cette opération.",
        "Rien n'a été enregistré. Signaler ce cas avec la commande lancée.",
    ),
)


def open_engine(place: Path | str) -> Engine:
    """An engine on this file, created empty when absent. Errors never print the values given to a statement.

    Writers take the write lock when they begin (`BEGIN IMMEDIATE`), so what they read stays true until they commit;
    readers see one snapshot and block nobody.
    """
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(place)),
        connect_args={"isolation_level": None, "timeout": _BUSY_SECONDS},
        hide_parameters=True,
        max_overflow=-1,
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def is_there(place: Path | str) -> bool:
    """False when there is no such file."""
    return Path(place).is_file()


def prepare(place: Path | str) -> None:
    """An empty file that only its owner reads (POSIX), for a journal to be. What prevents it shows at opening."""
    with suppress(OSError):
        Path(place).touch(mode=0o600)


def lieu(engine: Engine) -> str:
    """The path of the file."""
    return engine.url.database or ""


def reader(engine: Engine) -> Engine:
    """The same engine, whose transactions take no lock when they begin."""
    return engine.execution_options(**{_READING: True})


def lock_creation(_connection: Connection) -> None:
    """Nothing: a writer has locked the file since it began."""


def lock_cabinet(_connection: Connection, _cabinet: str) -> None:
    """Nothing: a writer has locked the file since it began."""


def stamp_schema(connection: Connection, version: int) -> None:
    """Write into the file that it is a journal whose tables have this version."""
    connection.exec_driver_sql(f"PRAGMA application_id = {_APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {version:d}")


def schema_version(connection: Connection) -> int | None:
    """The version of the tables, `None` when the file is empty. Raises `StorageError` when it is not a journal."""
    application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if application == _APPLICATION_ID:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if application == 0 and not connection.exec_driver_sql("SELECT COUNT(*) FROM sqlite_master").scalar_one():
        return None
    raise StorageError(*_NOT_A_JOURNAL[:2], action=_NOT_A_JOURNAL[2])


def finish_tables(connection: Connection) -> None:
    """Write the statistics that keep the plans the same for ever."""
    write_statistics(connection)


@contextmanager
def translated_errors(lieu: str) -> Iterator[None]:
    """Turn what the database raises into a `StorageError` that says what to do."""
    try:
        yield
    except DBAPIError as error:
        raise _explain(error.orig, lieu) from error


def _on_connect(dbapi_connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    for pragma in _PRAGMAS:
        dbapi_connection.execute(pragma).close()


def _on_begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _explain(error: BaseException | None, lieu: str) -> StorageError:
    name = getattr(error, "sqlite_errorname", "")
    for names, code, message, action in _ERRORS:
        if name.startswith(names):
            return StorageError(code, message, action=action, lieu=lieu)
    raise AssertionError("the last line takes every error")
