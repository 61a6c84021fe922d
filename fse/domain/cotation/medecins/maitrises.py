"""DM, the mastered overrun: of options that only the draft knows, each with its acts, its patients and its cap.

The law refuses it; the rules that judge it apply where the practice asks for the draft (`[cotation] regime`).
Source: regles.md I.2 and J.8 (draft convention, articles 36 and 42 to 44).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fse.base.money import format_euros
from fse.domain.cotation.dossier import Dossier, as_told
from fse.domain.cotation.medecins.depassements import DE, DM, OPTION, OPTIONNEL, asked, sector_named
from fse.domain.cotation.medecins.parcours import HORS_PARCOURS, below_sixteen
from fse.domain.cotation.medecins.plafonds import exceeds, is_technical, share_of, value_of
from fse.domain.cotation.payeurs.tiers_payant import ACS, AME, C2S
from fse.norm.referentiels.ngap.regles import Controle
from fse.norm.referentiels.parametres import DROIT

_OPTIONNELLES = frozenset({"chirurgien", "anesthesiste", "obstetricien"})
"""The disciplines of the optional sector."""

_PRECARITE = frozenset({C2S, ACS, AME})
"""Rights that tell a patient of small means."""

_PLAFONDS = {OPTION: "dm_plafond_coordination", OPTIONNEL: "dm_plafond_optionnel"}


def check_drafted(dossier: Dossier, regle: Controle) -> None:
    """DM rests on options that were never in force, or are no longer."""
    if dossier.bareme.regime == DROIT:
        for ligne, _ in asked(dossier, DM):
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_mastered_by_whom(dossier: Dossier, regle: Controle) -> None:
    """DM: members of the option of coordination, or of the optional sector in one of its disciplines."""
    exercice = dossier.situation.exercice
    member = exercice.secteur == OPTION or (exercice.secteur == OPTIONNEL and exercice.discipline in _OPTIONNELLES)
    for ligne, _ in asked(dossier, DM) if not member else ():
        dossier.find(regle, ligne, secteur=sector_named(exercice.secteur), discipline=exercice.discipline or "non dite")


def check_mastered_when(dossier: Dossier, regle: Controle) -> None:
    """DM of the option of coordination: patients in the path, not in an emergency, not below sixteen."""
    parcours = dossier.situation.parcours
    raison = ""
    if parcours is None or parcours.situation == HORS_PARCOURS:
        raison = "le patient n'est pas noté dans le parcours de soins"
    elif dossier.seance.urgence:
        raison = "les soins sont urgents"
    elif below_sixteen(dossier):
        raison = "le patient a moins de 16 ans (majoration MPC)"
    if raison and dossier.situation.exercice.secteur == OPTION:
        for ligne, _ in asked(dossier, DM):
            dossier.find(regle, ligne, raison=raison)


def check_opposable(dossier: Dossier, regle: Controle) -> None:
    """DM of the optional sector: neither in an emergency nor for a patient of small means."""
    parcours, raison = dossier.situation.parcours, ""
    if dossier.seance.urgence or (parcours is not None and parcours.situation == "urgence"):
        raison = "pour des soins urgents"
    elif dossier.situation.prise_en_charge.tiers_payant in _PRECARITE:
        raison = "pour un patient qui a la complémentaire santé solidaire, son aide ou l'aide médicale de l'État"
    if raison and dossier.situation.exercice.secteur == OPTIONNEL:
        for ligne, _ in asked(dossier, DM):
            dossier.find(regle, ligne, acte=ligne.libelle, raison=raison)


def check_nothing_else(dossier: Dossier, regle: Controle) -> None:
    """In the optional sector nothing is asked above the DM, whatever the patient demands."""
    if dossier.situation.exercice.secteur == OPTIONNEL:
        for ligne, _ in asked(dossier, DE):
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_estimate(dossier: Dossier, regle: Controle) -> None:
    """In the optional sector the patient has it in writing before the care."""
    if dossier.situation.exercice.secteur == OPTIONNEL:
        for ligne, depassement in asked(dossier, DM):
            if not depassement.devis:
                dossier.find(regle, ligne, acte=ligne.libelle)


def check_technical(dossier: Dossier, regle: Controle) -> None:
    """DM of the option of coordination: technical acts alone."""
    if dossier.situation.exercice.secteur == OPTION:
        for ligne, _ in asked(dossier, DM):
            if not is_technical(ligne):
                dossier.find(regle, ligne, acte=ligne.libelle)


def check_mastered(dossier: Dossier, regle: Controle) -> None:
    """DM: so much of the act, more in the optional sector. Raises `UsageError`."""
    nom = _PLAFONDS.get(dossier.situation.exercice.secteur, "")
    for ligne, depassement in asked(dossier, DM) if nom else ():
        plafond = value_of(dossier, ligne, nom)
        cap = share_of(ligne.montant, plafond)
        if depassement.montant > cap:
            exceeds(dossier, regle, ligne, depassement.montant, as_told(format_euros(cap), plafond.regime))


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    "dm-en-projet": check_drafted,
    "dm-secteur": check_mastered_by_whom,
    "dm-parcours": check_mastered_when,
    "dm-optionnel-opposable": check_opposable,
    "optionnel-sans-autre-depassement": check_nothing_else,
    "depassement-devis": check_estimate,
    "dm-acte-technique": check_technical,
    "dm-plafond": check_mastered,
}
