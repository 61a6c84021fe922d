"""How long what is kept must be kept: the legal delays by name, with their source, and the day they are counted to."""

from __future__ import annotations

from datetime import date

from fse.app.operations.clock import today
from fse.app.operations.practice import Practice
from fse.base.errors import UsageError
from fse.domain.echeances.delais import double_electronique


def kept_until(depuis: date) -> date:
    """The first day on which the electronic double of a sheet sent on a day, or of its answers, may be destroyed.

    It is kept longer while it is not settled (CSS R161-47: 90 days). The same delay is taken for what a practice keeps
    of a person: input, sheet, identity. Nothing here deletes by itself: what a practice must keep longer for other
    duties (accounts, care), it keeps.
    """
    return double_electronique(depuis).le


def purge_day(practice: Practice, le: date | None) -> date:
    """The day on which something is destroyed: `le`, else today. Raises `UsageError` (`purge.date_future`).

    A day to come would make an archive look older than it is, and what is destroyed does not come back.
    """
    real = today(practice.cabinet.zone)
    if le is not None and le > real:
        raise UsageError(
            "purge.date_future",
            f"Rien ne peut être détruit à la date du {le:%d/%m/%Y} : nous sommes le {real:%d/%m/%Y}.",
            action="Attendre ce jour ; --le ne peut donner ici qu'aujourd'hui ou un jour passé.",
        )
    return le or real
