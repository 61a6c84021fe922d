"""`incidents`: what failed between the practice and its payers, by time, and what was done: the evidence for a caisse.

The parties inform each other of malfunctions (S4 art. 62.1; regles.md A-34). Everything comes from facts that the
journal proves; the head of its chain is given with them, so that whoever holds the journal can check that none is
missing (`fse journal verifier --tete`). No NIR and no name of a patient is in it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from fse.app.operations.delivery import deliver
from fse.app.operations.incidents.fichier import as_csv
from fse.app.operations.incidents.ligne import SUITES, Incident, ReleveIncidents
from fse.app.operations.incidents.sources import Period, gather
from fse.app.operations.practice import Practice
from fse.base.errors import UsageError
from fse.infra.journal import chain

JOURS = 90
"""How far back the log goes when no day is given: as long as the double of what was sent is kept."""

__all__ = ["Incident", "ReleveIncidents", "ecrire_incidents", "incidents"]


def incidents(
    practice: Practice,
    *,
    depuis: date | None = None,
    jusqu: date | None = None,
    organisme: str | None = None,
    praticiens: Collection[str] | None = None,
    le: date | None = None,
) -> ReleveIncidents:
    """Every failure between two civil dates, both included, oldest first; by default the last 90 days. Reads only.

    `organisme` leaves out what is of other funds only, `praticiens` what is of others only; a failure that is of no
    lot stays. Raises `UsageError` (`incidents.periode`).
    """
    today = practice.day(le)
    last = jusqu or today
    first = depuis or last - timedelta(days=JOURS)
    if first > last:
        raise UsageError(
            "incidents.periode",
            f"La période va du {first:%d/%m/%Y} au {last:%d/%m/%Y} : elle finit avant de commencer.",
            action="Donner --depuis avant --jusqu.",
        )
    with practice.journal.reading() as reading:
        head = chain.head(reading.connection, reading.cabinet)
        found = gather(reading, practice.cabinet, Period(first, last, today))
    kept = [one for one in found if _is_wanted(one, organisme, praticiens)]
    return ReleveIncidents(
        cabinet=practice.cabinet.cabinet,
        emetteur=practice.cabinet.emetteur.numero.zfill(14),
        praticiens=tuple(one.numero for one in practice.cabinet.prestataires),
        marque=practice.cabinet.marque,
        organisme=organisme,
        depuis=first,
        jusqu=last,
        etabli_le=today,
        tete=f"{head.rang}:{head.mac}",
        incidents=tuple(kept),
        suites=sum(one.nature in SUITES for one in kept),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierIncidents:
    """The evidence file written, and how many failures it holds."""

    chemin: Path
    incidents: int


def ecrire_incidents(releve: ReleveIncidents, sortie: Path) -> FichierIncidents:
    """Write the evidence file (CSV). Raises `StorageError` (`sortie.differente`, `sortie.impossible`)."""
    deliver(sortie, as_csv(releve))
    return FichierIncidents(chemin=sortie, incidents=len(releve.incidents))


def _is_wanted(one: Incident, organisme: str | None, praticiens: Collection[str] | None) -> bool:
    if one.organismes and organisme is not None and organisme not in one.organismes:
        return False
    return praticiens is None or not one.praticiens or not set(one.praticiens).isdisjoint(praticiens)
