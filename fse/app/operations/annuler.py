"""`annuler`: cancels an invoice that is in no signed lot. Its number is kept, never used again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.states import refresh
from fse.base.dates import to_days
from fse.base.errors import UsageError
from fse.infra.journal.facts import actes, factures, lots
from fse.infra.journal.transaction import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Annulation:
    """What was cancelled. `lot_defait` is the number of the unsigned lot that this made void, if any."""

    prestataire: str
    numero: int
    lot_defait: int | None


def annuler(
    practice: Practice,
    numero: int,
    *,
    motif: str,
    auteur: str,
    prestataire: str | None = None,
    le: date | None = None,
) -> Annulation:
    """Cancel one invoice; the other invoices of its unsigned lot wait for a new one.

    Raises `UsageError`: unknown or ambiguous number, already cancelled (`facture.deja_annulee`), lot already signed
    (`facture.lot_signe`), named by acts done by hand (`facture.actes`).
    """
    today = to_days(practice.day(le))
    with practice.journal.transaction(now()) as transaction:
        who = resolve(transaction, numero, prestataire)
        _refuse_with_acts(transaction, who, numero)
        lot = lots.lot_of(transaction, who, numero)
        others = lots.factures_of(transaction, lot.key) if lot else []
        factures.cancel(
            transaction,
            factures.AnnulationRow(prestataire=who, numero=numero, motif=motif, auteur=auteur, annulee_le=today),
        )
        chain = factures.chain_of(transaction, who, numero)
        refresh(transaction, [*chain, *(other.numero for other in others)])
    return Annulation(prestataire=who, numero=numero, lot_defait=lot.numero_lot if lot else None)


def _refuse_with_acts(reading: Reading, prestataire: str, numero: int) -> None:
    """What was entered or attached by hand would be seen nowhere any more."""
    posed = [one for one in actes.actes_of(reading, numero) if one.prestataire == prestataire]
    annulled = actes.annulments(reading, [one.acte for one in posed])
    live = [one for one in posed if one.acte not in annulled]
    if live:
        numbers = ", ".join(f"n° {one.acte}" for one in live)
        raise UsageError(
            "facture.actes",
            f"Des actes faits à la main portent sur cette facture : {numbers}.",
            action=f"Les annuler d'abord : fse annuler-acte {' '.join(str(one.acte) for one in live)}.",
            lieu=f"facture {numero:09d}",
        )


def resolve(reading: Reading, numero: int, prestataire: str | None, visibles: Collection[str] | None = None) -> str:
    """The prestataire of an invoice number, which is unique per prestataire only, among those that the user sees.

    Raises `UsageError` (`facture.inconnue`, `facture.ambigue`).
    """
    found = [row.prestataire for row in factures.find_all(reading, numero)]
    if prestataire is not None:
        found = [one for one in found if one == prestataire]
    if visibles is not None:
        found = [one for one in found if one in visibles]
    if not found:
        raise UsageError(
            "facture.inconnue",
            "Aucune facture du cabinet ne porte ce numéro.",
            action="Vérifier le numéro, et le praticien s'il est donné.",
            lieu=f"facture {numero:09d}",
        )
    if len(found) > 1:
        raise UsageError(
            "facture.ambigue",
            f"Plusieurs praticiens ont une facture de ce numéro : {', '.join(found)}.",
            action="Préciser le praticien par --praticien.",
            lieu=f"facture {numero:09d}",
        )
    return found[0]
