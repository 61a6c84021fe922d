"""`reseau annuler`: a service is asked from its network no more. Its line stays in the ledger, with who and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fse.app.operations.actes.redaction import author_and_reason
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.base.dates import from_days, to_days
from fse.base.errors import UsageError
from fse.infra.journal.facts import derogatoires as ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class DerogatoireAnnulee:
    """What was cancelled: a service of `jour`, `montant` in centimes."""

    reference: str
    reseau: str
    jour: date
    montant: int


def annuler_derogatoire(
    practice: Practice, reference: str, *, motif: str, auteur: str, le: date | None = None
) -> DerogatoireAnnulee:
    """Cancel a service; its reference is never used again.

    Raises `UsageError`: `reseau.derogatoire_inconnue`, `reseau.deja_annulee`, those of `author_and_reason`.
    """
    auteur, motif = author_and_reason(auteur, motif)
    today = to_days(practice.day(le))
    with practice.journal.transaction(now()) as transaction:
        row = ledger.find(transaction, reference)
        if row is None:
            raise UsageError(
                "reseau.derogatoire_inconnue",
                "Aucune prestation de réseau n'a cette référence.",
                action="La lire dans fse reseau etat.",
            )
        known = ledger.find_cancellation(transaction, reference)
        if known is not None:
            raise UsageError(
                "reseau.deja_annulee",
                f"Cette prestation est déjà annulée, par {known.auteur}.",
                action="Il n'y a rien à faire.",
                lieu=reference,
            )
        ledger.cancel(
            transaction,
            ledger.DerogatoireAnnuleeRow(reference=reference, motif=motif, auteur=auteur, annulee_le=today),
        )
    return DerogatoireAnnulee(
        reference=reference, reseau=row.reseau, jour=from_days(row.date_soins), montant=row.montant
    )
