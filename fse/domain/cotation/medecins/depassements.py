"""What is asked above the tariff: who may, for which act, up to how much, what the patient was told.

An overrun is never reimbursed: the shares of the payers are those of the tariff (`parts`). Its qualifier is what B2 has
for it (code list `depassements`): none for a DM, a DP or the fees of sector 2.
The DA are in `autorises`, the DM in `maitrises`.

Source: regles.md I.2 (draft convention, articles 34, 35 and 42).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from fse.base.money import format_euros
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.exercice import NON_DECLARE
from fse.domain.cotation.medecins.parcours import outside
from fse.domain.cotation.ngap.article_11b import SOINS
from fse.norm.model.medecine import DepassementDemande
from fse.norm.referentiels.depassements import of_convention
from fse.norm.referentiels.ngap.regles import Calcul, Controle

DE, DA, DM, DP, LIBRE = "DE", "DA", "DM", "DP", "libre"
CONVENTIONNELS = frozenset({DE, DA, DM, DP})
"""Those that the convention defines; `LIBRE`: the fees of sector 2 and of its options."""

OPTION, OPTIONNEL = "option-coordination", "secteur-optionnel"
LIBRES = frozenset({"2", "cas", "optam", "optam-co"})
"""Sectors of own fees."""

OPPOSABLE = frozenset({"", "1"})
"""Sector 1; who declared none is deemed to be in it (article 35.1)."""

_OPTION_HORS_PARCOURS = "option-coordination-hors-parcours"
"""Name of the rule that leaves a member of the option his own fees."""

_SECTEURS = {
    "": "1",
    NON_DECLARE: "non déclaré",
    "dp": "du droit à dépassement permanent",
    "cas": "du contrat d'accès aux soins",
    "optam": "de l'OPTAM",
    "optam-co": "de l'OPTAM-CO",
    OPTION: "de l'option de coordination",
    OPTIONNEL: "optionnel",
}


def asked(dossier: Dossier, *genres: str) -> Iterator[tuple[Ligne, DepassementDemande]]:
    """The lines on the sheet for which an overrun is asked, of these kinds; of any when none is given. One of nothing
    is none.
    """
    for ligne in dossier.lignes:
        depassement = ligne.demande.depassement
        if not ligne.facturee or depassement is None or not depassement.montant:
            continue
        if not genres or depassement.genre in genres:
            yield ligne, depassement


def set_overruns(dossier: Dossier, regle: Calcul) -> None:
    """What is asked goes on its line, with its qualifier."""
    for ligne, depassement in asked(dossier):
        meaning = of_convention(depassement.genre)
        letter = meaning.b2 if meaning is not None else None
        ligne.depassement = depassement.montant
        if letter is not None:
            ligne.qualificatif = letter
        written = f"qualificatif {letter}" if letter is not None else "sans qualificatif en B2"
        named = depassement.genre if depassement.genre != LIBRE else "honoraires libres"
        dossier.applied(ligne, regle, f"{format_euros(depassement.montant)}, {named}, {written}")


def check_billed(dossier: Dossier, regle: Controle) -> None:
    """Nothing is asked above an act that is not on the sheet."""
    for ligne in dossier.lignes:
        depassement = ligne.demande.depassement
        if depassement is not None and depassement.montant and not ligne.facturee:
            dossier.find(regle, ligne, acte=ligne.libelle, motif=ligne.motif)


def check_told(dossier: Dossier, regle: Controle) -> None:
    """The patient was told of the amount, the reason, and that nobody reimburses it."""
    for ligne, depassement in asked(dossier):
        if not depassement.information:
            dossier.find(regle, ligne, acte=ligne.libelle, montant=format_euros(depassement.montant))


def check_principal_act(dossier: Dossier, regle: Controle) -> None:
    """A patient's demand is paid on the principal act: the care worth most, not what goes with it."""
    care = [one for one in dossier.lignes if one.facturee and SOINS in one.etiquettes]
    highest = max((one.poids for one in care), default=None)
    seen = False
    for ligne, _ in asked(dossier, DE):
        if SOINS in ligne.etiquettes and ligne.poids == highest and not seen:
            seen = True
        else:
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_demand_and_authorised(dossier: Dossier, regle: Controle) -> None:
    """DE and DA do not go together."""
    if any(asked(dossier, DA)):
        for ligne, _ in asked(dossier, DE):
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_urgency(dossier: Dossier, regle: Controle) -> None:
    """An urgency outside the path is at the opposable tariffs, by those whom they bind."""
    if _bound_by_urgency(dossier):
        for ligne, _ in asked(dossier):
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_medical_motive(dossier: Dossier, regle: Controle) -> None:
    """A patient's demand has no medical motive: an urgency is one, wherever the patient comes from."""
    if dossier.seance.urgence and not _bound_by_urgency(dossier):
        for ligne, _ in asked(dossier, DE):
            dossier.find(regle, ligne, acte=ligne.libelle)


def _bound_by_urgency(dossier: Dossier) -> bool:
    parcours, secteur = dossier.situation.parcours, dossier.situation.exercice.secteur
    urgent = parcours is not None and parcours.situation == "urgence"
    return urgent and secteur in OPPOSABLE | {OPTION, OPTIONNEL}


def check_permanent(dossier: Dossier, regle: Controle) -> None:
    """DP: who acquired the right."""
    secteur = dossier.situation.exercice.secteur
    for ligne, _ in asked(dossier, DP) if secteur != "dp" else ():
        dossier.find(regle, ligne, secteur=sector_named(secteur))


def check_own_fees(dossier: Dossier, regle: Controle) -> None:
    """Own fees: sector 2 and its options; who is outside the convention sets his as he likes; a member of the option of
    coordination is bound for patients in the path alone.
    """
    exercice = dossier.situation.exercice
    if exercice.statut == "hors-convention" or exercice.secteur in LIBRES:
        return
    released = outside(dossier) and exercice.secteur == OPTION
    freed = dossier.regle(_OPTION_HORS_PARCOURS, Calcul) if released else None
    for ligne, _ in asked(dossier, LIBRE):
        if freed is None:
            dossier.find(regle, ligne, secteur=sector_named(exercice.secteur))
        else:
            dossier.applied(ligne, freed, "hors du parcours")


def check_status(dossier: Dossier, regle: Controle) -> None:
    """Overruns of the convention are of those whom it binds."""
    if dossier.situation.exercice.statut != "conventionne":
        for ligne, depassement in asked(dossier, *CONVENTIONNELS):
            dossier.find(regle, ligne, genre=depassement.genre)


def check_tariffs(dossier: Dossier, regle: Controle) -> None:
    """The opposable tariffs are of those whom the convention binds on the day of care."""
    statut = dossier.situation.exercice.statut
    if statut != "conventionne":
        said = "hors de la convention" if statut == "hors-convention" else "suspendu de la convention"
        dossier.find(regle, statut=said)


def sector_named(secteur: str) -> str:
    """A sector as a reader says it."""
    return _SECTEURS.get(secteur, secteur)


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    "tarifs-opposables-statut": check_tariffs,
    "depassement-statut": check_status,
    "depassement-acte-facture": check_billed,
    "depassement-information": check_told,
    "de-acte-principal": check_principal_act,
    "de-sans-da": check_demand_and_authorised,
    "urgence-tarifs-opposables": check_urgency,
    "de-sans-motif-medical": check_medical_motive,
    "dp-acquis": check_permanent,
    "honoraires-libres-secteur": check_own_fees,
}
CALCULS: Mapping[str, Callable[[Dossier, Calcul], None]] = {"depassement-sur-la-ligne": set_overruns}
