"""What fse verifies in a session by code, by the name of the rule that says it, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fse.domain.cotation import adhesions, orthophonie
from fse.domain.cotation.accords import ACCORD, ASSIMILATION, check_agreement, check_assimilation
from fse.domain.cotation.article_13 import check_establishment
from fse.domain.cotation.dossier import Dossier
from fse.domain.cotation.prescription import check_exclusive, check_prescription
from fse.norm.referentiels.ngap.regles import Controle

Check = Callable[[Dossier, Controle], None]

CONTROLES: Mapping[str, Check] = {
    **orthophonie.CONTROLES,
    "art5-prescription": check_prescription,
    "art5-exclusivite": check_exclusive,
    ACCORD: check_agreement,
    ASSIMILATION: check_assimilation,
    "art13-1-etablissement-nomme": check_establishment,
    **adhesions.CONTROLES,
}
