"""What the facts of a session must be for an act to be billed: the conditions, which are data.

The same conditions tell which acts the facts would allow besides those asked for.
"""

from __future__ import annotations

from decimal import Decimal

from fse.base.errors import UsageError
from fse.base.working_days import calendar_of, is_holiday
from fse.domain.cotation.article_11b import SOINS
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.lignes import Possible
from fse.domain.cotation.situation import age_at
from fse.norm.referentiels.ngap.actes import actes, labels_of
from fse.norm.referentiels.ngap.regles import Condition, Exclusion

_SUNDAY = 6
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
    """What misses, in French, "" when all that is said holds. `rang`: the act that the condition is about, 0 for none."""
    seance = dossier.seance
    others = [one for one in dossier.lignes if one.facturee and one.rang != rang]
    care = [one for one in others if SOINS in one.etiquettes]
    age = age_at(dossier.situation.date_naissance, seance.date_soins)
    said = seance.ordonnance
    checks: tuple[tuple[bool, str], ...] = (
        (bool(regle.lieux) and seance.lieu not in regle.lieux, _places(regle)),
        (
            regle.age_maximum is not None and (age is None or age > regle.age_maximum),
            f"{regle.age_maximum} ans au plus",
        ),
        (regle.seul and len(care) > 1, "un seul acte dans la séance"),
        (bool(regle.avec) and not any(one.etiquettes & regle.avec for one in others), f"avec {_names(regle)}"),
        (_too_high(regle, care), f"un coefficient de {regle.coefficient_maximum} au plus"),
        (
            bool(regle.heures or regle.jours) and not (_at_hours(dossier, regle) or _on_day(dossier, regle)),
            _when(regle),
        ),
        (
            bool(regle.ordonnance) and not any(said is not None and getattr(said, one) for one in regle.ordonnance),
            "une ordonnance qui le dit",
        ),
        (regle.urgence and not seance.urgence, "une urgence justifiée par l'état du patient"),
    )
    return ", ".join(text for wrong, text in checks if wrong)


def possible(dossier: Dossier) -> tuple[Possible, ...]:
    """The acts that were not asked for and whose every condition the recorded facts meet. None is added."""
    le, profession = dossier.seance.date_soins, dossier.situation.profession
    asked = {label for ligne in dossier.lignes for label in ligne.etiquettes}
    found = []
    for acte in actes().values():
        if not acte.proposable or acte.nom in asked or profession not in acte.professions:
            continue
        try:
            _, cotation = dossier.bareme.acte(acte.nom, le)
        except UsageError:
            continue
        labels = labels_of(acte, cotation.lettre, cotation.coefficient)
        conditions = [one for one in dossier.regles(Condition) if one.actes & labels]
        excluded = any(one.actes & labels and one.avec & asked for one in dossier.regles(Exclusion))
        if conditions and not excluded and not any(unmet(dossier, one, 0) for one in conditions):
            condition = " ; ".join(one.libelle for one in conditions)
            found.append(Possible(acte=acte.nom, libelle=acte.libelle, condition=condition))
    return tuple(found)


def _too_high(regle: Condition, care: list[Ligne]) -> bool:
    if regle.coefficient_maximum is None:
        return False
    return any(one.coefficient > Decimal(regle.coefficient_maximum) for one in care)


def _at_hours(dossier: Dossier, regle: Condition) -> bool:
    heure = dossier.seance.heure
    if heure is None:
        return False
    for period in regle.heures:
        start, end = period.split("-")
        if (start <= heure < end) if start < end else (heure >= start or heure < end):
            return True
    return False


def _on_day(dossier: Dossier, regle: Condition) -> bool:
    le = dossier.seance.date_soins
    if "dimanche" in regle.jours and le.weekday() == _SUNDAY:
        return True
    return "ferie" in regle.jours and is_holiday(le, calendar_of(dossier.bareme.territoire))


def _places(regle: Condition) -> str:
    return " ou ".join(_LIEUX[one] for one in _LIEUX if one in regle.lieux)


def _names(regle: Condition) -> str:
    return " ou ".join(sorted(regle.avec))


def _when(regle: Condition) -> str:
    days = {"dimanche": "un dimanche", "ferie": "un jour férié"}
    hours = [f"de {one.replace('-', ' à ')}" for one in regle.heures]
    return " ou ".join([*hours, *(days[one] for one in days if one in regle.jours)])
