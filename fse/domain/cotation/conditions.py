"""What the facts of a session must be for an act to be billed: the conditions, which are data.

The same conditions tell which acts the facts would allow besides those asked for (`possibles`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

from fse.base.errors import UsageError
from fse.base.working_days import calendar_of, is_holiday
from fse.domain.cotation.cumuls import past_within
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.faits import FAITS
from fse.domain.cotation.medecins.horaires import within_hours
from fse.domain.cotation.ngap.article_11b import SOINS
from fse.domain.cotation.ngap.article_13 import no_kilometres
from fse.domain.cotation.situation import age_at
from fse.norm.referentiels.ngap.regles import Condition

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
_JOURS = {
    "dimanche": "des soins du dimanche",
    "ferie": "des soins d'un jour férié",
    "samedi-urgence": "une urgence du samedi à partir de 8 h",
}
_ETIQUETTES = {"soins": "de soins", "pansement-lourd": "de pansement lourd et complexe"}
"""The labels of conditions that are no code, as a reader says them."""

_LIEUX = {"cabinet": "au cabinet", "domicile": "au domicile du patient", "ehpad": "en établissement"}


def check_conditions(dossier: Dossier) -> None:
    """A finding for each act asked for whose conditions the facts do not meet, saying what misses."""
    for regle in dossier.regles(Condition):
        for ligne in dossier.nommees(regle.actes):
            missing = unmet(dossier, regle, ligne.rang)
            if missing:
                dossier.find(regle, ligne, acte=ligne.libelle, manque=missing)
            elif dossier.bareme.profil.permits(regle):
                dossier.applied(ligne, regle, "condition remplie")


def unmet(dossier: Dossier, regle: Condition, rang: int) -> str:
    """What misses, in French nouns ("il manque : …"), "" when all that is said holds. `rang`: the act that it is about,
    0 for none.
    """
    return " ; ".join(_missing(dossier, regle, rang))


def is_met(dossier: Dossier, regle: Condition) -> bool:
    """Whether all that a condition says of an act that is not on the sheet holds."""
    return next(_missing(dossier, regle, 0), None) is None


def _missing(dossier: Dossier, regle: Condition, rang: int) -> Iterator[str]:
    if dossier.there(regle.sauf):
        return
    for check in _CHECKS:
        if missing := check(dossier, regle, rang):
            yield missing


def _place(dossier: Dossier, regle: Condition, _: int) -> str:
    if not regle.lieux or dossier.seance.lieu in regle.lieux:
        return ""
    return "des soins " + " ou ".join(_LIEUX[one] for one in _LIEUX if one in regle.lieux)


def _age(dossier: Dossier, regle: Condition, _: int) -> str:
    if regle.age_minimum is None and regle.age_maximum is None:
        return ""
    age = age_at(dossier.situation.date_naissance, dossier.seance.date_soins)
    if regle.age_minimum is not None and (age is None or age < regle.age_minimum):
        return f"un patient de {regle.age_minimum} ans au moins"
    if regle.age_maximum is not None and (age is None or age > regle.age_maximum):
        return f"un patient de {regle.age_maximum} ans au plus"
    return ""


def _alone(dossier: Dossier, regle: Condition, rang: int) -> str:
    if not regle.seul or sum(1 for one in _others(dossier, rang) if SOINS in one.etiquettes) <= 1:
        return ""
    return "une séance d'un seul acte"


def _company(dossier: Dossier, regle: Condition, rang: int) -> str:
    if not regle.avec or (regle.ou_palliatif and dossier.seance.palliatif):
        return ""
    if any(one.etiquettes & regle.avec for one in _others(dossier, rang)):
        return ""
    if any(one.etiquettes & regle.avec for one in past_within(dossier, regle.portee)):
        return ""
    if any(one & regle.avec for one in dossier.sans_prix):
        return ""
    *before, last = sorted(_ETIQUETTES.get(one, one.replace(".", ",")) for one in regle.avec)
    named = f"{', '.join(before)} ou {last}" if before else last
    when = "" if regle.portee == "seance" else " le même jour"
    return f"un acte {named}{when}" + (", ou un patient en soins palliatifs" if regle.ou_palliatif else "")


def _small(dossier: Dossier, regle: Condition, rang: int) -> str:
    if regle.coefficient_maximum is None:
        return ""
    highest = Decimal(regle.coefficient_maximum)
    high = any(one.coefficient > highest for one in _others(dossier, rang) if SOINS in one.etiquettes)
    return f"un acte de coefficient {regle.coefficient_maximum.replace('.', ',')} au plus" if high else ""


def _time(dossier: Dossier, regle: Condition, _: int) -> str:
    if not (regle.heures or regle.jours) or _at_hours(dossier, regle) or _on_day(dossier, regle):
        return ""
    hours = [f"des soins commencés de {one.replace('-', ' à ')}" for one in regle.heures]
    return " ou ".join([*hours, *(_JOURS[one] for one in _JOURS if one in regle.jours)])


def _prescription(dossier: Dossier, regle: Condition, _: int) -> str:
    if _prescribed(dossier, regle):
        return ""
    said = " ou ".join(f"une ordonnance qui dit {_ORDONNANCE[one]}" for one in _ORDONNANCE if one in regle.ordonnance)
    if not regle.ou_urgence:
        return said
    called = f" appelée de {regle.appel.replace('-', ' à ')}" if regle.appel else ""
    return f"{said}, ou une urgence{called}"


def _relief(dossier: Dossier, regle: Condition, _: int) -> str:
    trip = dossier.seance.deplacement
    if not regle.reliefs or (trip is not None and trip.relief in regle.reliefs):
        return ""
    return " ou ".join(_RELIEFS[one] for one in _RELIEFS if one in regle.reliefs)


def _distance(dossier: Dossier, regle: Condition, _: int) -> str:
    return no_kilometres(dossier) if regle.kilometres else ""


def _discharge(dossier: Dossier, regle: Condition, _: int) -> str:
    """The last day after a discharge from hospital is included."""
    if not regle.apres_sortie:
        return ""
    try:
        jours = dossier.valeur(regle.apres_sortie).valeur
    except UsageError as error:
        return f"une valeur ({error.message.rstrip('.')})"
    sortie, le = dossier.seance.sortie_hospitalisation, dossier.seance.date_soins
    if sortie is not None and sortie <= le <= sortie + timedelta(days=jours):
        return ""
    return f"une sortie d'hospitalisation dans les {jours} jours qui précèdent"


def _facts(dossier: Dossier, regle: Condition, _: int) -> str:
    return " ; ".join(missing for nom in regle.faits if (missing := FAITS[nom](dossier)))


Check = Callable[[Dossier, Condition, int], str]
"""What misses of one thing that a condition may say, in French, "" when it does not say it or when it holds."""

_CHECKS: tuple[Check, ...] = (
    _place,
    _age,
    _alone,
    _company,
    _small,
    _time,
    _prescription,
    _relief,
    _distance,
    _discharge,
    _facts,
)


def _others(dossier: Dossier, rang: int) -> Iterator[Ligne]:
    """The lines on the sheet besides the act that a condition is about."""
    return (one for one in dossier.lignes if one.facturee and one.rang != rang)


def _prescribed(dossier: Dossier, regle: Condition) -> bool:
    """Whether the prescription says what it must, or an urgency stands for it."""
    seance = dossier.seance
    if not regle.ordonnance or any(seance.ordonnance and getattr(seance.ordonnance, one) for one in regle.ordonnance):
        return True
    called = not regle.appel or (seance.appel is not None and within_hours(seance.appel, regle.appel))
    return regle.ou_urgence and seance.urgence and called


def _at_hours(dossier: Dossier, regle: Condition) -> bool:
    heure = dossier.seance.heure
    return heure is not None and any(within_hours(heure, period) for period in regle.heures)


def _on_day(dossier: Dossier, regle: Condition) -> bool:
    le = dossier.seance.date_soins
    if "dimanche" in regle.jours and le.weekday() == _SUNDAY:
        return True
    since = dossier.seance.appel or dossier.seance.heure or ""
    urgent = dossier.seance.urgence and le.weekday() == _SATURDAY and since >= _SATURDAY_FROM
    if "samedi-urgence" in regle.jours and urgent:
        return True
    return "ferie" in regle.jours and is_holiday(le, calendar_of(dossier.bareme.territoire))
