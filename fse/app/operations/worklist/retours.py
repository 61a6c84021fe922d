"""Whether what comes back was fetched: before anything is sent again, an acknowledgement may be waiting unread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fse.app.operations.cabinet import Cabinet
from fse.base.dates import from_days
from fse.infra.journal.facts import nuits
from fse.infra.journal.facts.exchanges import releves
from fse.infra.journal.transaction import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Retours:
    """The day of the last message fetched, `None` before the first; and the failure that came after it, "" for none.

    Silence since `dernier_le` is not a failure. A message fetched, or a night whose fetch missed nothing, ends a
    failure; a fetch by hand that met nothing leaves no trace.
    """

    dernier_le: date | None
    echec_le: date | None
    echec: str


def fetched(reading: Reading, cabinet: Cabinet) -> Retours | None:
    """What is known of the fetching, `None` where `cabinet.toml` does not say where returns come."""
    if cabinet.releve is None:
        return None
    last, failed = releves.last_fetched(reading), releves.last_failure(reading)
    done = max(last[1] if last else "", nuits.last_done(reading, "relever") or "")
    if failed is not None and failed.instant <= done:
        failed = None
    return Retours(
        dernier_le=from_days(last[0]) if last else None,
        echec_le=from_days(failed.jour) if failed else None,
        echec=failed.detail if failed else "",
    )
