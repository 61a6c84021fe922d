"""Contents and persons destroyed: their ciphertexts leave the file, the rows that point to them and the chain stay.

SQLite is asked to overwrite what is deleted with zeros, and to empty its log once committed. PostgreSQL does so when
it vacuums. A backup made before keeps what it holds until it is destroyed itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from sqlalchemy import Connection, delete, update

from fse.infra.journal.journal import Journal
from fse.infra.journal.schema.tables import DETRUIT, contenu, personne
from fse.infra.journal.transaction import Transaction


def destroy_contents(transaction: Transaction, ids: Sequence[str]) -> None:
    """Leave nothing of these contents. The caller adds the event that says why."""
    overwrite_what_is_deleted(transaction.connection)
    for id in ids:
        transaction.connection.execute(
            update(contenu)
            .where(contenu.c.cabinet == transaction.cabinet, contenu.c.id == id)
            .values(genre=DETRUIT, chiffre=b"")
        )


def delete_persons(transaction: Transaction, ids: Sequence[str]) -> None:
    """Delete these persons. The caller adds the event that says why."""
    overwrite_what_is_deleted(transaction.connection)
    for id in ids:
        transaction.connection.execute(
            delete(personne).where(personne.c.cabinet == transaction.cabinet, personne.c.id == id)
        )


def overwrite_what_is_deleted(connection: Connection) -> None:
    """From here on in this connection, what is deleted or replaced is overwritten."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def empty_log(journal: Journal) -> None:
    """Leave in the log of the database nothing of what was there before; what a reader still uses stays until then."""
    if journal.engine.dialect.name == "sqlite":
        with closing(journal.engine.raw_connection()) as pooled:
            pooled.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
