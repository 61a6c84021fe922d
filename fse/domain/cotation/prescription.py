"""Article 5: what may be paid. An auxiliary acts on a written prescription, and for one patient at a time.

Source: regles.md E.3 (NGAP art. 5).
"""

from __future__ import annotations

from collections.abc import Iterator

from fse.domain.cotation.article_11b import SOINS
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.norm.referentiels.ngap.actes import AUXILIAIRES
from fse.norm.referentiels.ngap.regles import Calcul, Controle

COLLECTIVE = "seance-collective"
"""The label of acts that may be done for several patients at once."""

SANS_NOMBRE = "art5-nombre-fixe-par-l-auxiliaire"
ACCES_DIRECT = "art5-acces-direct"


def check_prescription(dossier: Dossier, regle: Controle) -> None:
    """A prescription dated no later than the act, that says what and how many."""
    if dossier.situation.profession not in AUXILIAIRES:
        return
    for ligne in _care(dossier):
        missing = _missing(dossier, ligne)
        if missing:
            dossier.find(regle, ligne, acte=ligne.libelle, manque=missing)


def _missing(dossier: Dossier, ligne: Ligne) -> str:
    """What the prescription lacks, in French, "" when it is good."""
    ordonnance, direct = dossier.seance.ordonnance, dossier.regle(ACCES_DIRECT, Calcul)
    if ordonnance is None and dossier.seance.acces_direct and direct is not None:
        dossier.applied(ligne, direct, "sans ordonnance")
        return ""
    if ordonnance is None:
        return "il n'y a pas d'ordonnance"
    if ordonnance.date > dossier.seance.date_soins:
        return f"l'ordonnance est du {ordonnance.date:%d/%m/%Y}, après l'acte"
    if not ordonnance.qualitative:
        return "l'ordonnance ne dit pas quels actes faire"
    if ordonnance.quantitative:
        return ""
    free = dossier.regle(SANS_NOMBRE, Calcul)
    by_bilan = dossier.situation.profession != "orthophoniste" or ordonnance.bilan == "avec-reeducation"
    if free is not None and by_bilan:
        dossier.applied(ligne, free, "nombre fixé par le professionnel")
        return ""
    return "l'ordonnance ne dit pas combien d'actes faire"


def check_exclusive(dossier: Dossier, regle: Controle) -> None:
    """Who treats several patients together may only bill acts that provide for it."""
    if dossier.seance.patients > 1:
        for ligne in _care(dossier):
            if COLLECTIVE not in ligne.etiquettes:
                dossier.find(regle, ligne, acte=ligne.libelle, nombre=dossier.seance.patients)


def _care(dossier: Dossier) -> Iterator[Ligne]:
    return (ligne for ligne in dossier.lignes if ligne.facturee and SOINS in ligne.etiquettes)
