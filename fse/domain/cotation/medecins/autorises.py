"""DA, the authorised overrun: a specialist of sector 1 whom a patient consults outside the path, up to a cap.

Of a clinical act, what is billed in all may exceed by so much what it would be in the path, that is with the majoration
of coordination, rounded to the euro; of a technical one, the act alone, to the centime below.
Source: regles.md I.2 (draft convention, articles 13.2, 34.1, 35.1 and 42.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from fse.base.errors import UsageError
from fse.base.money import format_euros
from fse.domain.cotation.dossier import Dossier, Ligne, as_told
from fse.domain.cotation.medecins.coordination import coordinated
from fse.domain.cotation.medecins.depassements import DA, LIBRE, LIBRES, OPPOSABLE, asked, sector_named
from fse.domain.cotation.medecins.parcours import HORS_PARCOURS, outside
from fse.domain.cotation.medecins.plafonds import MILLE, exceeds, has_tariff, is_technical, rounded, share_of, value_of
from fse.domain.cotation.payeurs.tiers_payant import C2S
from fse.norm.referentiels.ngap.regles import Condition, Controle
from fse.norm.referentiels.parametres import DROIT, Regime

_CONSULTATION = "coordination-consultation"
"""Name of the rule that says which acts a majoration of coordination goes with."""

_MPC = frozenset({"MPC"})


def check_authorised_by_whom(dossier: Dossier, regle: Controle) -> None:
    """DA: a specialist of sector 1."""
    exercice = dossier.situation.exercice
    raison = ""
    if exercice.secteur not in OPPOSABLE:
        raison = f"l'exécutant est ce jour-là en secteur {sector_named(exercice.secteur)}"
    elif exercice.discipline == "generaliste":
        raison = "l'exécutant est généraliste"
    elif not exercice.discipline:
        raison = "cabinet.toml ne dit pas la discipline de l'exécutant"
    for ligne, _ in asked(dossier, DA) if raison else ():
        dossier.find(regle, ligne, raison=raison)


def check_authorised_when(dossier: Dossier, regle: Controle) -> None:
    """DA: the patient came outside the path, neither in an emergency nor with complementary cover for low incomes."""
    parcours = dossier.situation.parcours
    raison = ""
    if parcours is None:
        raison = "la situation du patient dans le parcours n'est pas notée"
    elif parcours.situation != HORS_PARCOURS:
        raison = "le patient n'est pas hors du parcours de soins"
    elif dossier.seance.urgence:
        raison = "les soins sont urgents"
    elif dossier.situation.prise_en_charge.tiers_payant == C2S:
        raison = "le patient a la complémentaire santé solidaire (ou la CMU complémentaire)"
    for ligne, _ in asked(dossier, DA) if raison else ():
        dossier.find(regle, ligne, raison=raison)


def check_coordination(dossier: Dossier, regle: Controle) -> None:
    """No majoration of coordination beside a DA."""
    if any(asked(dossier, DA)):
        for ligne in coordinated(dossier):
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_authorised_act(dossier: Dossier, regle: Controle) -> None:
    """DA: on a consultation, a visit or a technical act."""
    for ligne, _ in asked(dossier, DA):
        if not has_tariff(ligne):
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_authorised(dossier: Dossier, regle: Controle) -> None:
    """DA: not above its cap. Raises `UsageError`."""
    for ligne, depassement in asked(dossier, DA):
        if has_tariff(ligne):
            cap, regime = authorised(dossier, ligne)
            if depassement.montant > cap:
                exceeds(dossier, regle, ligne, depassement.montant, as_told(format_euros(cap), regime))


def check_deemed(dossier: Dossier, regle: Controle) -> None:
    """The own fees of a specialist, outside the path: deemed DA within the same cap, whose value may not be known."""
    exercice = dossier.situation.exercice
    if (
        not outside(dossier)
        or dossier.seance.urgence
        or exercice.discipline in ("", "generaliste")
        or exercice.secteur not in LIBRES
    ):
        return
    for ligne, depassement in asked(dossier, LIBRE):
        if has_tariff(ligne):
            dossier.find(regle, ligne, acte=ligne.libelle, part=_deemed(dossier, ligne, depassement.montant))


def authorised(dossier: Dossier, ligne: Ligne) -> tuple[int, Regime]:
    """The most that a DA may be on a clinical or a technical act, in centimes, and the regime that says so. Its values
    are noted on the line. Raises `UsageError` when one of them is not known, or may not be used.
    """
    plafond = value_of(dossier, ligne, "da_plafond")
    if is_technical(ligne):
        return share_of(ligne.montant, plafond), plafond.regime
    arrondi = value_of(dossier, ligne, "da_arrondi")
    billed = ligne.montant + sum(one.montant for one in dossier.nommees(_MPC))
    coordinated = billed + _coordination(dossier, ligne)
    limit = rounded(Fraction(coordinated * (MILLE + plafond.valeur), MILLE), arrondi.valeur)
    drafted = next((one.regime for one in (plafond, arrondi) if one.regime != DROIT), DROIT)
    return max(limit - billed, 0), drafted


def _deemed(dossier: Dossier, ligne: Ligne, montant: int) -> str:
    """How much of an overrun is deemed DA, in French."""
    try:
        cap, regime = authorised(dossier, ligne)
    except UsageError:
        return "dans une limite dont fse n'a pas de valeur vérifiée à cette date"
    deemed = min(montant, cap)
    return f"à hauteur de {as_told(format_euros(deemed), regime)} ; reste {format_euros(montant - deemed)}"


def _coordination(dossier: Dossier, ligne: Ligne) -> int:
    """Centimes of the majoration that would go with an act in the path; none goes with a visit. Raises `UsageError`."""
    goes_with = dossier.regle(_CONSULTATION, Condition)
    if goes_with is None or not ligne.etiquettes & goes_with.avec:
        return 0
    return value_of(dossier, ligne, "valeur_mcc" if ligne.code_acte == "CSC" else "valeur_mcs").valeur


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    "da-secteur": check_authorised_by_whom,
    "da-hors-parcours": check_authorised_when,
    "da-sans-coordination": check_coordination,
    "da-acte": check_authorised_act,
    "da-plafond": check_authorised,
    "secteur-2-repute-da": check_deemed,
}
