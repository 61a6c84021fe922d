"""Facts about what was fetched from a mailbox or a folder: kept first, read afterwards. Each adds its own event.

A message is known by the SHA-256 of its bytes: the same again is nothing new. It may be deleted from where it came
once the transaction that keeps it is committed, and not before. A message that cannot be opened yet (a key that is
not there) is not read: it is tried again by each run.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import exists

from fse.infra.journal.events import Genre
from fse.infra.journal.facts import rows
from fse.infra.journal.schema.exchange_tables import courrier, courrier_lu
from fse.infra.journal.transaction import Reading, Transaction

VerdictCourrier = Literal["lu", "sans_retour", "avis_non_remise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourrierRow:
    """A message kept. `empreinte`: SHA-256 (hex) of its bytes; `source`: the account or the folder, never a password.

    `recu_le` in days, `instant` UTC, `contenu_courrier` the id of its bytes.
    """

    empreinte: str
    source: str
    recu_le: int
    instant: str
    contenu_courrier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourrierLuRow:
    """What a message was: returns that were received (`lu`), nothing of ours (`sans_retour`), the notice that one of
    our files was not delivered (`avis_non_remise`). `motif` is a code or a short French text, without personal data.
    """

    empreinte: str
    verdict: VerdictCourrier
    motif: str
    lu_le: int


def is_known(reading: Reading, empreinte: str) -> bool:
    """True when this message is kept already."""
    query = rows.query(courrier, CourrierRow, reading.cabinet).where(courrier.c.empreinte == empreinte)
    return rows.read_one(reading.connection, CourrierRow, query) is not None


def keep(transaction: Transaction, empreinte: str, data: bytes, *, source: str, le: int) -> CourrierRow:
    """Keep the bytes of a message, encrypted, and its event."""
    row = CourrierRow(
        empreinte=empreinte,
        source=source,
        recu_le=le,
        instant=transaction.instant,
        contenu_courrier=transaction.store("courrier", data),
    )
    rows.write(transaction.connection, courrier, transaction.cabinet, row)
    transaction.event(Genre.COURRIER_RELEVE, asdict(row))
    return row


def to_read(reading: Reading) -> list[CourrierRow]:
    """The messages kept that were not read yet, oldest first."""
    read = exists().where(rows.same(courrier_lu, courrier, "empreinte"))
    query = rows.query(courrier, CourrierRow, reading.cabinet).where(~read)
    return rows.read_all(reading.connection, CourrierRow, query.order_by(courrier.c.instant, courrier.c.empreinte))


def mark_read(transaction: Transaction, courrier_lu_row: CourrierLuRow) -> None:
    """Record what a message was, and its event."""
    rows.write(transaction.connection, courrier_lu, transaction.cabinet, courrier_lu_row)
    transaction.event(Genre.COURRIER_LU, asdict(courrier_lu_row))
