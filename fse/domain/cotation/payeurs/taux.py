"""The rate of the compulsory part: that of a rule, of the card, of the patient's scheme, else that of the profession.

Outside the care path the patient's participation is higher, up to a bound, unless a third party pays the doctor: the
caisse then takes it from a later payment (`TMT`). On the sheet a line is its base at a rate in whole percent: when the
bound is reached, or the caisse takes it later, the line keeps the rate of the path and the sum is withheld. That is our
choice. Source: regles.md I.4.
"""

from __future__ import annotations

from typing import NamedTuple

from fse.base.errors import UsageError
from fse.base.findings import Place, finding
from fse.base.money import format_euros, part_of
from fse.domain.cotation.dossier import Dossier, Ligne, because, value_used
from fse.domain.cotation.lignes import Retenue
from fse.domain.cotation.medecins.parcours import below_sixteen, outside
from fse.domain.cotation.payeurs.droits import advanced
from fse.domain.cotation.payeurs.tiers_payant import AME, C2S
from fse.norm.referentiels.ngap.actes import AUXILIAIRES
from fse.norm.referentiels.ngap.regles import Calcul, Taux
from fse.norm.referentiels.parametres import Parametre

MALADIE, SANS_EXONERATION = "10", "0"
"""Codes of the sheet (code lists `nature_assurance` and `exoneration`)."""

ENTIER = 100
"""Percent."""

MAJORATION, PAR_C2S = "parts-hors-parcours", "parts-c2s"


class Usuel(NamedTuple):
    """The rate of a patient in the care path. `parametre`: what gives it, by `regle` or not; `None`: the card did."""

    valeur: int
    parametre: Parametre | None = None
    regle: Taux | None = None


def usual_rate(dossier: Dossier) -> Usuel | None:
    """The rate of the patient, `None` when the card or the service has to say it (`not_ordinary` tells why).

    Raises `UsageError`: no value is known, or none may be used.
    """
    situation = dossier.situation
    if situation.taux is not None:
        return Usuel(situation.taux)
    found = [
        Usuel(parametre.valeur, parametre, one)
        for one in dossier.regles(Taux)
        if situation.nature_assurance in one.natures or situation.exoneration in one.exonerations
        for parametre in [dossier.valeur(one.taux)]
    ]
    if found:
        return max(found, key=lambda one: one.valeur)
    if not_ordinary(dossier):
        return None
    kind = "auxiliaires" if situation.profession in AUXILIAIRES else "medecins"
    parametre = dossier.valeur(f"taux_amo_{kind}")
    return Usuel(parametre.valeur, parametre)


def not_ordinary(dossier: Dossier) -> str:
    """Why the rate of the profession may not be that of this patient, in French, "" when it is."""
    situation = dossier.situation
    if situation.nature_assurance != MALADIE:
        return f"la nature d'assurance est {situation.nature_assurance}, et non maladie ({MALADIE})"
    if situation.exoneration not in (None, SANS_EXONERATION):
        return f"le patient est exonéré (code {situation.exoneration})"
    if situation.prise_en_charge.tiers_payant == AME:
        return "le patient a l'aide médicale de l'État, dont nos tables ne disent pas le taux"
    if dossier.bareme.territoire == "alsace-moselle":
        return "le régime local d'Alsace-Moselle a ses propres taux"
    return ""


def rate(dossier: Dossier, ligne: Ligne) -> int | None:
    """The rate of a line on the sheet, noted on it; `None` with a finding when it cannot be known.

    The ordinary rate is that of sickness: what differs from it is never guessed, the card has to say it.
    """
    if ligne.taux is not None:
        return ligne.taux
    place = Place(type="seance", rang=ligne.rang, champ=f"acte[{ligne.rang}]")
    try:
        usual = usual_rate(dossier)
        if usual is None:
            raison = not_ordinary(dossier)
            dossier.constats.append(finding("cotation.taux_a_donner", place, acte=ligne.libelle, raison=raison))
            return None
        if usual.regle is not None:
            dossier.applied(ligne, usual.regle)
        if usual.parametre is not None:
            dossier.used(ligne, usual.parametre)
        return _in_or_out(dossier, ligne, usual.valeur)
    except UsageError as error:
        dossier.unpriced(ligne.rang, error)
        return None


def complementary_rate(dossier: Dossier, ligne: Ligne) -> int:
    """Percent of the base that the complementary takes, of a line whose `rate` is known.

    Of a flat sum for costly acts (rate 0), nothing that we know of: contracts differ.
    """
    if ligne.taux == 0:
        return 0
    regle = dossier.regle(PAR_C2S, Calcul)
    if regle is None or dossier.situation.prise_en_charge.tiers_payant != C2S:
        return dossier.situation.taux_amc
    usual = None if ligne.taux is not None else usual_rate(dossier)
    share = ENTIER - usual.valeur if usual is not None else 0
    dossier.applied(ligne, regle, f"{share} %")
    return share


def _in_or_out(dossier: Dossier, ligne: Ligne, usual: int) -> int:
    """The rate on the sheet; what it does not say is withheld. Raises `UsageError`."""
    regle = dossier.regle(MAJORATION, Calcul)
    away = outside(dossier) and not below_sixteen(dossier)
    if regle is None or not away or usual == ENTIER or not ligne.facturee:
        return usual
    points = dossier.valeur("majoration_hors_parcours")
    part = dossier.valeur("majoration_hors_parcours_plafond")
    consultation = dossier.valeur("valeur_g")
    if usual < points.valeur:
        return usual
    bound = part_of(consultation.valeur, part.valeur)
    whole = part_of(ligne.montant, points.valeur)
    due = min(whole, bound)
    asked = dossier.situation.prise_en_charge
    at_once = "AMO" not in advanced(dossier) or asked.tiers_payant == C2S
    if at_once and whole <= bound:
        for one in (points, part, consultation):
            dossier.used(ligne, one)
        dossier.applied(ligne, regle, f"{usual - points.valeur} %")
        return usual - points.valeur
    steps = tuple(value_used(one, dossier.bareme.profil) for one in (points, part, consultation))
    reason = because(regle, dossier.bareme.profil, format_euros(due))
    if due:
        dossier.retenues.append(
            Retenue(
                regle=regle.nom, libelle=regle.libelle, rang=ligne.rang, montant=due, justifications=(*steps, reason)
            )
        )
    return usual
