"""Article 5: what may be paid. An auxiliary acts on a written prescription, and for one patient at a time.

Source: regles.md E.3 (NGAP art. 5).
"""

from __future__ import annotations

from collections.abc import Iterator

from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.ngap.article_11b import SOINS
from fse.domain.cotation.situation import SoinPasse
from fse.norm.referentiels.ngap.actes import AUXILIAIRES, labels_of
from fse.norm.referentiels.ngap.regles import Calcul, Controle

COLLECTIVE = "seance-collective"
"""The label of acts that may be done for several patients at once."""

SANS_NOMBRE = "art5-nombre-fixe-par-l-auxiliaire"
ACCES_DIRECT = ("art5-acces-direct-orthophoniste", "art5-acces-direct-infirmier")
PROPRE_PRESCRIPTION = "art5-vaccination-par-l-infirmier"

PRESCRIT_PAR_L_AUXILIAIRE = "prescrit-par-l-infirmier"
"""The label of acts that an auxiliary prescribes: they have no prescription."""


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
    ordonnance = dossier.seance.ordonnance
    if ordonnance is None:
        return _without(dossier, ligne)
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


def _without(dossier: Dossier, ligne: Ligne) -> str:
    """What an act without a prescription lacks, in French, "" when the law lets it do without."""
    direct = [dossier.regle(nom, Calcul) for nom in ACCES_DIRECT] if dossier.seance.acces_direct else []
    own = [dossier.regle(PROPRE_PRESCRIPTION, Calcul)] if PRESCRIT_PAR_L_AUXILIAIRE in ligne.etiquettes else []
    for regle in (*direct, *own):
        if regle is not None:
            dossier.applied(ligne, regle, "sans ordonnance")
            return ""
    return "il n'y a pas d'ordonnance"


def check_number(dossier: Dossier, regle: Controle) -> None:
    """No more sessions than prescribed: those of the same act since the day of the prescription, this one included."""
    seance = dossier.seance
    if seance.ordonnance is None or seance.ordonnance.seances is None:
        return
    for ligne in _care(dossier):
        before = {
            (one.date_soins, one.heure)
            for one in dossier.avant
            if seance.ordonnance.date <= one.date_soins and _same_act(one, ligne)
        }
        nombre = len(before | {(seance.date_soins, seance.heure or "")})
        if nombre > seance.ordonnance.seances:
            dossier.find(
                regle,
                ligne,
                acte=ligne.libelle,
                nombre=nombre,
                prescrites=seance.ordonnance.seances,
                ordonnance=f"{seance.ordonnance.date:%d/%m/%Y}",
            )


def _same_act(past: SoinPasse, ligne: Ligne) -> bool:
    """By its name when both have one, else by its letter and coefficient."""
    if past.acte and ligne.acte is not None:
        return past.acte == ligne.acte.nom
    return labels_of(None, ligne.code_acte, ligne.coefficient) <= past.etiquettes


def check_exclusive(dossier: Dossier, regle: Controle) -> None:
    """Who treats several patients together may only bill acts that provide for it."""
    if dossier.seance.patients > 1:
        for ligne in _care(dossier):
            if COLLECTIVE not in ligne.etiquettes:
                dossier.find(regle, ligne, acte=ligne.libelle, nombre=dossier.seance.patients)


def _care(dossier: Dossier) -> Iterator[Ligne]:
    return (ligne for ligne in dossier.lignes if ligne.facturee and SOINS in ligne.etiquettes)
