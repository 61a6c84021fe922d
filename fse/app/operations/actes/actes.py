"""`actes`: everything that was done by hand, who, when, why, and whether it still holds."""

from __future__ import annotations

from fse.app.operations.actes.acte import Acte, tell
from fse.app.operations.practice import Practice
from fse.infra.journal.facts import actes as facts


def actes(practice: Practice) -> tuple[Acte, ...]:
    """Every act, oldest first, annulled ones included. Reads only."""
    with practice.journal.reading() as reading:
        return tuple(tell(reading, facts.actes(reading)))
