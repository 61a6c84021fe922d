"""The acts that the recorded facts would allow and that nobody asked for. They are told, never added."""

from __future__ import annotations

from fse.domain.cotation.conditions import is_met
from fse.domain.cotation.cumuls import excludes
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.lignes import Possible
from fse.domain.cotation.offre import Offre, offers_of
from fse.norm.referentiels.ngap.regles import Exclusion


def possible(dossier: Dossier) -> tuple[Possible, ...]:
    """Those whose every condition is met, and that nothing done excludes but what they would replace for more."""
    asked = {label for ligne in dossier.lignes for label in ligne.etiquettes}
    exclusions = list(dossier.regles(Exclusion))
    who = dossier.situation
    found = []
    for offre in offers_of(dossier.bareme, dossier.seance.date_soins, who.profession, who.exercice.discipline):
        if offre.noms & asked or not all(is_met(dossier, one) for one in offre.conditions):
            continue
        excluding = [one for one in exclusions if excludes(dossier, one, offre.etiquettes)]
        replaced = [_replaced(dossier, one, offre) for one in excluding]
        if all(replaced):
            instead = [f"à la place de « {ligne.libelle} »" for ligne in replaced[:1] if ligne is not None]
            condition = " ; ".join([*instead, *(one.libelle for one in offre.conditions)])
            found.append(Possible(acte=offre.acte.nom, libelle=offre.acte.libelle, condition=condition))
    return tuple(found)


def _replaced(dossier: Dossier, regle: Exclusion, offre: Offre) -> Ligne | None:
    """The flat act in whose place a better one would be: a rule lets a session have only one of them."""
    there = dossier.nommees(regle.actes) if regle.portee == "seance" and regle.actes == regle.avec else []
    single = there[0] if len(there) == 1 else None
    return single if single is not None and single.forfaitaire and single.valeur < offre.valeur else None
