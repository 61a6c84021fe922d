"""How an amount differs from coefficient × value, by the name of the rule that says it, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fse.domain.cotation.dossier import Dossier
from fse.domain.cotation.medecins import depassements, feuille, parcours
from fse.domain.cotation.ngap.article_13 import cap_of_the_day, count_kilometres, cut
from fse.domain.cotation.ngap.orthophonie import renew
from fse.domain.cotation.payeurs import couteux
from fse.domain.cotation.prestations import adhesions
from fse.norm.referentiels.ngap.regles import Calcul

Compute = Callable[[Dossier, Calcul], None]

CALCULS: Mapping[str, Compute] = {
    "orthophonie-renouvellement": renew,
    "art13-kilometres": count_kilometres,
    "art13-plafond-du-jour": cap_of_the_day,
    "art13-plusieurs-lignes": cut,
    **adhesions.CALCULS,
    **parcours.CALCULS,
    **depassements.CALCULS,
    **feuille.CALCULS,
    **couteux.CALCULS,
}
