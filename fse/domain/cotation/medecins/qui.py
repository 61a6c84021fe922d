"""Who bills whose acts: staff whom a doctor employs, assistants, replacements, who practises outside the convention.

Source: regles.md A.7 (draft convention of 2011, articles 31 to 33, 68 and 90).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fse.domain.cotation.dossier import Dossier
from fse.domain.cotation.exercice import NON_DECLARE
from fse.domain.cotation.medecins.depassements import DP, LIBRES, asked
from fse.domain.cotation.situation import executant_of
from fse.norm.referentiels.ngap.regles import Calcul, Controle

SALARIE, ADJOINT, REMPLACANT = "salarie", "adjoint", "remplacant"
"""Conditions of practice (`exercice.CONDITIONS`) in which someone else's name comes first on the sheet."""

TITRES = "qui-salarie-titres-du-secteur-2"
HORS_CONVENTION = ("hors-convention", "suspendu")
"""Statuses of who may neither be replaced nor replace: to be suspended is to be struck off for a time (article 88)."""


def check_period(dossier: Dossier, regle: Controle) -> None:
    """The periods of practice that are declared cover the day: of the one who treats, or in whose place; of who
    replaces, when theirs are declared.
    """
    exercice, le = dossier.situation.exercice, f"{dossier.seance.date_soins:%d/%m/%Y}"
    numero = exercice.employeur or executant_of(dossier.seance, dossier.situation)
    if exercice.secteur == NON_DECLARE:
        dossier.find(regle, numero=numero, le=le)
    if exercice.condition == REMPLACANT and not exercice.statut_remplacant:
        dossier.find(regle, numero=exercice.remplacant, le=le)


def check_employer(dossier: Dossier, regle: Controle) -> None:
    """The sheet is that of who employs the one who did the acts."""
    exercice, prestataire = dossier.situation.exercice, dossier.situation.prestataire
    if exercice.employeur not in ("", prestataire):
        executant = executant_of(dossier.seance, dossier.situation)
        dossier.find(regle, executant=executant, employeur=exercice.employeur, prestataire=prestataire)


def check_attestations(dossier: Dossier, regle: Controle) -> None:
    """Of acts of employed staff, the one who did them attests them, the employer their payment."""
    exercice, signatures = dossier.situation.exercice, dossier.seance.signatures
    if exercice.condition != SALARIE:
        return
    executant = executant_of(dossier.seance, dossier.situation)
    employeur = exercice.employeur or dossier.situation.prestataire
    lacking = []
    if signatures is None or signatures.execution != executant:
        lacking.append(f"celle du salarié {executant}, qui a fait les actes")
    if signatures is None or signatures.acquit != employeur:
        lacking.append(f"celle de l'employeur {employeur}, qui en reçoit le paiement")
    if lacking:
        dossier.find(regle, manque=", et ".join(lacking))


def check_employee_tariffs(dossier: Dossier, regle: Controle) -> None:
    """An employed doctor asks for no overrun, unless he holds the titles that his employer's sector 2 asks for."""
    exercice = dossier.situation.exercice
    if exercice.condition != SALARIE:
        return
    titled = dossier.regle(TITRES, Calcul) if exercice.titres and exercice.secteur in LIBRES else None
    for ligne, _ in asked(dossier):
        if titled is None:
            dossier.find(regle, ligne, acte=ligne.libelle)
        else:
            dossier.applied(ligne, titled, "titres du secteur 2")


def check_assistant_tariffs(dossier: Dossier, regle: Controle) -> None:
    """An assistant asks for no overrun."""
    if dossier.situation.exercice.condition == ADJOINT:
        for ligne, _ in asked(dossier):
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_acquired_right(dossier: Dossier, regle: Controle) -> None:
    """Who replaces takes the situation of the other, but for the right to permanent overruns."""
    if dossier.situation.exercice.condition == REMPLACANT:
        for ligne, _ in asked(dossier, DP):
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_declared(dossier: Dossier, regle: Controle) -> None:
    """Who replaces has told the caisses their number or their licence, and their addresses."""
    exercice = dossier.situation.exercice
    if exercice.condition == REMPLACANT and not exercice.declare:
        dossier.find(
            regle,
            remplacant=exercice.remplacant,
            remplace=dossier.situation.prestataire,
            le=f"{dossier.seance.date_soins:%d/%m/%Y}",
        )


def check_absent(dossier: Dossier, regle: Controle) -> None:
    """Who is replaced that day, as the practice declares it or as another sheet shows it, does no act."""
    exercice = dossier.situation.exercice
    if exercice.condition == REMPLACANT:
        return
    shown = (one.remplacant for one in dossier.historique.executant if one.remplacant)
    remplacant = exercice.remplacant or next(shown, "")
    if remplacant:
        executant = executant_of(dossier.seance, dossier.situation)
        dossier.find(regle, executant=executant, remplacant=remplacant, le=f"{dossier.seance.date_soins:%d/%m/%Y}")


def check_worked(dossier: Dossier, regle: Controle) -> None:
    """Nobody replaces a doctor on a day on which that one billed acts of their own."""
    if dossier.situation.exercice.condition != REMPLACANT:
        return
    own = sorted({one.facture for one in dossier.historique.executant if not one.remplacant})
    if own:
        facture = f"la facture « {own[0]} »" if own[0] else "une autre séance"
        dossier.find(
            regle,
            remplace=dossier.situation.prestataire,
            facture=facture,
            le=f"{dossier.seance.date_soins:%d/%m/%Y}",
        )


def check_replaced_status(dossier: Dossier, regle: Controle) -> None:
    """A doctor struck off the convention is not replaced."""
    exercice = dossier.situation.exercice
    if exercice.condition == REMPLACANT and exercice.statut in HORS_CONVENTION:
        dossier.find(regle, remplace=dossier.situation.prestataire)


def check_replacing_status(dossier: Dossier, regle: Controle) -> None:
    """A doctor struck off the convention does not replace."""
    exercice = dossier.situation.exercice
    if exercice.condition == REMPLACANT and exercice.statut_remplacant in HORS_CONVENTION:
        dossier.find(regle, remplacant=exercice.remplacant)


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    "qui-exercice-declare": check_period,
    "qui-employeur-d-abord": check_employer,
    "qui-deux-attestations": check_attestations,
    "qui-salarie-tarifs-opposables": check_employee_tariffs,
    "qui-adjoint-tarifs-opposables": check_assistant_tariffs,
    "qui-remplacant-sans-droit-permanent": check_acquired_right,
    "qui-remplacant-declare": check_declared,
    "qui-remplace-s-abstient": check_absent,
    "qui-remplace-a-exerce": check_worked,
    "qui-hors-convention-non-remplace": check_replaced_status,
    "qui-hors-convention-ne-remplace-pas": check_replacing_status,
}
"""By the name of the rule that says it, in this order."""

DU_JOUR = (
    *(
        "qui-exercice-declare",
        "qui-employeur-d-abord",
        "qui-remplacant-declare",
        "qui-remplace-s-abstient",
        "qui-remplace-a-exerce",
    ),
    *("qui-hors-convention-non-remplace", "qui-hors-convention-ne-remplace-pas"),
)
"""Those that look at who treats on a day, whatever they do."""


def check_day(dossier: Dossier) -> None:
    """The findings of who treats on a day, of a session of which nothing else is known."""
    for nom in DU_JOUR:
        regle = dossier.regle(nom, Controle)
        if regle is not None:
            CONTROLES[nom](dossier, regle)
