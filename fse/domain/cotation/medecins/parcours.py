"""The coordinated care path: what is said of how the patient came agrees with the facts; which letter tells it.

The path is said of an invoice (`Soins.parcours`): what is not said is neither guessed nor asked for here. Of the
"médecin traitant" only a number that the card or the service gives counts; most cards give none.
Source: regles.md I.1 and A-65 (draft convention, articles 12 to 15; SNDS-PDS).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fse.domain.cotation.dossier import Dossier
from fse.domain.cotation.situation import age_at, executant_of
from fse.norm.model.medecine import Parcours
from fse.norm.referentiels.codes import PACKAGED
from fse.norm.referentiels.ngap.regles import Calcul, Controle

HORS_PARCOURS = "hors-parcours"
LISTE = "indicateur_parcours"

INDICATEURS: Mapping[str, str] = {
    "medecin-traitant": "T",
    "cabinet-du-medecin-traitant": "T",
    "nouveau-medecin-traitant": "N",
    "remplacant-du-medecin-traitant": "R",
    "oriente": "O",
    "oriente-par-un-autre": "M",
    "acces-specifique": "D",
    "urgence": "U",
    "hors-residence": "H",
    "recemment-installe": "J",
    "zone-sous-dotee": "B",
    HORS_PARCOURS: "S",
    "non-concerne": "A",
}
"""The letter of each situation (code list `indicateur_parcours`). A doctor of the same practice and speciality as the
"médecin traitant" has no letter of his own: article 12.3 makes him one (our reading).
"""

_GYNECOLOGIE = frozenset({"gynecologue", "obstetricien"})
_ACCES: Mapping[str, frozenset[str]] = {
    "gynecologie-examen": _GYNECOLOGIE,
    "contraception": _GYNECOLOGIE,
    "grossesse": _GYNECOLOGIE,
    "ivg-medicamenteuse": _GYNECOLOGIE,
    "refraction": frozenset({"ophtalmologue"}),
    "glaucome": frozenset({"ophtalmologue"}),
    "soins-dentaires": frozenset({"stomatologue"}),
    "psychiatrie": frozenset({"psychiatre", "neuropsychiatre"}),
}
"""Which disciplines a patient may consult directly, by motive (article 14.2). Neurology is not among them."""

_LE_TRAITANT = frozenset({"medecin-traitant", "nouveau-medecin-traitant", "non-concerne", "urgence"})
"""What may be said by the doctor whom the patient declared."""

_REMPLACANT, _CABINET = "remplacant-du-medecin-traitant", "cabinet-du-medecin-traitant"

_GENERALISTES = frozenset({"recemment-installe", "zone-sous-dotee"})
SEIZE = 16
"""Years: from that age on every insured person is asked to declare a "médecin traitant" (article 12.2)."""


def check_declared(dossier: Dossier, regle: Controle) -> None:
    """The number of the "médecin traitant" that the card gives agrees with what is said."""
    parcours, declared = dossier.situation.parcours, dossier.situation.prise_en_charge.medecin_traitant
    if parcours is None or not declared:
        return
    himself = _himself(dossier)
    if himself and parcours.situation not in _LE_TRAITANT:
        dossier.find(regle, raison="la carte ou le service donne ce médecin pour le médecin traitant du patient")
    elif parcours.situation == "medecin-traitant" and not himself and not _in_whose_name(dossier):
        dossier.find(regle, raison="la carte ou le service donne un autre médecin traitant")


def check_in_whose_name(dossier: Dossier, regle: Controle) -> None:
    """Who replaces the "médecin traitant", or works for him, is not him: each has a situation of its own."""
    parcours = dossier.situation.parcours
    if parcours is not None and parcours.situation == "medecin-traitant" and _in_whose_name(dossier):
        situation = _REMPLACANT if dossier.situation.exercice.condition == "remplacant" else _CABINET
        dossier.find(regle, prestataire=dossier.situation.prestataire, situation=situation)


def check_replacing(dossier: Dossier, regle: Controle) -> None:
    """Who stands for the "médecin traitant" replaces a doctor that day: the one that the card gives, when it does."""
    parcours, declared = dossier.situation.parcours, dossier.situation.prise_en_charge.medecin_traitant
    if parcours is None or parcours.situation != _REMPLACANT or _himself(dossier):
        return
    if dossier.situation.exercice.condition != "remplacant":
        dossier.find(regle, raison="l'exécutant ne remplace personne ce jour-là")
    elif declared and declared != dossier.situation.prestataire:
        dossier.find(regle, raison="la carte ou le service donne un autre médecin traitant que le médecin remplacé")


def check_same_practice(dossier: Dossier, regle: Controle) -> None:
    """Who stands for a "médecin traitant" of the practice has his discipline (regles.md A-65)."""
    parcours, declared = dossier.situation.parcours, dossier.situation.prise_en_charge.medecin_traitant
    if parcours is None or parcours.situation != _CABINET or _himself(dossier):
        return
    confreres = dossier.situation.exercice.confreres
    if not confreres:
        dossier.find(regle, raison="cabinet.toml n'en déclare aucun autre")
    elif declared and declared not in confreres:
        dossier.find(regle, raison="le médecin traitant que donne la carte ou le service n'en est pas un")


def _himself(dossier: Dossier) -> bool:
    """Whether the card gives the one who treats, by themselves."""
    situation = dossier.situation
    declared = situation.prise_en_charge.medecin_traitant
    return declared == executant_of(dossier.seance, situation) and situation.exercice.condition != "remplacant"


def _in_whose_name(dossier: Dossier) -> bool:
    """Whether the card gives the one in whose name the sheet is, another one having treated."""
    situation = dossier.situation
    return situation.prise_en_charge.medecin_traitant == situation.prestataire and not _himself(dossier)


def check_sender(dossier: Dossier, regle: Controle) -> None:
    """Who sent the patient is named, is another doctor, and is the "médecin traitant" or not as is said."""
    parcours, declared = dossier.situation.parcours, dossier.situation.prise_en_charge.medecin_traitant
    if parcours is None or parcours.situation not in ("oriente", "oriente-par-un-autre"):
        return
    sender, raison = parcours.oriente_par, ""
    if sender is None:
        raison = "le médecin qui a adressé le patient n'est pas noté (oriente_par)"
    elif sender == executant_of(dossier.seance, dossier.situation):
        raison = "un médecin ne s'adresse pas lui-même un patient"
    elif declared and (sender == declared) != (parcours.situation == "oriente"):
        other = "n'est pas" if parcours.situation == "oriente" else "est"
        raison = f"le médecin qui a adressé le patient {other} le médecin traitant que donne la carte ou le service"
    if raison:
        dossier.find(regle, raison=raison)


def check_direct_access(dossier: Dossier, regle: Controle) -> None:
    """Direct access is for some motives, each with its disciplines; psychiatry up to an age. Raises `UsageError`."""
    parcours = dossier.situation.parcours
    if parcours is None or parcours.situation != "acces-specifique":
        return
    discipline = dossier.situation.exercice.discipline
    if parcours.acces is None:
        dossier.find(regle, manque="le motif de l'accès (acces)")
    elif discipline not in _ACCES[parcours.acces]:
        who = " ou ".join(sorted(_ACCES[parcours.acces]))
        dossier.find(regle, manque=f"un exécutant de discipline {who} dans cabinet.toml")
    elif parcours.acces == "psychiatrie":
        maximum = dossier.valeur("acces_psychiatrie_age_maximum").valeur
        age = age_at(dossier.situation.date_naissance, dossier.seance.date_soins)
        if age is None or age > maximum:
            dossier.find(regle, manque=f"un patient de moins de {maximum + 1} ans")


def check_urgency(dossier: Dossier, regle: Controle) -> None:
    """A patient seen outside the path for an urgency: the urgency, or the call that was regulated, is recorded."""
    parcours, seance = dossier.situation.parcours, dossier.seance
    if parcours is not None and parcours.situation == "urgence" and not (seance.urgence or seance.regulation):
        dossier.find(regle)


def check_general_practice(dossier: Dossier, regle: Controle) -> None:
    """Two letters are of general practitioners alone."""
    parcours, discipline = dossier.situation.parcours, dossier.situation.exercice.discipline
    if parcours is not None and parcours.situation in _GENERALISTES and discipline not in ("", "generaliste"):
        dossier.find(regle)


def check_child(dossier: Dossier, regle: Controle) -> None:
    """Below sixteen nobody is outside the path."""
    if outside(dossier) and below_sixteen(dossier):
        dossier.find(regle)


def check_indicator(dossier: Dossier, regle: Controle) -> None:
    """A letter that the document gives is the one that the situation gives."""
    parcours = dossier.situation.parcours
    if parcours is not None and parcours.indicateur not in (None, indicator(parcours)):
        dossier.find(regle, donne=parcours.indicateur, attendu=indicator(parcours))


def set_indicator(dossier: Dossier, regle: Calcul) -> None:
    """The letter of the situation, of the whole session: B2 has no place for it. Its first line explains it."""
    parcours = dossier.situation.parcours
    if parcours is not None:
        dossier.indicateur = indicator(parcours)
        for ligne in dossier.lignes[:1]:
            told = PACKAGED.label(LISTE, dossier.indicateur, dossier.seance.date_soins)
            dossier.applied(ligne, regle, f"{dossier.indicateur} ({told})")


def indicator(parcours: Parcours) -> str:
    """The letter of a situation in the path.

    >>> indicator(Parcours(situation="oriente"))
    'O'
    """
    return INDICATEURS[parcours.situation]


def outside(dossier: Dossier) -> bool:
    """Whether the patient is said to come outside the path."""
    parcours = dossier.situation.parcours
    return parcours is not None and parcours.situation == HORS_PARCOURS


def below_sixteen(dossier: Dossier) -> bool:
    """Whether the patient is under sixteen on the day of care; not when their date of birth is lunar."""
    age = age_at(dossier.situation.date_naissance, dossier.seance.date_soins)
    return age is not None and age < SEIZE


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    "parcours-medecin-traitant": check_declared,
    "parcours-au-nom-du-medecin-traitant": check_in_whose_name,
    "parcours-remplacant": check_replacing,
    "parcours-cabinet": check_same_practice,
    "parcours-adresseur": check_sender,
    "parcours-acces-specifique": check_direct_access,
    "parcours-urgence": check_urgency,
    "parcours-generaliste": check_general_practice,
    "parcours-moins-de-seize-ans": check_child,
    "parcours-indicateur-donne": check_indicator,
}
CALCULS: Mapping[str, Callable[[Dossier, Calcul], None]] = {"parcours-indicateur": set_indicator}
