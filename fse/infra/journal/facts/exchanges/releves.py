"""When something was last fetched, and when fetching last failed. A fetch that met nothing leaves no fact."""

from __future__ import annotations

from sqlalchemy import func, select

from fse.infra.journal.facts import rows
from fse.infra.journal.facts.exchanges.incidents import IncidentRow
from fse.infra.journal.schema.exchange_tables import courrier, incident
from fse.infra.journal.transaction import Reading

_NATURE = "releve"


def last_fetched(reading: Reading) -> tuple[int, str] | None:
    """The day and the instant of the last message kept, `None` before the first."""
    here = courrier.c
    query = select(func.max(here.recu_le), func.max(here.instant)).where(here.cabinet == reading.cabinet)
    day, instant = reading.connection.execute(query).one()
    return None if day is None else (int(day), str(instant))


def last_failure(reading: Reading) -> IncidentRow | None:
    """The last time that fetching failed."""
    here = incident.c
    query = rows.query(incident, IncidentRow, reading.cabinet).where(here.nature == _NATURE)
    found = rows.read_all(reading.connection, IncidentRow, query.order_by(here.rang.desc()).limit(1))
    return found[0] if found else None
