"""What an act may name: an invoice that has left, a return line. Anything else is refused before a word is written."""

from __future__ import annotations

import re

from fse.app.operations.annuler import resolve
from fse.app.operations.states import answer, ask_invoices
from fse.base.errors import UsageError
from fse.infra.journal.facts.lignes import LigneRow, find_lines
from fse.infra.journal.transaction import Reading

_LINE = re.compile(r"([0-9a-f]{8,64}):([0-9]{1,9})")


def sent_invoice(reading: Reading, numero: int, prestataire: str | None) -> str:
    """The prestataire of an invoice that has left and is not cancelled; its block stays asked.

    Raises `UsageError` (`facture.inconnue`, `facture.ambigue`, `acte.facture_annulee`, `acte.facture_non_emise`).
    """
    who = resolve(reading, numero, prestataire)
    ask_invoices(reading, [numero])
    [etat] = [row["etat"] for row in answer(reading, "factures_du_bloc") if row["prestataire"] == who]
    lieu = f"facture {numero:09d}"
    if etat == "annulee":
        raise UsageError(
            "acte.facture_annulee",
            "Cette facture est annulée : elle n'attend rien et rien ne peut lui être compté.",
            action="Vérifier le numéro ; si une caisse la paie malgré tout, la prévenir.",
            lieu=lieu,
        )
    if etat == "a_emettre":
        raise UsageError(
            "acte.facture_non_emise",
            "Cette facture n'est pas encore partie : personne n'a pu y répondre.",
            action="Vérifier le numéro, ou l'émettre d'abord.",
            lieu=lieu,
        )
    return who


def find_line(reading: Reading, ligne: str) -> LigneRow:
    """The return line of this name, as `suivi` and `facture` print it.

    Raises `UsageError` (`acte.ligne`, `acte.ligne_inconnue`, `acte.ligne_ambigue`).
    """
    match = _LINE.fullmatch(ligne.strip().lower())
    if match is None:
        raise UsageError(
            "acte.ligne",
            "Ce n'est pas la désignation d'une ligne de retour.",
            action="La recopier de fse suivi ou de fse facture, par exemple 3f9a1c2e:12.",
            lieu=ligne,
        )
    found = find_lines(reading, match[1], int(match[2]))
    if not found:
        raise UsageError(
            "acte.ligne_inconnue",
            "Aucune ligne de retour enregistrée ne porte cette désignation.",
            action="La recopier de fse suivi ou de fse facture.",
            lieu=ligne,
        )
    if len(found) > 1:
        raise UsageError(
            "acte.ligne_ambigue",
            f"{len(found)} lignes de retour portent cette désignation.",
            action="Donner plus de caractères de l'empreinte du fichier : fse facture --format json la donne entière.",
            lieu=ligne,
        )
    return found[0]
