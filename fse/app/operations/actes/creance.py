"""`rattacher --creance`: a withheld debt attached to an invoice, to the day it was notified, or to both.

No entity of a return says what a debt is about, and the two months to dispute it run from its notification.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fse.app.operations.actes.acte import Acte, tell
from fse.app.operations.actes.redaction import author_and_reason
from fse.app.operations.cabinet import Cabinet
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.states import answer, ask_cabinet
from fse.app.operations.worklist.dettes import Dette, read_debts
from fse.base.dates import to_days
from fse.base.errors import UsageError
from fse.infra.journal.facts import factures
from fse.infra.journal.facts.actes import ActeRow, insert_acte, next_acte
from fse.infra.journal.transaction import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class CreanceRattachee:
    """The act, and the debt as it is known from now on."""

    acte: Acte
    dette: Dette


def rattacher_creance(
    practice: Practice,
    reference: str,
    *,
    motif: str,
    auteur: str,
    facture: int | None = None,
    notifiee_le: date | None = None,
    prestataire: str | None = None,
    organisme: str | None = None,
    le: date | None = None,
) -> CreanceRattachee:
    """Attach a debt that payers recover to an invoice, to the day it was notified, or to both.

    `prestataire` is the one from whom it is recovered, `organisme` who recovers it (the 14 digits of the sender of its
    returns, or their end): two may use one reference. Raises `UsageError`: `acte.creance_inconnue`,
    `acte.creance_ambigue`, `acte.creance_sans_rien`, `acte.jour_a_venir`, `acte.creance_autre_facture`,
    `acte.deja_pose`.
    """
    who, why = author_and_reason(auteur, motif)
    today = practice.day(le)
    if facture is None and notifiee_le is None:
        raise UsageError(
            "acte.creance_sans_rien",
            "Une créance se rattache à une facture, à la date de sa notification, ou aux deux.",
            action="Donner --facture, --notifiee-le, ou les deux.",
            lieu=f"créance {reference}",
        )
    if notifiee_le is not None and notifiee_le > today:
        raise UsageError(
            "acte.jour_a_venir",
            f"La notification est datée du {notifiee_le:%d/%m/%Y}, qui n'est pas encore venu.",
            action="Vérifier la date, écrite AAAA-MM-JJ.",
            lieu=f"créance {reference}",
        )
    with practice.journal.transaction(now()) as transaction:
        owner, emetteur = _debtor(transaction, reference, prestataire, organisme)
        if facture is not None:
            _check_invoice(transaction, practice.cabinet, owner, facture)
        row = ActeRow(
            acte=next_acte(transaction),
            genre="creance_rattachee",
            auteur=who,
            motif=why,
            pose_le=to_days(today),
            prestataire=owner,
            numero=facture,
            emetteur=emetteur,
            reference=reference,
            notifiee_le=None if notifiee_le is None else to_days(notifiee_le),
        )
        insert_acte(transaction, row)
        (acte,) = tell(transaction, [row])
        return CreanceRattachee(acte=acte, dette=_debt(transaction, practice.cabinet, (owner, emetteur, reference)))


def _debtor(reading: Reading, reference: str, prestataire: str | None, organisme: str | None) -> tuple[str, str]:
    """From whom the debt of this reference is recovered, and by whom."""
    ask_cabinet(reading)
    known = [
        (row["prestataire"], row["emetteur"])
        for row in answer(reading, "dettes")
        if reference and row["reference"] == reference and row["emetteur"].endswith(organisme or "")
    ]
    if prestataire is not None:
        known = [one for one in known if one[0] == prestataire]
    if not known:
        raise UsageError(
            "acte.creance_inconnue",
            "Aucun retour enregistré ne parle de cette créance.",
            action="Recopier la référence de fse suivi, et vérifier le praticien s'il est donné.",
            lieu=f"créance {reference}",
        )
    if len(known) > 1:
        raise UsageError(
            "acte.creance_ambigue",
            "Cette référence est celle de plusieurs créances : "
            + ", ".join(f"praticien {who}, organisme {sender}" for who, sender in known)
            + ".",
            action="Préciser le praticien par --praticien, l'organisme par --organisme.",
            lieu=f"créance {reference}",
        )
    return known[0]


def _check_invoice(reading: Reading, cabinet: Cabinet, debtor: str, numero: int) -> None:
    """The invoice is of whom the debt is recovered from, or of one prestataire for whom that one is paid."""
    paid_for = {debtor, *_paid_for(cabinet, debtor)}
    found = [row for row in factures.find_all(reading, numero) if row.prestataire in paid_for]
    if len(found) != 1:
        raise UsageError(
            "acte.creance_autre_facture",
            f"La créance est recouvrée sur {debtor}, qui n'a pas de facture de ce numéro."
            if not found
            else f"Plusieurs praticiens payés par {debtor} ont une facture de ce numéro.",
            action="Vérifier le numéro ; à défaut, rattacher la créance à sa seule notification.",
            lieu=f"facture {numero:09d}",
        )


def _paid_for(cabinet: Cabinet, payee: str) -> Iterable[str]:
    return (numero for mandat in cabinet.mandats if mandat.beneficiaire == payee for numero in mandat.prestataires)


def _debt(reading: Reading, cabinet: Cabinet, wanted: tuple[str, str, str]) -> Dette:
    """This debt, by its prestataire, its sender and its reference; the cabinet is asked."""
    dettes, mouvements = (
        [row for row in answer(reading, name) if (row["prestataire"], row["emetteur"], row["reference"]) == wanted]
        for name in ("dettes", "mouvements_dette")
    )
    (dette,) = read_debts(dettes, mouvements, cabinet)
    return dette
