"""Whether the work of the night was done, as the page says it before anything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.base.dates import from_days
from fse.infra.journal.facts import nuits
from fse.infra.journal.facts.nuits import DerniereNuit, EtapeRow

Etat = Literal["faite", "a_revoir", "interrompue", "pas_faite", "jamais"]

_RECENT = timedelta(days=1)
"""A night that began the evening before is the last one."""

LIBELLES = {
    "faite": "Nuit faite",
    "a_revoir": "Nuit faite, sauf une partie",
    "interrompue": "Nuit interrompue",
    "pas_faite": "Nuit pas faite",
    "jamais": "Pas de nuit",
}

ETAPES = {
    "envoyer": "envoi",
    "relever": "relève",
    "recevoir": "réception",
    "relancer": "relances",
    "renvoyer": "renvois",
    "rapport": "page du matin",
}
"""The steps of a night, as they are told; one that is not there is told by its own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nuit:
    """The last night: `jour` is its day, `None` before the first. `manques`: the steps that failed or were not done,
    each with why.
    """

    etat: Etat
    jour: date | None
    manques: tuple[tuple[str, str], ...] = ()

    @property
    def libelle(self) -> str:
        return LIBELLES[self.etat]


def last_night(practice: Practice, le: date) -> Nuit:
    """What became of the night before this morning. The page may be written by the night itself, as its last step."""
    with practice.journal.reading() as reading:
        found = nuits.last(reading, now())
    if found is None:
        return Nuit(etat="jamais", jour=None)
    jour = from_days(found.nuit.jour)
    missing = tuple((ETAPES.get(one.etape, one.etape), one.motif) for one in found.etapes if _is_missing(one))
    return Nuit(etat=_state(found, jour, le, bool(missing)), jour=jour, manques=missing)


def _is_missing(one: EtapeRow) -> bool:
    return one.issue in ("echec", "non_faite")


def _state(found: DerniereNuit, jour: date, le: date, missing: bool) -> Etat:
    if le - jour > _RECENT:
        return "pas_faite"
    if found.etat == "interrompue":
        return "interrompue"
    return "a_revoir" if missing else "faite"
