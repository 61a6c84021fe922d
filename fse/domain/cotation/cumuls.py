"""What may not be billed together, or so often: the exclusions and the caps, which are data."""

from __future__ import annotations

from fse.domain.cotation.article_13 import same_trip
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.situation import SoinPasse
from fse.norm.referentiels.ngap.actes import actes as known_acts
from fse.norm.referentiels.ngap.regles import Exclusion, Levee, Plafond, Portee


def check_exclusions(dossier: Dossier) -> None:
    """Refuse, or leave off the sheet, each act that another one excludes; an act never excludes itself alone."""
    for regle in dossier.regles(Exclusion):
        for ligne in dossier.nommees(regle.actes | regle.avec if regle.reciproque else regle.actes):
            for levee in dossier.regles(Levee):
                if levee.regle == regle.nom and ligne.etiquettes & levee.actes and dossier.nommees(levee.avec):
                    dossier.applied(ligne, levee, "permis")
            avec = excluded_by(dossier, regle, ligne.etiquettes, ligne.rang)
            if avec and regle.effet == "non_facture":
                dossier.applied(ligne, regle, f"avec {avec}")
                ligne.leave_out(regle.libelle)
            elif avec:
                dossier.find(regle, ligne, acte=ligne.libelle, avec=avec)


def excluded_by(dossier: Dossier, regle: Exclusion, etiquettes: frozenset[str], rang: int) -> str:
    """What excludes the act of these labels, asked for at `rang`, "" when nothing does.

    Of two acts that exclude each other, the one recorded last is refused.
    """
    if (regle.lieux and dossier.seance.lieu not in regle.lieux) or dossier.nommees(regle.sauf):
        return ""
    avec = regle.avec if etiquettes & regle.actes else regle.actes
    for other in dossier.lignes if regle.portee != "trajet" else ():
        mutual = regle.reciproque or bool(other.etiquettes & regle.actes and etiquettes & regle.avec)
        if other.rang == rang or not other.facturee or not other.etiquettes & avec:
            continue
        if (not mutual or other.rang < rang) and _lifting(dossier, regle, etiquettes, other) is None:
            return other.libelle
    held = past_within(dossier, regle.portee)
    return next((f"{_told(one)}, déjà facturé" for one in held if one.etiquettes & avec), "")


def _lifting(dossier: Dossier, regle: Exclusion, etiquettes: frozenset[str], other: Ligne) -> Levee | None:
    """The rule that says that this exclusion does not hold beside another act of the session."""
    for levee in dossier.regles(Levee):
        if levee.regle == regle.nom and etiquettes & levee.actes and other.etiquettes & levee.avec:
            return levee
    return None


def _told(soin: SoinPasse) -> str:
    acte = known_acts().get(soin.acte)
    return acte.libelle if acte else soin.code_acte


def check_caps(dossier: Dossier) -> None:
    """Refuse the lines past each cap, those of the past counted first."""
    for regle in dossier.regles(Plafond):
        past = past_within(dossier, regle.portee)
        for actes in [frozenset({one}) for one in sorted(regle.actes)] if regle.chacun else [regle.actes]:
            nombre = sum(1 for one in past if one.etiquettes & actes)
            for ligne in dossier.nommees(actes):
                nombre += 1
                if nombre > regle.maximum:
                    dossier.find(regle, ligne, acte=ligne.libelle, maximum=regle.maximum, nombre=nombre)


def past_within(dossier: Dossier, portee: Portee) -> list[SoinPasse]:
    """What was billed before, as far as a rule looks; nothing when it looks at the session alone."""
    past, le = dossier.historique.patient, dossier.seance.date_soins
    if portee == "seance":
        return []
    if portee == "trajet":
        return same_trip(dossier)
    if portee == "patient":
        return list(past)
    sizes = {"jour": 3, "mois": 2, "annee": 1}[portee]
    wanted = (le.year, le.month, le.day)[:sizes]
    return [one for one in past if (one.date_soins.year, one.date_soins.month, one.date_soins.day)[:sizes] == wanted]
