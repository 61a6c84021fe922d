"""One night at a time: a row of the journal that expires by itself, and the trace of what the night does.

The lock only spares double work: every step is safe beside another of its kind, so that a night that outlives its lock
does no harm before it notices.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex

from fse.app.nightly.outcomes import Etape
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.base.dates import to_days
from fse.base.errors import StorageError
from fse.infra.journal.facts import nuits
from fse.infra.journal.facts.nuits import VerrouRow

DUREE = timedelta(hours=1)
"""How long a step may last before another night may begin (our choice); renewed before each."""

_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Verrou:
    """The lock of one night, once taken; `rang` is the rank of the night."""

    practice: Practice
    jeton: str
    rang: int

    def keep(self, ordre: int, etape: Etape) -> None:
        """Record a step that ended, and hold the lock for the next one.

        Raises `StorageError` (`nuit.verrou_perdu`: another night took it over).
        """
        instant = now()
        with self.practice.journal.transaction(instant) as transaction:
            nuits.record_step(
                transaction,
                self.rang,
                etape=etape.etape,
                ordre=ordre,
                issue=etape.issue,
                statut=etape.statut,
                motif=etape.motif,
                comptes=etape.comptes,
                laisses=etape.laisses,
            )
            kept = nuits.renew(transaction, jeton=self.jeton, maintenant=instant, duree=DUREE)
        if not kept:
            raise StorageError(
                "nuit.verrou_perdu",
                "Cette nuit a duré trop longtemps : une autre l'a remplacée.",
                action="Rien n'est perdu : l'autre nuit fait le reste. Lire son compte rendu.",
                lieu=self.practice.journal.lieu,
            )

    def end(self, statut: int) -> None:
        """Say that the work of the night is done, with this exit status."""
        with self.practice.journal.transaction(now()) as transaction:
            nuits.end(transaction, self.rang, statut=statut)

    def release(self) -> None:
        """Let another night begin at once."""
        with self.practice.journal.transaction(now()) as transaction:
            nuits.release(transaction, jeton=self.jeton)


@contextmanager
def locked(practice: Practice, day: date) -> Iterator[Verrou]:
    """The lock of a new night, let go at the end. Raises `StorageError` (`nuit.en_cours`: another holds it)."""
    jeton, instant = token_hex(_TOKEN_BYTES), now()
    porteur = f"{platform.node() or 'machine sans nom'}, processus {os.getpid()}"
    with practice.journal.transaction(instant) as transaction:
        other = nuits.take(transaction, jeton=jeton, porteur=porteur, maintenant=instant, duree=DUREE)
        if other is not None:
            raise _held(practice, other)
        verrou = Verrou(practice, jeton, nuits.begin(transaction, jeton=jeton, jour=to_days(day)))
    try:
        yield verrou
    finally:
        with suppress(StorageError):  # it expires by itself
            verrou.release()


def _held(practice: Practice, other: VerrouRow) -> StorageError:
    zone = practice.cabinet.zone
    since, until = (datetime.fromisoformat(one).astimezone(zone) for one in (other.pris_le, other.expire_le))
    return StorageError(
        "nuit.en_cours",
        f"Une autre nuit est en cours depuis le {since:%d/%m/%Y à %H:%M} ({other.porteur}).",
        action=f"Attendre sa fin. Si elle a été interrompue, relancer fse nuit après {until:%H:%M} : tout est repris.",
        lieu=practice.journal.lieu,
    )
