"""What an act may name: an invoice that has left, what a return holds. All else is refused before a word is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from fse.app.operations.annuler import resolve
from fse.app.operations.states import answer, ask_invoices
from fse.base.errors import UsageError
from fse.infra.journal.facts import fichiers_recus
from fse.infra.journal.facts.lignes import LigneRow, find_lines, find_transfers
from fse.infra.journal.facts.releves import MouvementRow, find_movements
from fse.infra.journal.transaction import Reading

_Found = TypeVar("_Found")

_LINE = re.compile(r"([0-9a-f]{8,64}):([0-9]{1,9})")
_DIGEST = re.compile(r"[0-9a-f]{8,64}")


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
    return _only(find_lines(reading, *_place(ligne)), ligne, "ligne de retour")


def find_place(reading: Reading, designation: str) -> tuple[str, int]:
    """File (digest) and rank of a return line, of a transfer or of a movement, of rank 0 of a file set aside.

    Raises `UsageError`: `acte.ligne`, `acte.ligne_inconnue`, `acte.ligne_ambigue`; `acte.fichier_enregistre`: a file
    that is booked is no task, its lines and transfers may be.
    """
    if ":" in designation:
        place = _place(designation)
        held = [*(line.fichier for line in find_lines(reading, *place)), *find_transfers(reading, *place)]
        held += [movement.fichier for movement in find_movements(reading, *place)]
        return _only(held, designation, "ligne de retour, virement ou ligne du compte"), place[1]
    match = _DIGEST.fullmatch(designation.strip().lower())
    if match is None:
        raise _malformed(designation)
    received = _only(fichiers_recus.find_digests(reading, match[0]), designation, "fichier reçu")
    if received.verdict == "recu":
        raise UsageError(
            "acte.fichier_enregistre",
            "Ce fichier est enregistré : seul un retour mis de côté se classe tout entier.",
            action="Classer une de ses lignes ou un de ses virements, recopié de fse suivi.",
            lieu=designation,
        )
    return received.empreinte, 0


def find_movement(reading: Reading, ligne: str) -> MouvementRow:
    """The movement of an account of this name, as `suivi` prints it. Raises as `find_line`."""
    return _only(find_movements(reading, *_place(ligne)), ligne, "ligne du compte")


def find_transfer(reading: Reading, virement: str) -> tuple[str, int]:
    """File and rank of the transfer of this name, as `suivi` prints it. Raises as `find_line`."""
    place = _place(virement)
    return _only(find_transfers(reading, *place), virement, "virement annoncé"), place[1]


def _place(ligne: str) -> tuple[str, int]:
    """Start of the digest and rank, from what a person wrote."""
    match = _LINE.fullmatch(ligne.strip().lower())
    if match is None:
        raise _malformed(ligne)
    return match[1], int(match[2])


def _malformed(designation: str) -> UsageError:
    return UsageError(
        "acte.ligne",
        "Ce n'est pas la désignation d'une ligne de retour.",
        action="La recopier de fse suivi ou de fse facture, par exemple 3f9a1c2e:12.",
        lieu=designation,
    )


def _only(found: Sequence[_Found], ligne: str, what: str) -> _Found:
    """The one found; `what` says in French of what."""
    if not found:
        raise UsageError(
            "acte.ligne_inconnue",
            f"Cette désignation n'est celle d'aucun enregistrement ({what}).",
            action="La recopier de fse suivi ou de fse facture.",
            lieu=ligne,
        )
    if len(found) > 1:
        raise UsageError(
            "acte.ligne_ambigue",
            f"{len(found)} enregistrements portent cette désignation ({what}).",
            action="Donner plus de caractères de l'empreinte du fichier : fse facture --format json la donne entière.",
            lieu=ligne,
        )
    return found[0]
