"""Requests to the medical service: what became of one on a day, silence included. One engine, two opposite outcomes.

Silence is decided by the rules in force: it grants a prior agreement or a new act, it refuses an assimilation, and a
delay runs from the receipt of the request, or of the missing pieces. Day 15 can still be refused, day 16 is granted.
Source: regles.md E.4 and E.5 (NGAP art. 4 and 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fse.base.errors import UsageError
from fse.base.findings import Place, finding
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.norm.model.soins import DemandeAccord
from fse.norm.referentiels.ngap.regles import Calcul, Controle, Regle

TACITE, FAVORABLE, URGENCE = "0", "4", "5"
"""What the line of the sheet says of the agreement (b2.md 3.17, code list `accord_prealable`)."""

PIECES, EN_URGENCE, TARDIVE = "art7-pieces", "art7-urgence", "art7-urgence-tardive"
"""Names of rules: the delay waits for missing pieces; an urgent act goes first, its request follows soon."""

ACCORD, ASSIMILATION, MEDECIN = "art7-accord-prealable", "art4-assimilation", "bsi-accord-du-medecin"
"""Names of the rules that refuse, each for the kinds of request that name it."""


@dataclass(frozen=True, slots=True)
class Silence:
    """What silence means for one kind of request: after how many days (a parameter), and what it then is.

    `refus`: the rule that refuses an act whose request is not granted; `qui`: who answers, in French.
    """

    regle: str
    delai: str
    vaut_accord: bool
    refus: str = ACCORD
    qui: str = "la caisse"


SILENCES = {
    "accord-prealable": Silence("art7-silence", "silence_accord_prealable", vaut_accord=True),
    "acte-nouveau": Silence("art4-acte-nouveau", "silence_acte_nouveau", vaut_accord=True),
    "assimilation": Silence(ASSIMILATION, "silence_assimilation", vaut_accord=False, refus=ASSIMILATION),
    "bilan-soins-infirmiers": Silence(
        "bsi-silence-du-medecin", "silence_bsi", vaut_accord=True, refus=MEDECIN, qui="le médecin"
    ),
}
"""By the kind of a request (`DemandeAccord.genre`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reponse:
    """Where a request stands on a day. `code`: what the sheet says, "" when nothing allows the act; `etat` in French.

    `regle`: what decided, `None` for an answer that was given; `tacite_le`: the first day on which silence decides.
    """

    code: str
    etat: str
    regle: Regle | None = None
    tacite_le: date | None = None


def answered(dossier: Dossier, demande: DemandeAccord, le: date) -> Reponse:
    """What is known of a request on a day. Raises `UsageError` when the delay of that day is not known."""
    given = demande.reponse if demande.reponse_le is None or demande.reponse_le <= le else None
    qui = SILENCES[demande.genre].qui
    if given == "refus":
        return Reponse(code="", etat=f"{qui} a refusé")
    if given == "accord":
        return Reponse(code=FAVORABLE, etat=f"{qui} a donné son accord")
    urgent = dossier.regle(EN_URGENCE, Calcul)
    if demande.urgence and urgent is not None:
        return Reponse(code=URGENCE, etat="acte d'urgence", regle=urgent)
    return _silent(dossier, demande, le)


def _silent(dossier: Dossier, demande: DemandeAccord, le: date) -> Reponse:
    silence = SILENCES[demande.genre]
    regle = dossier.regle(silence.regle, Calcul) or dossier.regle(silence.regle, Controle)
    waiting = _waits_for_pieces(dossier, demande, silence, le)
    start = demande.pieces_recues_le if waiting else demande.recue_le
    if waiting and (start is None or start > le):
        return Reponse(code="", etat=f"{silence.qui} attend des pièces")
    if start is None:
        return Reponse(code="", etat="la date de réception de la demande n'est pas notée")
    if regle is None:
        return Reponse(code="", etat="la réponse est attendue")
    decides = _decided(dossier, silence, start)
    if le < decides:
        tacit = "accord" if silence.vaut_accord else "refus"
        etat = f"la réponse est attendue ({tacit} tacite le {decides:%d/%m/%Y})"
        return Reponse(code="", etat=etat, tacite_le=decides)
    if silence.vaut_accord:
        return Reponse(code=TACITE, etat=f"accord tacite du {decides:%d/%m/%Y}", regle=regle, tacite_le=decides)
    return Reponse(code="", etat=f"refus tacite du {decides:%d/%m/%Y}", regle=regle, tacite_le=decides)


def _decided(dossier: Dossier, silence: Silence, start: date) -> date:
    """The first day on which silence decides. Raises `UsageError`."""
    return start + timedelta(days=dossier.bareme.valeur(silence.delai, start).valeur + 1)


def _waits_for_pieces(dossier: Dossier, demande: DemandeAccord, silence: Silence, le: date) -> bool:
    """Whether the delay runs from the receipt of missing pieces: those asked for by the day of care, and before silence
    had decided: what it has granted, a later letter does not take back. Raises `UsageError`.
    """
    asked = demande.pieces_demandees_le
    if asked is None or asked > le or dossier.regle(PIECES, Calcul) is None:
        return False
    return demande.recue_le is None or asked < _decided(dossier, silence, demande.recue_le)


def check_agreement(dossier: Dossier, regle: Controle) -> None:
    """Acts that need an agreement, and those that ask for one: on the day of care it must be there. An act billed as
    another of the same importance needs the medical opinion too: there, silence refuses.
    """
    for ligne in dossier.lignes:
        demande = ligne.demande.accord
        needed = ligne.cotation is not None and ligne.cotation.accord
        refus = SILENCES[demande.genre].refus if demande is not None else ACCORD if needed else None
        if ligne.facturee and refus == regle.nom:
            _judge(dossier, regle, ligne)


def check_late_urgency(dossier: Dossier, regle: Controle) -> None:
    """In an emergency the act goes first; the request is still to be sent, without waiting long."""
    le = dossier.seance.date_soins
    for ligne in dossier.lignes:
        demande = ligne.demande.accord
        if ligne.facturee and demande is not None and demande.urgence:
            days = (demande.envoyee_le - le).days
            if days > dossier.valeur("urgence_demande").valeur:
                dossier.find(regle, ligne, acte=ligne.libelle, jours=days)


def _contradiction(demande: DemandeAccord) -> str:
    """How the dates of a request cannot follow one another, in French, "" when they can."""
    arrived, asked = demande.recue_le or demande.envoyee_le, demande.pieces_demandees_le
    steps = (
        ("elle est reçue avant son envoi", demande.envoyee_le, demande.recue_le),
        ("des pièces sont demandées avant sa réception", arrived, asked),
        ("les pièces sont reçues avant d'être demandées", asked, demande.pieces_recues_le),
        ("la réponse précède sa réception", arrived, demande.reponse_le),
    )
    return ", ".join(said for said, first, then in steps if first is not None and then is not None and then < first)


def _judge(dossier: Dossier, regle: Controle, ligne: Ligne) -> None:
    le, demande = dossier.seance.date_soins, ligne.demande.accord
    if demande is None:
        dossier.find(regle, ligne, acte=ligne.libelle, etat="aucune demande n'est donnée")
        return
    contradiction = _contradiction(demande)
    if contradiction:
        place = Place(type="seance", rang=ligne.rang, champ=f"acte[{ligne.rang}]")
        constat = finding("cotation.accord_incoherent", place, acte=ligne.libelle, raison=contradiction)
        dossier.constats.append(constat)
        return
    if demande.envoyee_le > le and not demande.urgence:
        dossier.find(
            regle, ligne, acte=ligne.libelle, etat=f"demande envoyée le {demande.envoyee_le:%d/%m/%Y}, après l'acte"
        )
        return
    try:
        reponse = answered(dossier, demande, le)
    except UsageError as error:
        dossier.unpriced(ligne.rang, error)
        return
    if not reponse.code:
        dossier.find(regle, ligne, acte=ligne.libelle, etat=reponse.etat)
        return
    if regle.nom != MEDECIN:
        ligne.accord_prealable = reponse.code
    dossier.applied(ligne, reponse.regle or regle, reponse.etat)
