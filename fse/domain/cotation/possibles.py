"""The acts that the recorded facts would allow and that nobody asked for. They are told, never added."""

from __future__ import annotations

from fse.domain.cotation.conditions import unmet
from fse.domain.cotation.cumuls import excluded_by
from fse.domain.cotation.dossier import Dossier
from fse.domain.cotation.lignes import Possible
from fse.domain.cotation.offre import offers_of
from fse.norm.referentiels.ngap.regles import Exclusion


def possible(dossier: Dossier) -> tuple[Possible, ...]:
    """Those whose every condition is met, and that nothing done excludes."""
    asked = {label for ligne in dossier.lignes for label in ligne.etiquettes}
    exclusions = list(dossier.regles(Exclusion))
    last = len(dossier.seance.actes) + 1
    found = []
    for offre in offers_of(dossier.bareme, dossier.seance.date_soins, dossier.situation.profession):
        if offre.noms & asked or any(unmet(dossier, one, 0) for one in offre.conditions):
            continue
        labels = offre.etiquettes
        if not any(one.concerns(labels) and excluded_by(dossier, one, labels, last) for one in exclusions):
            condition = " ; ".join(one.libelle for one in offre.conditions)
            found.append(Possible(acte=offre.acte.nom, libelle=offre.acte.libelle, condition=condition))
    return tuple(found)
