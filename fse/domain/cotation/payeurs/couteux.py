"""Costly acts: those of a session that reach the threshold of the code of social security, together or by coefficient.

They give third-party payment, and a flat sum (PAV) that the patient pays in place of their share. The professional asks
for it as an act. On the sheet a line is its base at a rate: the sum stands on its own line at 0 %, and what is left of
the acts at 100 %, so that the whole is what the acts cost. That is our choice. Source: regles.md I.3 and I.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fse.base.errors import UsageError
from fse.base.money import format_euros
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.medecins.parcours import below_sixteen, outside
from fse.domain.cotation.payeurs.droits import opposed
from fse.domain.cotation.payeurs.taux import ENTIER, SANS_EXONERATION, usual_rate
from fse.domain.cotation.payeurs.tiers_payant import AME, C2S, COUTEUX, asks
from fse.norm.referentiels.ngap.regles import Calcul, Controle, Seuil

SEUIL, EXONERE = "acte-couteux-seuil", "pav-exonere"
FORFAIT = "PAV"

PAR_COEFFICIENT, PAR_CCAM = "1", "C"
"""Exemptions of the sheet (code list `exoneration`): an act in K or KC, one of the CCAM, that reach the threshold."""

_LETTRES_K = frozenset({"K", "KC", "KCC", "KE", "Z", "ZN"})
_ALSACE_MOSELLE = "13"


def check_threshold(dossier: Dossier, regle: Controle) -> None:
    """Third-party payment for a costly act: one is; of a patient without a share to pay, any act will do."""
    if opposed(dossier) or not asks(dossier, COUTEUX) or costly_lines(dossier):
        return
    usual = usual_rate(dossier)
    if usual is None or usual.valeur < ENTIER:
        dossier.find(regle)


def check_missing(dossier: Dossier, regle: Controle) -> None:
    """Costly acts of a patient who has a share to pay, without the sum that replaces it."""
    lignes = costly_lines(dossier)
    if lignes and not dossier.nommees({FORFAIT}) and not _not_due(dossier):
        dossier.find(regle, total=format_euros(sum(one.montant for one in lignes)))


def check_undue(dossier: Dossier, regle: Controle) -> None:
    """The sum asked without costly acts, or of a patient who does not owe it."""
    asked = dossier.nommees({FORFAIT})
    raison = _not_due(dossier) if costly_lines(dossier) else "aucun acte technique de la séance n'atteint le seuil"
    if asked and raison:
        dossier.find(regle, asked[0], raison=raison)


def check_outside(dossier: Dossier, regle: Controle) -> None:
    """Outside the path: nothing read tells whether the higher participation goes with the sum that replaces it."""
    away = outside(dossier) and not below_sixteen(dossier)
    if away and dossier.nommees({FORFAIT}) and costly_lines(dossier) and not _not_due(dossier):
        dossier.find(regle)


def replace_share(dossier: Dossier, regle: Calcul) -> None:
    """The sum, which nobody reimburses, is taken out of the costly acts, reimbursed in full for what is left."""
    asked, lignes = dossier.nommees({FORFAIT}), costly_lines(dossier)
    for one in asked:
        one.taux = 0
    if not asked or not lignes or _not_due(dossier):
        return
    left = asked[0].montant
    for ligne in sorted(lignes, key=lambda one: (-one.montant, one.code_acte, one.coefficient)):
        ligne.taux = ENTIER
        if dossier.situation.exoneration in (None, SANS_EXONERATION):
            ligne.exoneration = PAR_COEFFICIENT if ligne.code_acte in _LETTRES_K else PAR_CCAM
        ligne.forfait = min(left, ligne.montant)
        left -= ligne.forfait
        dossier.applied(ligne, regle, f"{format_euros(ligne.forfait)} sur la ligne du forfait")


def costly_lines(dossier: Dossier) -> list[Ligne]:
    """The technical acts on the sheet, when they reach the threshold together or one of them by its coefficient; else
    none. Raises `UsageError` when the threshold of that day is not known.
    """
    regle = dossier.regle(SEUIL, Seuil)
    lignes = [one for one in dossier.nommees(regle.actes) if not one.demande.gratuit] if regle is not None else []
    if regle is None or not lignes:
        return []
    montant, coefficient = dossier.valeur(regle.montant).valeur, dossier.valeur(regle.coefficient).valeur
    reached = sum(one.montant for one in lignes) >= montant or any(
        one.coefficient_facture >= coefficient for one in lignes
    )
    return lignes if reached else []


def _not_due(dossier: Dossier) -> str:
    """Why the patient does not owe the sum, in French, "" when they do, or when nobody can say."""
    situation = dossier.situation
    try:
        usual = usual_rate(dossier)
    except UsageError:
        return ""
    if usual is not None and usual.valeur == ENTIER:
        return "le patient n'a pas de ticket modérateur"
    if dossier.regle(EXONERE, Calcul) is None:
        return ""
    if situation.prise_en_charge.tiers_payant in (C2S, AME) or situation.nature_assurance == _ALSACE_MOSELLE:
        return "le patient en est exonéré"
    return ""


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    "tp-acte-couteux-seuil": check_threshold,
    "pav-manquant": check_missing,
    "pav-indu": check_undue,
    "pav-hors-parcours": check_outside,
}
CALCULS: Mapping[str, Callable[[Dossier, Calcul], None]] = {"pav-remplace-le-ticket": replace_share}
"""By the name of the rule that says it, in this order."""
