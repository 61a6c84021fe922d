"""Whether the work of the night was done, as the page says it before anything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.base.dates import from_days
from fse.infra.journal.facts import nuits
from fse.infra.journal.facts.nuits import DerniereNuit, Laisse

Etat = Literal["faite", "a_revoir", "en_cours", "interrompue", "pas_faite", "jamais"]

_RECENT = timedelta(hours=25)
"""A night comes once a day (our choice): one that began longer ago is not the last that was due. An hour more than a
day, for a machine that was late to start.
"""

LIBELLES = {
    "faite": "Nuit faite",
    "a_revoir": "Nuit faite, sauf une partie",
    "en_cours": "Nuit en cours",
    "interrompue": "Nuit interrompue",
    "pas_faite": "Nuit pas faite",
    "jamais": "Pas de nuit",
}

RESERVES = {
    "a_revoir": "La nuit n'a pas tout fait",
    "en_cours": "La nuit n'est pas finie",
    "interrompue": "La nuit a été interrompue",
    "pas_faite": "La nuit n'a pas été faite",
}
"""What the headline says before the rest, for then the journal may not know all."""

ETAPES = {
    "envoyer": "envoi",
    "relever": "relève",
    "recevoir": "réception",
    "relancer": "relances",
    "renvoyer": "renvois",
    "rapport": "page du matin",
}
"""The steps of a night, as they are told; one that is not there is told by its own name."""

_NO_REASON = "Elle n'a pas abouti : lancer fse nuit, qui dira pourquoi."


@dataclass(frozen=True, slots=True, kw_only=True)
class Nuit:
    """The last night: `jour` is its day, `depuis` when it began by the clock of the practice; `None` before the first.
    `manques`: the steps that somebody must look at, each with why; `laisses`: what was left where it arrived.
    """

    etat: Etat
    jour: date | None
    depuis: datetime | None = None
    manques: tuple[tuple[str, str], ...] = ()
    laisses: tuple[Laisse, ...] = ()

    @property
    def libelle(self) -> str:
        return LIBELLES[self.etat]

    @property
    def reserve(self) -> str:
        """Why the journal may not know all; "" when the night did its work, or where there is none."""
        return RESERVES.get(self.etat, "")


def last_night(practice: Practice, le: date) -> Nuit:
    """What became of the night before this morning. The page may be written by the night itself, as its last step."""
    instant, zone = now(), practice.cabinet.zone
    with practice.journal.reading() as reading:
        found = nuits.last(reading, instant)
    if found is None:
        return Nuit(etat="jamais", jour=None)
    missing = tuple((ETAPES.get(one.etape, one.etape), one.motif or _NO_REASON) for one in found.etapes if one.manquee)
    return Nuit(
        etat=_state(found, _age(found, le, instant, zone), bool(missing)),
        jour=from_days(found.nuit.jour),
        depuis=found.debut.astimezone(zone),
        manques=missing,
        laisses=found.laisses,
    )


def _age(found: DerniereNuit, le: date, instant: datetime, zone: ZoneInfo) -> timedelta:
    """From the start of the night to this morning: days as they were told (`--le`), hours of the clock."""
    began, here = found.debut.astimezone(zone), instant.astimezone(zone)
    return datetime.combine(le, here.time()) - datetime.combine(from_days(found.nuit.jour), began.time())


def _state(found: DerniereNuit, age: timedelta, missing: bool) -> Etat:
    if found.etat == "en_cours":
        return "en_cours"
    if age > _RECENT:
        return "pas_faite"
    if found.etat == "interrompue":
        return "interrompue"
    return "a_revoir" if missing else "faite"
