"""PostgreSQL (extra `postgresql`), and all that is particular to it in this room: several workstations, many cabinets.

One database holds the journals of many cabinets: the tables are shared, and each cabinet has its row, its key and its
chain. A cabinet has one writer at a time, whatever the workstation: a writing transaction first takes an advisory lock
on the cabinet's name. Then each statement must see all that was committed before it got the lock. That is READ
COMMITTED: under REPEATABLE READ the snapshot would be the one of the statement that waits for the lock, older than the
writer that was waited for. As nobody else writes rows of this cabinet meanwhile, what a transaction read stays true
until it commits, and nothing has to be tried again. Other cabinets never wait. A reading is one snapshot (REPEATABLE
READ); it is not declared READ ONLY, which forbids the temporary tables of the engine, but it never commits.

The password never comes with the address: libpq finds it (PGPASSWORD, a password file, a service file).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from fse.base.errors import StorageError, UsageError
from fse.base.resources import require
from fse.infra.journal import postgresql_errors

if TYPE_CHECKING:
    import psycopg

MANY_CABINETS = True

_SCHEME = "postgresql://"
_CONNECT_SECONDS = 10
_LOCK_SECONDS = 30.0

# A workstation that loses its power while it writes must not hold its cabinet for the two hours that are usual.
_KEEPALIVES = "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4"

_CREATION = "fse creation"
_CABINET = "fse cabinet"

_LOOSE_COLUMNS = text("""
    SELECT COUNT(*)
    FROM pg_attribute AS a
    INNER JOIN pg_type AS t ON t.oid = a.atttypid AND t.typname = 'text'
    INNER JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind = 'r'
    INNER JOIN pg_class AS j ON j.oid = to_regclass('fse_journal') AND j.relnamespace = c.relnamespace
    INNER JOIN pg_attribute AS k ON k.attrelid = c.oid AND k.attname = 'cabinet'
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attcollation <> 'pg_catalog."C"'::regcollation
""")


def is_address(place: str) -> bool:
    """True when this text is the address of a PostgreSQL database, and not a path."""
    return place.startswith(_SCHEME)


def open_engine(place: Path | str) -> Engine:
    """An engine on this address (`postgresql://[account@]server[:port]/database[?option=value]`, as libpq reads it).

    Statements are not prepared: a plan kept from another day would outlive the statistics that it was made from.
    Raises `UsageError`: `installation.extra_absent`, `journal.adresse`, `journal.mot_de_passe`.
    """
    driver = require("psycopg", extra="postgresql")
    address = str(place)
    given = _read_address(address)
    shown = URL.create("postgresql+psycopg", host=given.get("host"), database=given.get("dbname", given.get("service")))

    def connect() -> psycopg.Connection[Any]:
        connection: psycopg.Connection[Any] = driver.connect(
            address,
            autocommit=True,
            prepare_threshold=None,
            client_encoding="utf8",
            connect_timeout=given.get("connect_timeout", _CONNECT_SECONDS),
        )
        connection.execute(f"SET lock_timeout = {int(_LOCK_SECONDS * 1000)}; SET jit = off; {_KEEPALIVES}")
        connection.autocommit = False
        return connection

    return create_engine(
        shown,
        creator=connect,
        isolation_level="READ COMMITTED",
        hide_parameters=True,
        max_overflow=-1,
        pool_pre_ping=True,
        use_native_hstore=False,
    )


def is_there(_place: Path | str) -> bool:
    """True: only the server knows."""
    return True


def prepare(_place: Path | str) -> None:
    """Nothing: the database is made by who keeps the server."""


def lieu(engine: Engine) -> str:
    """Server and database."""
    return f"postgresql://{engine.url.host or ''}/{engine.url.database or ''}"


def reader(engine: Engine) -> Engine:
    """The same engine, whose transactions see one snapshot each."""
    return engine.execution_options(isolation_level="REPEATABLE READ")


def lock_creation(connection: Connection) -> None:
    """Wait for whoever creates a journal in this database."""
    _lock(connection, _CREATION, "")


def lock_cabinet(connection: Connection, cabinet: str) -> None:
    """Wait for whoever writes for this cabinet."""
    _lock(connection, _CABINET, cabinet)


def schema_version(connection: Connection) -> int | None:
    """The version of the tables, `None` when the schema in use holds no journal.

    Raises `StorageError` (`journal.base_texte`) when the database is not UTF-8, or a text does not compare bytewise.
    """
    if connection.exec_driver_sql("SHOW server_encoding").scalar_one() != "UTF8":
        raise _unfit("n'est pas en UTF-8")
    if connection.exec_driver_sql("SELECT to_regclass('fse_journal')").scalar_one() is None:
        return None
    if connection.execute(_LOOSE_COLUMNS).scalar_one():
        raise _unfit("ne compare pas les textes octet par octet")
    return int(connection.exec_driver_sql("SELECT version FROM fse_journal").scalar_one())


def stamp_schema(connection: Connection, version: int) -> None:
    """Write into the database that it holds journals whose tables have this version."""
    connection.exec_driver_sql("CREATE TABLE fse_journal (version BIGINT NOT NULL)")
    connection.exec_driver_sql(f"INSERT INTO fse_journal (version) VALUES ({version:d})")


def finish_tables(_connection: Connection) -> None:
    """Nothing: PostgreSQL gathers statistics by itself; the engine does not count on them."""


@contextmanager
def translated_errors(lieu: str) -> Iterator[None]:
    """Turn what the server says into a `StorageError` that says what to do.

    The message of the server is left out of the cause, for it quotes the values of a row.
    """
    try:
        yield
    except DBAPIError as error:
        raise postgresql_errors.explain(error.orig, lieu) from postgresql_errors.without_values(error.orig)


def _read_address(address: str) -> dict[str, Any]:
    """What libpq reads in this address. Raises `UsageError`."""
    conninfo = require("psycopg.conninfo", extra="postgresql")
    driver = require("psycopg", extra="postgresql")
    try:
        given: dict[str, Any] = conninfo.conninfo_to_dict(address)
    except driver.ProgrammingError:
        raise UsageError(
            "journal.adresse",
            "L'adresse du journal ne se lit pas.",
            action="L'écrire postgresql://compte@serveur/base dans cabinet.toml.",
        ) from None
    if given.keys() & {"password", "sslpassword"}:
        raise UsageError(
            "journal.mot_de_passe",
            "L'adresse du journal contient un mot de passe : il serait lu par quiconque ouvre ce fichier.",
            action="L'ôter de l'adresse, et le donner par le fichier .pgpass du compte ou par la variable PGPASSWORD.",
        )
    return given


def _lock(connection: Connection, kind: str, name: str) -> None:
    digest = blake2b(f"{kind}\0{name}".encode(), digest_size=8).digest()
    key = int.from_bytes(digest, "big", signed=True)
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _unfit(what: str) -> StorageError:
    return StorageError(
        "journal.base_texte",
        f"La base du journal {what}.",
        action="Faire créer une base pour le journal : createdb --encoding=UTF8 --locale=C --template=template0.",
    )
