"""The departures of a lot, and which of them failed: refused, or not acknowledged in time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fse.domain.echeances.delais import accuse_attendu
from fse.domain.echeances.faits import AccuseFacts, FichierFacts, LotFacts

SANS_ACCUSE = frozenset({"D"})
"""Certifications of lots that get no acknowledgement: the degraded mode (b2.md 10; architecture, decision 14)."""

Depart = tuple[date, str, str]
"""(day, file id, way): a file that left."""


def departures(fichiers: Iterable[FichierFacts]) -> list[Depart]:
    """What left, in order of time."""
    return sorted((one.parti_le, one.identifiant, one.canal) for one in fichiers if one.parti_le is not None)


def failure_of(facts: LotFacts, departs: list[Depart], rank: int, le: date) -> date | None:
    """The day on which a departure failed: refused, or its acknowledgement missing; `None` while it may succeed."""
    parti_le, _, canal = departs[rank]
    refused = [one.recu_le for one in facts.accuses if one.sens == "N" and _answers(one, departs) == rank]
    if refused:
        return min(refused)
    if not canal or facts.certification in SANS_ACCUSE:
        return None
    due = accuse_attendu(parti_le, facts.calendrier)
    return due.le if due.is_over(le) else None


def _answers(accuse: AccuseFacts, departs: list[Depart]) -> int:
    """Which departure an acknowledgement is about: the file that it names, else the last one of an earlier day.

    What left on the day that it came may have left because of it.
    """
    for rank, (_, identifiant, _) in enumerate(departs):
        if identifiant == accuse.identifiant_fichier:
            return rank
    return max((rank for rank, (day, _, _) in enumerate(departs) if day < accuse.recu_le), default=0)


def failed_on(facts: LotFacts, le: date) -> date | None:
    """The day on which the last departure of a lot failed, as known on a day, whatever was decided since."""
    departs = departures(facts.fichiers)
    days = [day for rank in range(len(departs)) if (day := failure_of(facts, departs, rank, le)) is not None]
    return max(days, default=None)
