"""The majorations of coordination and the single opinion: care of a doctor to whom another one sent the patient.

Source: regles.md I.1 (draft convention, articles 13.2, 14.1 and 15.2; UNCAM decision of 29 October 2024, article 7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.medecins.depassements import asked
from fse.domain.cotation.medecins.parcours import below_sixteen, outside
from fse.domain.cotation.payeurs.tiers_payant import C2S
from fse.domain.cotation.situation import executant_of
from fse.norm.model.medecine import Parcours
from fse.norm.referentiels.ngap.regles import Calcul, Controle

MAJORATIONS = frozenset({"MCG", "MCS", "MCC"})
_AVIS = frozenset({"APC"})
_ENFANT = frozenset({"MCS", "MCC"})
"""Those that a child without "médecin traitant" gives right to."""

_C2S_SANS_TRAITANT, _MOINS_DE_SEIZE = "coordination-c2s-sans-medecin-traitant", "coordination-moins-de-seize-ans"
"""Names of rules: two exceptions."""

_AVEC_DEPASSEMENTS = frozenset({"2", "dp"})
"""The sectors that bind nobody to the opposable tariffs."""

_ADRESSE = frozenset({"oriente", "oriente-par-un-autre"})
_SUIVI = frozenset({"iteratifs", "sequence"})
_DIRECT = frozenset({"acces-specifique", "hors-residence"})
"""Not sent by anyone, and yet paid as in the path."""


def coordinated(dossier: Dossier) -> Iterator[Ligne]:
    """The majorations of coordination on the sheet."""
    return iter(dossier.nommees(MAJORATIONS))


def check_path(dossier: Dossier, regle: Controle) -> None:
    """Care that goes on, or that a sequence asks for, and a report to the "médecin traitant"."""
    missing = _missing(dossier.situation.parcours)
    for ligne in coordinated(dossier) if missing else ():
        exception = _exception(dossier, ligne)
        if exception is None:
            dossier.find(regle, ligne, acte=ligne.libelle, manque=missing)
        else:
            dossier.applied(ligne, exception, "permise")


def check_sector(dossier: Dossier, regle: Controle) -> None:
    """Up to 2024: opposable tariffs, or an option that masters the others."""
    exercice = dossier.situation.exercice
    if exercice.secteur in _AVEC_DEPASSEMENTS and _of_low_income(dossier) is None:
        for ligne in coordinated(dossier):
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_opposable(dossier: Dossier, regle: Controle) -> None:
    """Since then: any sector, when the session is billed at the opposable tariffs."""
    if (
        any(asked(dossier))
        and dossier.situation.exercice.secteur in _AVEC_DEPASSEMENTS
        and _of_low_income(dossier) is None
    ):
        for ligne in coordinated(dossier):
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_convention(dossier: Dossier, regle: Controle) -> None:
    """Majorations of the convention are of those whom it binds."""
    if dossier.situation.exercice.statut != "conventionne":
        for ligne in coordinated(dossier):
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_opinion(dossier: Dossier, regle: Controle) -> None:
    """A single opinion: explicitly asked for by the "médecin traitant", to whom the conclusions go."""
    parcours = dossier.situation.parcours
    missing = []
    if parcours is None or parcours.situation != "oriente":
        missing.append("un patient adressé par son médecin traitant")
    if parcours is None or parcours.soins != "avis-ponctuel":
        missing.append("un avis ponctuel (soins)")
    if parcours is None or not parcours.retour_information:
        missing.append("des conclusions adressées au médecin traitant (retour_information)")
    for ligne in dossier.nommees(_AVIS) if missing else ():
        dossier.find(regle, ligne, acte=ligne.libelle, manque=" ; ".join(missing))


def check_no_follow_up(dossier: Dossier, regle: Controle) -> None:
    """Who gives an opinion does not follow the patient: those whom he saw before are told."""
    mine = executant_of(dossier.seance, dossier.situation)
    seen = [one.date_soins for one in dossier.avant if one.executant == mine]
    earlier = [one for one in seen if one < dossier.seance.date_soins]
    for ligne in dossier.nommees(_AVIS) if earlier else ():
        dossier.find(regle, ligne, acte=ligne.libelle, le=f"{max(earlier):%d/%m/%Y}")


def _missing(parcours: Parcours | None) -> str:
    """What the path lacks for a majoration of coordination, in French nouns, "" when nothing."""
    if parcours is None:
        return "la situation du patient dans le parcours de soins"
    missing = []
    if parcours.situation in _ADRESSE:
        if parcours.soins not in _SUIVI:
            missing.append("des soins itératifs ou une séquence de soins (soins)")
    elif parcours.situation not in _DIRECT:
        missing.append("un patient adressé, en accès spécifique ou éloigné de sa résidence")
    if not parcours.retour_information:
        missing.append("un retour d'information au médecin traitant (retour_information)")
    return " ; ".join(missing)


def _exception(dossier: Dossier, ligne: Ligne) -> Calcul | None:
    """The rule by which the majoration is due all the same."""
    undeclared = not dossier.situation.prise_en_charge.medecin_traitant
    if undeclared and below_sixteen(dossier) and ligne.code_acte in _ENFANT:
        return dossier.regle(_MOINS_DE_SEIZE, Calcul)
    return _of_low_income(dossier)


def _of_low_income(dossier: Dossier) -> Calcul | None:
    """The exception of who has complementary cover for low incomes and no "médecin traitant", for such a patient."""
    coverage = dossier.situation.prise_en_charge
    spared = outside(dossier) and not coverage.medecin_traitant and coverage.tiers_payant == C2S
    return dossier.regle(_C2S_SANS_TRAITANT, Calcul) if spared else None


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    "coordination-parcours": check_path,
    "coordination-secteur": check_sector,
    "coordination-tarifs-opposables": check_opposable,
    "coordination-statut": check_convention,
    "apc-avis-ponctuel": check_opinion,
    "apc-patient-suivi": check_no_follow_up,
}
