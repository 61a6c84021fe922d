"""After a restoration no number is given: what the lost days numbered is unknown, and no number serves twice.

The suspension stands in the journal itself, so that every workstation and every command meets it.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from fse.base.errors import StorageError
from fse.infra.journal.schema.tables import suspension


def since(connection: Connection, cabinet: str) -> str | None:
    """The instant (UTC, ISO) from which no number is given, `None` when numbers are given."""
    query = select(suspension.c.depuis).where(suspension.c.cabinet == cabinet)
    return connection.execute(query).scalar_one_or_none()


def refuse(connection: Connection, cabinet: str) -> None:
    """Raises `StorageError` (`journal.a_reprendre`) when no number may be given."""
    if since(connection, cabinet) is not None:
        raise StorageError(
            "journal.a_reprendre",
            "Ce journal vient d'une sauvegarde : il ne sait pas quels numéros ont servi depuis, et n'en donne plus.",
            action="Lancer fse journal reprendre avec les derniers numéros donnés ; recevoir reste possible.",
        )


def suspend(connection: Connection, cabinet: str, instant: str) -> None:
    """Give no number from now on. A journal already suspended stays so, since the first instant."""
    if since(connection, cabinet) is None:
        connection.execute(insert(suspension).values(cabinet=cabinet, depuis=instant))


def lift(connection: Connection, cabinet: str) -> None:
    """Give numbers again."""
    connection.execute(delete(suspension).where(suspension.c.cabinet == cabinet))
