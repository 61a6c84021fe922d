"""The facts of a doctor's care that a condition may ask for, by name: each says what misses, in French nouns.

Source: regles.md E.8 and E.9.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fse.base.errors import UsageError
from fse.domain.cotation.dossier import Dossier
from fse.domain.cotation.medecins.horaires import (
    on_duty,
    on_saturday_or_bridge,
    on_sunday_duty,
    on_weekday,
    within_hours,
)
from fse.domain.cotation.situation import executant_of

Fait = Callable[[Dossier], str]
"""What misses for the fact to be there, "" when it is."""

_APPEL = "19:00-07:00"
_SOIREE = "19:00-21:00"
_CADRES = {
    "urgences": "un protocole établi entre le médecin et le service des urgences",
    "centre-appel": "une convention du centre d'appel avec le SAMU, approuvée par l'ARS",
}
_SIEN = frozenset({"medecin-traitant", "nouveau-medecin-traitant", "remplacant-du-medecin-traitant"})
_PSYCHIATRES = frozenset({"psychiatre", "neuropsychiatre"})


def _regulated(dossier: Dossier) -> str:
    regulation = dossier.seance.regulation
    if regulation is None:
        return "une régulation de l'appel (régulateur, date, heure et référence)"
    return "" if regulation.encadrement else _CADRES.get(regulation.regulateur, "")


def _regulated_by_sas(dossier: Dossier) -> str:
    regulation = dossier.seance.regulation
    return "" if regulation and regulation.regulateur == "samu-sas" else "une demande de la régulation du SAS"


def _not_regulated(dossier: Dossier) -> str:
    return "" if dossier.seance.regulation is None else "des soins sans régulation"


def _on_the_table(dossier: Dossier) -> str:
    regulation = dossier.seance.regulation
    if regulation is None or regulation.tableau_garde or regulation.motif_hors_tableau:
        return ""
    return "l'inscription au tableau de garde, ou le motif d'un médecin hors tableau (médecin de garde indisponible)"


def _urgent(dossier: Dossier) -> str:
    return "" if dossier.seance.urgence else "une urgence au sens de l'article 14 (la vie ou l'intégrité du patient)"


def _not_urgent(dossier: Dossier) -> str:
    return "des soins sans urgence" if dossier.seance.urgence else ""


def _called_at_night(dossier: Dossier) -> str:
    """A patient who comes without a call calls when he comes."""
    since = dossier.seance.appel or dossier.seance.heure
    return "" if since and within_hours(since, _APPEL) else "un appel de 19 h à 7 h"


def _during_duty(dossier: Dossier) -> str:
    heure = dossier.seance.heure
    return "" if heure and on_duty(dossier, heure) else "des soins aux heures de permanence des soins"


def _outside_duty(dossier: Dossier) -> str:
    heure = dossier.seance.heure
    return "" if heure and not on_duty(dossier, heure) else "des soins hors des heures de permanence des soins"


def _before_duty(dossier: Dossier) -> str:
    """Of an evening of the week, what precedes the duty; nothing to say at any other hour."""
    heure = dossier.seance.heure
    late = heure and within_hours(heure, _SOIREE) and on_weekday(dossier) and on_duty(dossier, heure)
    return "des soins de 19 h à 20 h" if late else ""


def _on_weekday(dossier: Dossier) -> str:
    return "" if on_weekday(dossier) else "des soins d'un jour de semaine"


def _on_bridge(dossier: Dossier) -> str:
    heure = dossier.seance.heure
    if heure and on_saturday_or_bridge(dossier, heure):
        return ""
    return "des soins de jour d'un samedi de garde, d'un lundi veille ou d'un vendredi lendemain de jour férié"


def _on_sunday(dossier: Dossier) -> str:
    heure = dossier.seance.heure
    if heure and on_sunday_duty(dossier, heure):
        return ""
    return "des soins, à une heure dite, d'un dimanche ou d'un jour férié, de 8 h à 8 h le lendemain"


def _own_patient(dossier: Dossier) -> str:
    return "" if _is_own(dossier) else "un patient dont le médecin est le médecin traitant"


def _patient_of_another(dossier: Dossier) -> str:
    return "un patient dont le médecin n'est pas le médecin traitant" if _is_own(dossier) else ""


def _is_own(dossier: Dossier) -> bool:
    """The card names this doctor, or the one replaced, as the one that the patient declared; or the sheet says so."""
    situation = dossier.situation
    declared, mine = situation.prise_en_charge.medecin_traitant, {executant_of(dossier.seance, situation)}
    if situation.exercice.condition == "remplacant":
        mine.add(situation.prestataire)
    return declared in mine or (situation.parcours is not None and situation.parcours.situation in _SIEN)


def _discipline_told(dossier: Dossier) -> str:
    return "" if dossier.situation.exercice.discipline else "la discipline du médecin (discipline, dans cabinet.toml)"


def _no_psychiatrist(dossier: Dossier) -> str:
    psychiatrist = dossier.situation.exercice.discipline in _PSYCHIATRES
    return "une autre spécialité que la psychiatrie" if psychiatrist else ""


def _general(dossier: Dossier) -> str:
    return "" if dossier.situation.exercice.discipline == "generaliste" else "un médecin généraliste"


def _specialist(dossier: Dossier) -> str:
    return "" if dossier.situation.exercice.discipline not in ("", "generaliste") else "un médecin spécialiste"


def _general_or_child(dossier: Dossier) -> str:
    mine = dossier.situation.exercice.discipline
    return "" if mine in ("generaliste", "pediatre") else "un médecin généraliste ou un pédiatre"


def _left_at_once(dossier: Dossier) -> str:
    if dossier.seance.depart_immediat is not None:
        return ""
    return "un départ immédiat du cabinet, à la demande du centre 15 ou à celle, motivée, du patient"


def _justified(dossier: Dossier) -> str:
    if dossier.seance.visite_justifiee is not None:
        return ""
    return "une visite justifiée (critère médico-administratif, ou social et environnemental)"


def _first_resort(dossier: Dossier) -> str:
    care = dossier.seance.premier_recours
    if care is None:
        return "une détresse traitée en premier recours"
    needed = {"des actes techniques": care.actes_techniques, "une présence prolongée": care.presence_prolongee}
    return " ; ".join(one for one, done in needed.items() if not done)


def _followed(dossier: Dossier) -> str:
    care = dossier.seance.premier_recours
    if care is not None and (care.suite is not None or care.organisation_validee):
        return ""
    return "un passage aux urgences ou une hospitalisation qui suit, ou une organisation validée"


def _outside_a_facility(dossier: Dossier) -> str:
    return "des soins hors d'un établissement de soins" if dossier.seance.hospitalisation else ""


def _known(fait: Fait) -> Fait:
    """A fact that hangs on a parameter: without its value, it is not there, and it is said."""

    def found(dossier: Dossier) -> str:
        try:
            return fait(dossier)
        except UsageError as error:
            return f"une valeur ({error.message.rstrip('.')})"

    return found


FAITS: Mapping[str, Fait] = {
    "regulation": _regulated,
    "regulation-sas": _regulated_by_sas,
    "sans-regulation": _not_regulated,
    "tableau-de-garde": _on_the_table,
    "urgence": _urgent,
    "sans-urgence": _not_urgent,
    "appel-de-nuit": _called_at_night,
    "heures-de-permanence": _known(_during_duty),
    "hors-permanence": _known(_outside_duty),
    "avant-la-permanence": _known(_before_duty),
    "jour-de-semaine": _known(_on_weekday),
    "samedi-ou-pont": _known(_on_bridge),
    "dimanche-de-garde": _known(_on_sunday),
    "patient-du-medecin-traitant": _own_patient,
    "patient-d-un-autre-medecin": _patient_of_another,
    "discipline-dite": _discipline_told,
    "hors-psychiatrie": _no_psychiatrist,
    "medecin-generaliste": _general,
    "specialiste": _specialist,
    "generaliste-ou-pediatre": _general_or_child,
    "depart-immediat": _left_at_once,
    "visite-justifiee": _justified,
    "premier-recours": _first_resort,
    "suite-du-premier-recours": _followed,
    "hors-etablissement": _outside_a_facility,
}
"""By the name that a condition gives (`faits`)."""
