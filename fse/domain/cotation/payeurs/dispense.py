"""What spares a patient the advance of the compulsory part, when the sheet asks them for it.

A card in opposition, or rights that are closed, lift all of it: no payer guarantees anything, the patient pays, and is
told so once. Source: regles.md I.3 and A-50 (draft convention of 07/07/2011, articles 5 to 8, 61 and 71).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fse.base.errors import UsageError
from fse.domain.cotation.dossier import Dossier
from fse.domain.cotation.payeurs.couteux import costly_lines
from fse.domain.cotation.payeurs.droits import advanced, guaranteed
from fse.domain.cotation.payeurs.tiers_payant import (
    ACCIDENT,
    ACS,
    ALD,
    AME,
    C2S,
    COUTEUX,
    EXONERATION_ALD,
    HORS_DU_PARCOURS,
    LIBELLES,
    MATERNITE,
    NATURE_ACCIDENT,
    NATURE_MATERNITE,
    PDSA,
    not_on_duty,
)
from fse.norm.referentiels.ngap.regles import Controle

DE_DROIT = frozenset({C2S, ACS, ACCIDENT, AME, COUTEUX, PDSA, "medecin-referent", "experimentation"})
"""What spares the patient any advance by itself, whatever the doctor usually does."""

_ACS_FIN, _ACS_DERNIER = "tp-acs-fin", "tp-acs-dernier-contrat"
"""Names of rules: from their first day on, the aid runs to the end of a contract, then no more."""


def check_due(dossier: Dossier, regle: Controle) -> None:
    """A patient whom a right spares the advance is not asked for it: a right that is said, or a work accident."""
    droit = _due(dossier)
    if droit and _asked_of_the_patient(dossier):
        dossier.find(regle, droit=LIBELLES[droit])


def check_offered(dossier: Dossier, regle: Controle) -> None:
    """A doctor on duty who was sent by the regulation."""
    if not _due(dossier) and _sent(dossier) and _asked_of_the_patient(dossier):
        dossier.find(regle)


def check_exempt(dossier: Dossier, regle: Controle) -> None:
    """Maternity and the care of a long illness."""
    if not _due(dossier) and _exempt(dossier) and _asked_of_the_patient(dossier):
        dossier.find(regle)


def check_costly(dossier: Dossier, regle: Controle) -> None:
    """Costly acts, of which nothing else is said."""
    if not _due(dossier) and _costly(dossier) and _asked_of_the_patient(dossier):
        dossier.find(regle)


def check_lifted(dossier: Dossier, regle: Controle) -> None:
    """Nothing is guaranteed: the patient pays, whatever spares them the advance."""
    if guaranteed(dossier) or advanced(dossier):
        return
    droit = _due(dossier) or _exempt(dossier) or (PDSA if _sent(dossier) else COUTEUX if _costly(dossier) else "")
    if droit:
        opposition = dossier.situation.prise_en_charge.opposition
        raison = "la carte est en opposition" if opposition else "les droits ne sont pas ouverts à la date des soins"
        dossier.find(regle, droit=LIBELLES[droit], raison=raison)


def _asked_of_the_patient(dossier: Dossier) -> bool:
    return guaranteed(dossier) and "AMO" not in advanced(dossier)


def _due(dossier: Dossier) -> str:
    """The right that spares the patient the advance by itself, "" for none."""
    situation = dossier.situation
    droit = situation.prise_en_charge.tiers_payant
    if situation.nature_assurance == NATURE_ACCIDENT:
        return ACCIDENT
    if droit == ACS and not _aided(dossier):
        return ""
    return droit if droit in DE_DROIT else ""


def _aided(dossier: Dossier) -> bool:
    """Whether the aid spares the advance that day: inside the path, shown, while contracts run."""
    asked, parcours = dossier.situation.prise_en_charge, dossier.situation.parcours
    inside = parcours is not None and parcours.situation not in HORS_DU_PARCOURS
    over = dossier.regle(_ACS_FIN, Controle) is not None
    shown = asked.attestation or (asked.source == "service" and not over)
    return inside and shown and dossier.regle(_ACS_DERNIER, Controle) is None


def _exempt(dossier: Dossier) -> str:
    situation = dossier.situation
    if situation.nature_assurance == NATURE_MATERNITE:
        return MATERNITE
    return ALD if situation.exoneration == EXONERATION_ALD else ""


def _sent(dossier: Dossier) -> bool:
    """Whether the regulation sent the patient to the doctor of the duty table, at its hours."""
    regulation = dossier.seance.regulation
    return regulation is not None and regulation.tableau_garde and not not_on_duty(dossier)


def _costly(dossier: Dossier) -> bool:
    try:
        return bool(costly_lines(dossier))
    except UsageError:
        return False  # said when the flat sum is looked for


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    "tp-de-droit": check_due,
    "tp-permanence-de-droit": check_offered,
    "tp-exonere": check_exempt,
    "tp-acte-couteux-de-droit": check_costly,
    "tp-non-garanti": check_lifted,
}
"""By the name of the rule that says it, in this order."""
