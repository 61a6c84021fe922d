"""`forcer`: says by hand what a part has become, until a further answer comes. No amount ever appears from it."""

from __future__ import annotations

from datetime import date
from typing import Any

from fse.app.operations.actes.cibles import sent_invoice
from fse.app.operations.actes.pose import ActesPoses, record
from fse.app.operations.actes.redaction import author_and_reason
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.states import answer
from fse.base.dates import to_days
from fse.base.errors import UsageError
from fse.base.money import format_euros
from fse.domain.reconciliation.life_cycle import FORCED, PART
from fse.infra.journal.facts.actes import ActeRow, next_acte


def forcer(
    practice: Practice,
    numero: int,
    partie: str,
    etat: str,
    *,
    motif: str,
    auteur: str,
    prestataire: str | None = None,
    le: date | None = None,
) -> ActesPoses:
    """Force a part (AMO, AMC) of an invoice into a state of `FORCED`; it holds until a further answer comes.

    Raises `UsageError`: those of `sent_invoice`, `acte.etat` (not a part or a state that can be forced),
    `acte.sans_effet` (nothing is awaited of this part, or it is so already), `acte.part_payee` (nothing is missing: it
    is neither refused nor given up), `acte.deja_pose`.
    """
    who, why = author_and_reason(auteur, motif)
    if partie not in ("AMO", "AMC") or etat not in FORCED:
        raise UsageError(
            "acte.etat",
            f"La part {partie} ne peut pas être forcée à l'état « {etat} ».",
            action=f"Donner la part AMO ou AMC, et un état parmi : {', '.join(FORCED)}.",
            lieu=f"facture {numero:09d}",
        )
    with practice.journal.transaction(now()) as transaction:
        owner = sent_invoice(transaction, numero, prestataire)
        [part] = [
            row
            for row in answer(transaction, "parts_du_bloc")
            if (row["prestataire"], row["partie"]) == (owner, partie)
        ]
        if not part["acte"]:
            _refuse_needless(part, etat)
        row = ActeRow(
            acte=next_acte(transaction),
            genre="etat_force",
            auteur=who,
            motif=why,
            pose_le=to_days(practice.day(le)),
            prestataire=owner,
            numero=numero,
            partie=partie,
            etat=etat,
            retours=part["retours"],
        )
        return record(transaction, [row], {(numero, "")})


def _refuse_needless(part: dict[str, Any], etat: str) -> None:
    """Refuse to force what needs it not: a part where all is said, or where nothing is missing."""
    lieu = f"facture {part['numero']:09d}, part {part['partie']}"
    known = PART[part["etat"]]
    if (known.nom, etat, part["dernier"]) == ("payee", "payee", "R"):
        return  # paid, then rejected: forcing it says that the reject was read and is settled
    if known.final or known.nom == etat:
        raise UsageError(
            "acte.sans_effet",
            f"Cette part est déjà dans l'état « {known.libelle} » : il n'y a rien à forcer.",
            action="Si un payeur y a répondu sur papier, le saisir : fse saisir.",
            lieu=lieu,
        )
    if part["paye"] >= part["demande"] and etat != "payee":
        raise UsageError(
            "acte.part_payee",
            f"Cette part a reçu {format_euros(part['paye'])} pour {format_euros(part['demande'])} demandés : rien "
            "n'y manque.",
            action="Si le payeur reprend la somme, saisir cette reprise en montant négatif : fse saisir.",
            lieu=lieu,
        )
