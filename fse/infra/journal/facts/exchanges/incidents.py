"""Facts about failures that are of no file in particular: a server, a card, a mailbox. Each adds its own event.

What failed of a file is in its attempts (`envois`); together they are the evidence for a caisse (S4 art. 62.1).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select

from fse.base.dates import to_days
from fse.infra.journal.events import Genre
from fse.infra.journal.facts import rows
from fse.infra.journal.schema.exchange_tables import incident
from fse.infra.journal.transaction import Reading, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """A failure. `nature`: "envoi", "releve", "carte", "chiffrement"; `code` that of the error, `detail` its French
    message, without personal data. `jour` in days, `instant` UTC.
    """

    rang: int
    nature: str
    code: str
    detail: str
    jour: int
    instant: str


def record(transaction: Transaction, *, nature: str, code: str, detail: str, jour: int) -> IncidentRow:
    """Record a failure, and its event."""
    last = select(func.max(incident.c.rang)).where(incident.c.cabinet == transaction.cabinet)
    row = IncidentRow(
        rang=(transaction.connection.execute(last).scalar_one() or 0) + 1,
        nature=nature,
        code=code,
        detail=detail,
        jour=jour,
        instant=transaction.instant,
    )
    rows.write(transaction.connection, incident, transaction.cabinet, row)
    transaction.event(Genre.INCIDENT_CONSTATE, asdict(row))
    return row


def record_once(transaction: Transaction, *, nature: str, code: str, detail: str, jour: int) -> None:
    """Record a failure that comes back with each run, unless it was recorded on that day already."""
    here = incident.c
    told = select(here.rang).where(
        here.cabinet == transaction.cabinet,
        here.nature == nature,
        here.code == code,
        here.detail == detail,
        here.jour == jour,
    )
    if transaction.connection.execute(told).first() is None:
        record(transaction, nature=nature, code=code, detail=detail, jour=jour)


def between(reading: Reading, depuis: date, jusqu: date) -> list[IncidentRow]:
    """The failures between two civil dates, both included, oldest first."""
    here = incident.c
    query = rows.query(incident, IncidentRow, reading.cabinet).where(
        here.jour >= to_days(depuis), here.jour <= to_days(jusqu)
    )
    return rows.read_all(reading.connection, IncidentRow, query.order_by(here.rang))
