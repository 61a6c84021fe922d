"""The only clock of `fse`: instants are UTC, legal dates are civil dates in the zone of the practice (decision 17)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today(zone: ZoneInfo) -> date:
    """The civil date of this instant in a zone."""
    return now().astimezone(zone).date()
