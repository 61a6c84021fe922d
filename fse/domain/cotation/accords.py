"""Requests to the medical service: what became of one on a day, silence included. One engine, two opposite outcomes.

Silence is decided by the rules in force: it grants a prior agreement or a new act, it refuses an assimilation, and a
delay runs from the receipt of the request, or of the missing pieces. Day 15 can still be refused, day 16 is granted.
Source: regles.md E.4 and E.5 (NGAP art. 4 and 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fse.base.errors import UsageError
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.norm.model.soins import DemandeAccord
from fse.norm.referentiels.ngap.regles import Calcul, Controle, Regle

TACITE, FAVORABLE, URGENCE = "0", "4", "5"
"""What the line of the sheet says of the agreement (b2.md 3.17, code list `accord_prealable`)."""

PIECES, EN_URGENCE, ACCORD, ASSIMILATION = "art7-pieces", "art7-urgence", "art7-accord-prealable", "art4-assimilation"
"""Names of rules: the delay waits for missing pieces; an urgent act goes first; the two that refuse."""


@dataclass(frozen=True, slots=True)
class Silence:
    """What silence means for one kind of request: after how many days (a parameter), and what it then is."""

    regle: str
    delai: str
    vaut_accord: bool


SILENCES = {
    "accord-prealable": Silence("art7-silence", "silence_accord_prealable", vaut_accord=True),
    "acte-nouveau": Silence("art4-acte-nouveau", "silence_acte_nouveau", vaut_accord=True),
    "assimilation": Silence(ASSIMILATION, "silence_assimilation", vaut_accord=False),
    "bilan-soins-infirmiers": Silence("bsi-silence-du-medecin", "silence_bsi", vaut_accord=True),
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
    if given == "refus":
        return Reponse(code="", etat="la caisse a refusé")
    if given == "accord":
        return Reponse(code=FAVORABLE, etat="accord de la caisse")
    urgent = dossier.regle(EN_URGENCE, Calcul)
    if demande.urgence and urgent is not None:
        return Reponse(code=URGENCE, etat="acte d'urgence", regle=urgent)
    return _silent(dossier, demande, le)


def _silent(dossier: Dossier, demande: DemandeAccord, le: date) -> Reponse:
    silence = SILENCES[demande.genre]
    regle = dossier.regle(silence.regle, Calcul) or dossier.regle(silence.regle, Controle)
    start = _start(dossier, demande)
    if start is None and demande.pieces_demandees_le is not None:
        return Reponse(code="", etat="la caisse attend des pièces")
    if start is None:
        return Reponse(code="", etat="la date de réception de la demande n'est pas notée")
    if regle is None:
        return Reponse(code="", etat="la réponse est attendue")
    decides = start + timedelta(days=dossier.bareme.valeur(silence.delai, start).valeur + 1)
    if le < decides:
        tacit = "accord" if silence.vaut_accord else "refus"
        etat = f"la réponse est attendue ({tacit} tacite le {decides:%d/%m/%Y})"
        return Reponse(code="", etat=etat, tacite_le=decides)
    if silence.vaut_accord:
        return Reponse(code=TACITE, etat=f"accord tacite du {decides:%d/%m/%Y}", regle=regle, tacite_le=decides)
    return Reponse(code="", etat=f"refus tacite du {decides:%d/%m/%Y}", regle=regle, tacite_le=decides)


def _start(dossier: Dossier, demande: DemandeAccord) -> date | None:
    """The day from which the delay runs: the receipt of the request, of the missing pieces when some were asked for."""
    if demande.pieces_demandees_le is not None and dossier.regle(PIECES, Calcul) is not None:
        return demande.pieces_recues_le
    return demande.recue_le


def check_agreement(dossier: Dossier, regle: Controle) -> None:
    """Acts that need a prior agreement, and those that ask for one: on the day of care it must be there."""
    for ligne in dossier.lignes:
        demande = ligne.demande.accord
        if demande is not None and demande.genre == "assimilation":
            continue
        if ligne.facturee and (demande is not None or (ligne.cotation is not None and ligne.cotation.accord)):
            _judge(dossier, regle, ligne)


def check_assimilation(dossier: Dossier, regle: Controle) -> None:
    """An act billed as another of the same importance needs the medical opinion and the agreement; silence refuses."""
    for ligne in dossier.lignes:
        demande = ligne.demande.accord
        if ligne.facturee and demande is not None and demande.genre == "assimilation":
            _judge(dossier, regle, ligne)


def _judge(dossier: Dossier, regle: Controle, ligne: Ligne) -> None:
    le, demande = dossier.seance.date_soins, ligne.demande.accord
    if demande is None:
        dossier.find(regle, ligne, acte=ligne.libelle, etat="aucune demande n'est donnée")
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
    ligne.accord_prealable = reponse.code
    dossier.applied(ligne, reponse.regle or regle, reponse.etat)
