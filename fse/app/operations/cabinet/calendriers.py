"""By which working days a caisse counts: the calendar of a territory, or one that the practice describes."""

from __future__ import annotations

from fse.app.operations.cabinet.description import Cabinet
from fse.base.working_days import METROPOLE, TERRITOIRES, Calendrier, calendar_of


def calendar_problem(cabinet: Cabinet) -> str | None:
    """What is wrong with the calendars that a practice gives, in French."""
    names = [one.nom for one in cabinet.calendriers]
    taken = [nom for rank, nom in enumerate(names) if nom in TERRITOIRES or nom in names[:rank]]
    if taken:
        return f"Dans calendriers, le nom {taken[0]} est déjà pris : en donner un autre."
    for rank, one in enumerate(cabinet.destinations, start=1):
        if one.calendrier not in (*TERRITOIRES, *names):
            return (
                f"Dans destinations n° {rank}, calendrier vaut {', '.join(TERRITOIRES)}, ou le nom d'un des "
                "[[calendriers]]."
            )
    return None


def calendar_for(cabinet: Cabinet, organisme: str, type_destinataire: str, centre: str) -> Calendrier:
    """The calendar of who receives a lot; that of the mainland once the destination table knows them no more."""
    for one in cabinet.centres(type_destinataire, centre):
        if one.organisme_destinataire == organisme:
            own = {calendrier.nom: calendrier for calendrier in cabinet.calendriers}
            return own.get(one.calendrier) or calendar_of(one.calendrier)
    return METROPOLE
