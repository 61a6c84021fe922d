"""What may not be billed together, or so often: the exclusions and the caps, which are data.

An exclusion looks at both sides: whichever of two acts is recorded last, in the session or on the day, it is told.
"""

from __future__ import annotations

from collections.abc import Set

from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.ngap.article_13 import same_trip
from fse.domain.cotation.situation import SoinPasse
from fse.norm.referentiels.ngap.actes import actes as known_acts
from fse.norm.referentiels.ngap.regles import Exclusion, Levee, Plafond, Portee


def check_exclusions(dossier: Dossier) -> None:
    """Refuse, or leave off the sheet, each act that another one excludes; an act never excludes itself alone."""
    for regle in dossier.regles(Exclusion):
        if not _applies(dossier, regle):
            continue
        for ligne in dossier.nommees(regle.actes):
            for levee in dossier.regles(Levee):
                if levee.regle == regle.nom and ligne.etiquettes & levee.actes and dossier.nommees(levee.avec):
                    dossier.applied(ligne, levee, "permis")
            avec = _excluding(dossier, regle, ligne)
            if avec and regle.effet == "non_facture":
                dossier.applied(ligne, regle, f"avec {avec}")
                ligne.leave_out(regle.libelle)
            elif avec:
                dossier.find(regle, ligne, acte=ligne.libelle, avec=avec)
        if regle.portee not in ("seance", "trajet"):
            _look_back(dossier, regle)


def excludes(dossier: Dossier, regle: Exclusion, etiquettes: frozenset[str]) -> bool:
    """Whether an act of these labels, done as well, would exclude one that is there, or be excluded by it."""
    if not _applies(dossier, regle):
        return False
    there = [one.etiquettes for one in dossier.lignes if one.facturee] if regle.portee != "trajet" else []
    there += [one.etiquettes for one in past_within(dossier, regle.portee)]
    return any(_opposed(dossier, regle, etiquettes, one) or _opposed(dossier, regle, one, etiquettes) for one in there)


def _applies(dossier: Dossier, regle: Exclusion) -> bool:
    return (not regle.lieux or dossier.seance.lieu in regle.lieux) and not dossier.there(regle.sauf)


def _opposed(dossier: Dossier, regle: Exclusion, acte: Set[str], avec: Set[str]) -> bool:
    """Whether the rule excludes the first act beside the second, and none lifts it."""
    return bool(acte & regle.actes and avec & regle.avec) and not any(
        levee.regle == regle.nom and acte & levee.actes and avec & levee.avec for levee in dossier.regles(Levee)
    )


def _excluding(dossier: Dossier, regle: Exclusion, ligne: Ligne) -> str:
    """What excludes an act, "" when nothing does. Of two acts that exclude each other, the one recorded last goes."""
    for other in dossier.lignes if regle.portee != "trajet" else ():
        mutual = other.etiquettes & regle.actes and ligne.etiquettes & regle.avec
        if other.rang == ligne.rang or not other.facturee or (mutual and other.rang > ligne.rang):
            continue
        if _opposed(dossier, regle, ligne.etiquettes, other.etiquettes):
            return other.libelle
    held = past_within(dossier, regle.portee)
    return next((_billed(one) for one in held if _opposed(dossier, regle, ligne.etiquettes, one.etiquettes)), "")


def _look_back(dossier: Dossier, regle: Exclusion) -> None:
    """Tell each act that should have excluded one already billed: the latter is for a person to take back."""
    for ligne in dossier.nommees(regle.avec - regle.actes):
        for one in past_within(dossier, regle.portee):
            if not ligne.etiquettes & regle.actes and _opposed(dossier, regle, one.etiquettes, ligne.etiquettes):
                dossier.find(regle, ligne, acte=_billed(one), avec=ligne.libelle)
                break


def _billed(soin: SoinPasse) -> str:
    acte = known_acts().get(soin.acte)
    return f"{acte.libelle if acte else soin.code_acte}, déjà facturé"


def check_caps(dossier: Dossier) -> None:
    """Refuse the lines past each cap, what is billed already counted first."""
    for regle in dossier.regles(Plafond):
        past = past_within(dossier, regle.portee)
        for actes in [frozenset({one}) for one in sorted(regle.actes)] if regle.chacun else [regle.actes]:
            nombre = sum(1 for one in past if one.etiquettes & actes)
            for ligne in dossier.nommees(actes):
                nombre += 1
                if nombre > regle.maximum:
                    dossier.find(regle, ligne, acte=ligne.libelle, maximum=regle.maximum, nombre=nombre)


def past_within(dossier: Dossier, portee: Portee) -> list[SoinPasse]:
    """What other invoices billed, as far as a rule looks; nothing when it looks at the session alone.

    A day, a month or a year is taken whole, what was done or secured later included: whichever visit is recorded last
    finds the others. Of a patient's whole life, what precedes is taken.
    """
    if portee not in dossier.portees:
        dossier.portees[portee] = _past_within(dossier, portee)
    return dossier.portees[portee]


def _past_within(dossier: Dossier, portee: Portee) -> list[SoinPasse]:
    past, le = dossier.historique.patient, dossier.seance.date_soins
    if portee == "seance":
        return []
    if portee == "trajet":
        return same_trip(dossier)
    if portee == "patient":
        return dossier.avant
    sizes = {"jour": 3, "mois": 2, "annee": 1}[portee]
    wanted = (le.year, le.month, le.day)[:sizes]
    return [one for one in past if (one.date_soins.year, one.date_soins.month, one.date_soins.day)[:sizes] == wanted]
