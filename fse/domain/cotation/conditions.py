"""What the facts of a session must be for an act to be billed: the conditions, which are data.

The same conditions tell which acts the facts would allow besides those asked for.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from fse.base.errors import UsageError
from fse.base.working_days import calendar_of, is_holiday
from fse.domain.cotation.article_11b import SOINS
from fse.domain.cotation.article_13 import no_kilometres
from fse.domain.cotation.cumuls import excluded_by, past_within
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.lignes import Possible
from fse.domain.cotation.situation import age_at
from fse.domain.cotation.tarification import value_name
from fse.norm.referentiels.ngap.actes import actes, labels_of
from fse.norm.referentiels.ngap.regles import Condition, Exclusion

_SATURDAY, _SUNDAY = 5, 6
_SATURDAY_FROM = "08:00"
_ORDONNANCE = {
    "nuit": "l'exécution de nuit impérative",
    "quotidienne": "l'exécution rigoureusement quotidienne",
}
_RELIEFS = {
    "plaine": "un trajet en plaine",
    "montagne": "un trajet en montagne",
    "pied-ski": "un trajet à pied ou à ski",
}
_LIEUX = {"cabinet": "au cabinet", "domicile": "au domicile du patient", "ehpad": "en établissement"}


def check_conditions(dossier: Dossier) -> None:
    """A finding for each act asked for whose conditions the facts do not meet, saying what misses."""
    for regle in dossier.regles(Condition):
        for ligne in dossier.nommees(regle.actes):
            missing = unmet(dossier, regle, ligne.rang)
            if missing:
                dossier.find(regle, ligne, acte=ligne.libelle, manque=missing)
            else:
                dossier.applied(ligne, regle, "remplie")


def unmet(dossier: Dossier, regle: Condition, rang: int) -> str:
    """What misses, in French, "" when all that is said holds. `rang`: the act that it is about, 0 for none."""
    seance = dossier.seance
    others = [one for one in dossier.lignes if one.facturee and one.rang != rang]
    care = [one for one in others if SOINS in one.etiquettes]
    age = age_at(dossier.situation.date_naissance, seance.date_soins)
    checks: tuple[tuple[bool, str], ...] = (
        (bool(regle.lieux) and seance.lieu not in regle.lieux, _places(regle)),
        (
            regle.age_minimum is not None and (age is None or age < regle.age_minimum),
            f"{regle.age_minimum} ans au moins",
        ),
        (
            regle.age_maximum is not None and (age is None or age > regle.age_maximum),
            f"{regle.age_maximum} ans au plus",
        ),
        (regle.seul and len(care) > 1, "un seul acte dans la séance"),
        (not _has_company(dossier, regle, others), _company(regle)),
        (_too_high(regle, care), f"un coefficient de {regle.coefficient_maximum} au plus"),
        (
            bool(regle.heures or regle.jours) and not (_at_hours(dossier, regle) or _on_day(dossier, regle)),
            _when(regle),
        ),
        (not _prescribed(dossier, regle), _prescription(regle)),
        (regle.urgence and not seance.urgence, "une urgence justifiée par l'état du patient"),
        _through(dossier, regle),
        _far_enough(dossier, regle),
        _discharged(dossier, regle),
    )
    return ", ".join(text for wrong, text in checks if wrong)


def possible(dossier: Dossier) -> tuple[Possible, ...]:
    """The acts that were not asked for and whose every condition the recorded facts meet. None is added."""
    le, profession = dossier.seance.date_soins, dossier.situation.profession
    asked = {label for ligne in dossier.lignes for label in ligne.etiquettes}
    exclusions = list(dossier.regles(Exclusion))
    found = []
    for acte in actes().values():
        if not acte.proposable or acte.nom in asked or profession not in acte.professions:
            continue
        try:
            _, cotation = dossier.bareme.acte(acte.nom, le)
            dossier.valeur(value_name(cotation.lettre, profession) or "")
        except UsageError:
            continue
        if cotation.coefficient is None and cotation.lettre in asked:
            continue
        labels = labels_of(acte, cotation.lettre, cotation.coefficient)
        conditions = [one for one in dossier.regles(Condition) if one.actes & labels]
        last = len(dossier.seance.actes) + 1
        excluded = any(one.concerns(labels) and excluded_by(dossier, one, labels, last) for one in exclusions)
        if conditions and not excluded and not any(unmet(dossier, one, 0) for one in conditions):
            condition = " ; ".join(one.libelle for one in conditions)
            found.append(Possible(acte=acte.nom, libelle=acte.libelle, condition=condition))
    return tuple(found)


def _discharged(dossier: Dossier, regle: Condition) -> tuple[bool, str]:
    """Whether the care is too long after a discharge from hospital, the last day included, and the French of it."""
    if not regle.apres_sortie:
        return False, ""
    try:
        jours = dossier.valeur(regle.apres_sortie).valeur
    except UsageError as error:
        return True, f"une valeur : {error.message.rstrip('.')}"
    sortie, le = dossier.seance.sortie_hospitalisation, dossier.seance.date_soins
    late = sortie is None or not sortie <= le <= sortie + timedelta(days=jours)
    return late, f"une sortie d'hospitalisation dans les {jours} jours qui précèdent"


def _through(dossier: Dossier, regle: Condition) -> tuple[bool, str]:
    """Whether the trip goes through something else, and the French of what it must go through."""
    trip = dossier.seance.deplacement
    wanted = " ou ".join(_RELIEFS[one] for one in _RELIEFS if one in regle.reliefs)
    return bool(regle.reliefs) and (trip is None or trip.relief not in regle.reliefs), wanted


def _far_enough(dossier: Dossier, regle: Condition) -> tuple[bool, str]:
    missing = no_kilometres(dossier) if regle.kilometres else ""
    return bool(missing), missing


def _too_high(regle: Condition, care: list[Ligne]) -> bool:
    if regle.coefficient_maximum is None:
        return False
    return any(one.coefficient > Decimal(regle.coefficient_maximum) for one in care)


def _has_company(dossier: Dossier, regle: Condition, others: list[Ligne]) -> bool:
    if not regle.avec or (regle.ou_palliatif and dossier.seance.palliatif):
        return True
    if any(one.etiquettes & regle.avec for one in others):
        return True
    return any(one.etiquettes & regle.avec for one in past_within(dossier, regle.portee))


def _prescribed(dossier: Dossier, regle: Condition) -> bool:
    """Whether the prescription says what it must, or an urgency stands for it."""
    seance = dossier.seance
    if not regle.ordonnance or any(seance.ordonnance and getattr(seance.ordonnance, one) for one in regle.ordonnance):
        return True
    called = not regle.appel or (seance.appel is not None and _within_hours(seance.appel, regle.appel))
    return regle.ou_urgence and seance.urgence and called


def _at_hours(dossier: Dossier, regle: Condition) -> bool:
    heure = dossier.seance.heure
    return heure is not None and any(_within_hours(heure, period) for period in regle.heures)


def _within_hours(heure: str, period: str) -> bool:
    """Whether an hour is in a period "HH:MM-HH:MM", its end excluded, that may pass midnight."""
    start, end = period.split("-")
    return start <= heure < end if start < end else heure >= start or heure < end


def _on_day(dossier: Dossier, regle: Condition) -> bool:
    le = dossier.seance.date_soins
    if "dimanche" in regle.jours and le.weekday() == _SUNDAY:
        return True
    since = dossier.seance.appel or dossier.seance.heure or ""
    urgent = dossier.seance.urgence and le.weekday() == _SATURDAY and since >= _SATURDAY_FROM
    if "samedi-urgence" in regle.jours and urgent:
        return True
    return "ferie" in regle.jours and is_holiday(le, calendar_of(dossier.bareme.territoire))


def _places(regle: Condition) -> str:
    return " ou ".join(_LIEUX[one] for one in _LIEUX if one in regle.lieux)


def _company(regle: Condition) -> str:
    named = " ou ".join(sorted(one.replace("-", " ") for one in regle.avec))
    return f"avec {named}" + (", ou en soins palliatifs" if regle.ou_palliatif else "")


def _prescription(regle: Condition) -> str:
    said = " ou ".join(f"une ordonnance qui dit {_ORDONNANCE[one]}" for one in _ORDONNANCE if one in regle.ordonnance)
    if not regle.ou_urgence:
        return said
    called = f" appelée de {regle.appel.replace('-', ' à ')}" if regle.appel else ""
    return f"{said}, ou une urgence{called}"


def _when(regle: Condition) -> str:
    days = {
        "dimanche": "un dimanche",
        "ferie": "un jour férié",
        "samedi-urgence": "une urgence du samedi à partir de 8 h",
    }
    hours = [f"de {one.replace('-', ' à ')}" for one in regle.heures]
    return " ou ".join([*hours, *(days[one] for one in days if one in regle.jours)])
