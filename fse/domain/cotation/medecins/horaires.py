"""When care is given: the hours of the duty of doctors (PDSA), the day of the week, Saturdays and long week-ends.

From Monday to Friday the duty runs from 20:00 to 8:00, on Saturday from noon, on Sundays and holidays from 8:00 to 8:00
of the next day: where it starts and ends are parameters. Source: S3, note 1; regles.md E.9, J.3 and J.4b.
"""

from __future__ import annotations

from datetime import date, timedelta

from fse.base.working_days import calendar_of, is_holiday
from fse.domain.cotation.dossier import Dossier

_MONDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 4, 5, 6


def within_hours(heure: str, period: str) -> bool:
    """Whether an hour is in a period "HH:MM-HH:MM", its end excluded, that may pass midnight."""
    start, end = period.split("-")
    return start <= heure < end if start < end else heure >= start or heure < end


def on_duty(dossier: Dossier, heure: str) -> bool:
    """Whether an hour of the day of care is of the duty. Raises `UsageError`: a bound is not known."""
    le = dossier.seance.date_soins
    if le.weekday() == _SUNDAY or holiday(dossier, le) or _at_night(dossier, heure):
        return True
    return le.weekday() == _SATURDAY and heure >= hour_of(dossier, "pdsa_samedi_debut")


def on_weekday(dossier: Dossier) -> bool:
    """Whether the day of care is one of the week, to the last one that unscheduled care knows. Raises `UsageError`."""
    le = dossier.seance.date_soins
    return le.weekday() < dossier.valeur("snp_dernier_jour").valeur and not holiday(dossier, le)


def on_sunday_duty(dossier: Dossier, heure: str) -> bool:
    """A Sunday or a holiday from the morning, or the night that follows it. Raises `UsageError`."""
    le = dossier.seance.date_soins
    start = le if heure >= hour_of(dossier, "pdsa_matin") else le - timedelta(days=1)
    return start.weekday() == _SUNDAY or holiday(dossier, start)


def on_saturday_or_bridge(dossier: Dossier, heure: str) -> bool:
    """By day: Saturday from the start of the duty, the Monday before a holiday, the Friday after one. Raises
    `UsageError`.
    """
    le = dossier.seance.date_soins
    if _at_night(dossier, heure):
        return False
    if le.weekday() == _SATURDAY:
        return heure >= hour_of(dossier, "pdsa_samedi_debut")
    before = le.weekday() == _MONDAY and holiday(dossier, le + timedelta(days=1))
    after = le.weekday() == _FRIDAY and holiday(dossier, le - timedelta(days=1))
    return before or after


def holiday(dossier: Dossier, le: date) -> bool:
    """Whether a day is a public holiday where the practice is."""
    return is_holiday(le, calendar_of(dossier.bareme.territoire))


def hour_of(dossier: Dossier, nom: str) -> str:
    """A parameter in hours, as an hour of the day. Raises `UsageError`."""
    return f"{dossier.valeur(nom).valeur:02d}:00"


def _at_night(dossier: Dossier, heure: str) -> bool:
    return within_hours(heure, f"{hour_of(dossier, 'pdsa_soir')}-{hour_of(dossier, 'pdsa_matin')}")
