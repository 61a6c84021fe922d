"""`actes`: everything that was done by hand, who, when, why, and whether it still holds."""

from __future__ import annotations

from collections.abc import Collection

from fse.app.operations.actes.acte import Acte, tell
from fse.app.operations.practice import Practice
from fse.infra.journal.facts import actes as facts


def actes(practice: Practice, *, praticiens: Collection[str] | None = None) -> tuple[Acte, ...]:
    """Every act, oldest first, annulled ones included; of these prestataires, `None` for all. Reads only.

    What annuls an act is of whom that act is.
    """
    with practice.journal.reading() as reading:
        rows = facts.actes(reading)
        if praticiens is not None:
            theirs = {row.acte for row in rows if row.prestataire in praticiens}
            rows = [row for row in rows if row.acte in theirs or row.vise in theirs]
        return tuple(tell(reading, rows))
