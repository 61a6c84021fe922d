"""What may not be billed together, or so often: the exclusions and the caps, which are data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.situation import SoinPasse
from fse.norm.referentiels.ngap.regles import Exclusion, Plafond, Portee


def check_exclusions(dossier: Dossier) -> None:
    """Refuse, or leave off the sheet, each act that another one excludes; an act never excludes itself alone."""
    for regle in dossier.regles(Exclusion):
        for ligne in dossier.nommees(regle.actes):
            avec = _beside(dossier, regle, ligne)
            if avec and regle.effet == "non_facture":
                dossier.applied(ligne, regle, f"avec {avec}")
                ligne.leave_out(regle.libelle)
            elif avec:
                dossier.find(regle, ligne, acte=ligne.libelle, avec=avec)


def _beside(dossier: Dossier, regle: Exclusion, ligne: Ligne) -> str:
    """What excludes a line, "" when nothing does. Of two acts that exclude each other, the one recorded last is refused."""
    for other in dossier.lignes:
        mutual = bool(other.etiquettes & regle.actes and ligne.etiquettes & regle.avec)
        if other is not ligne and other.facturee and other.etiquettes & regle.avec:
            if not mutual or other.rang < ligne.rang:
                return other.libelle
    if regle.portee == "seance":
        return ""
    held = _within(dossier.historique.patient, regle.portee, dossier.seance.date_soins)
    return next((f"{one.acte or one.code_acte}, déjà facturé" for one in held if one.etiquettes & regle.avec), "")


def check_caps(dossier: Dossier) -> None:
    """Refuse the lines past each cap, those of the past counted first."""
    for regle in dossier.regles(Plafond):
        past = _within(dossier.historique.patient, regle.portee, dossier.seance.date_soins)
        nombre = sum(1 for one in past if one.etiquettes & regle.actes)
        for ligne in dossier.nommees(regle.actes):
            nombre += 1
            if nombre > regle.maximum:
                dossier.find(regle, ligne, acte=ligne.libelle, maximum=regle.maximum, nombre=nombre)


def _within(past: Iterable[SoinPasse], portee: Portee, le: date) -> list[SoinPasse]:
    """What was billed before in the period of a rule that holds a day; nothing when the period is the session."""
    if portee == "seance":
        return []
    if portee == "patient":
        return list(past)
    sizes = {"jour": 3, "mois": 2, "annee": 1}[portee]
    wanted = (le.year, le.month, le.day)[:sizes]
    return [one for one in past if (one.date_soins.year, one.date_soins.month, one.date_soins.day)[:sizes] == wanted]
