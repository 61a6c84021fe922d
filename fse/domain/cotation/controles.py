"""What fse verifies in a session by code, by the name of the rule that says it, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fse.domain.cotation.dossier import Dossier
from fse.domain.cotation.medecins import (
    autorises,
    coordination,
    depassements,
    feuille,
    maitrises,
    parcours,
    qui,
    regulation,
)
from fse.domain.cotation.ngap import lettres, orthophonie, seances
from fse.domain.cotation.ngap.accords import ACCORD, ASSIMILATION, MEDECIN, TARDIVE, check_agreement, check_late_urgency
from fse.domain.cotation.ngap.article_13 import check_establishment
from fse.domain.cotation.ngap.prescription import check_exclusive, check_number, check_prescription
from fse.domain.cotation.payeurs import couteux, dispense, droits, tiers_payant
from fse.domain.cotation.prestations import adhesions
from fse.norm.referentiels.ngap.regles import Controle

Check = Callable[[Dossier, Controle], None]

CONTROLES: Mapping[str, Check] = {
    **droits.CONTROLES,
    **tiers_payant.CONTROLES,
    **dispense.CONTROLES,
    **qui.CONTROLES,
    **feuille.CONTROLES,
    **lettres.CONTROLES,
    **seances.CONTROLES,
    **orthophonie.CONTROLES,
    "art5-prescription": check_prescription,
    "art5-nombre-prescrit": check_number,
    "art5-exclusivite": check_exclusive,
    ACCORD: check_agreement,
    ASSIMILATION: check_agreement,
    MEDECIN: check_agreement,
    TARDIVE: check_late_urgency,
    "art13-1-etablissement-nomme": check_establishment,
    **regulation.CONTROLES,
    **parcours.CONTROLES,
    **coordination.CONTROLES,
    **depassements.CONTROLES,
    **autorises.CONTROLES,
    **maitrises.CONTROLES,
    **adhesions.CONTROLES,
    **couteux.CONTROLES,
}
