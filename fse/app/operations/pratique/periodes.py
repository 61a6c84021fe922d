"""Civil periods of some months, from January: over how long the share of a doctor is measured."""

from __future__ import annotations

from datetime import date, timedelta

from fse.base.dates import add_months
from fse.base.errors import UsageError
from fse.norm.referentiels.parametres import Parametre

_MONTHS = 12

_NOMS = {1: "mois", 2: "bimestre", 3: "trimestre", 4: "quadrimestre", 6: "semestre"}


def period_of(day: date, duree: Parametre) -> tuple[date, date]:
    """The first and last day of the period of a day. Raises `UsageError` (`pratique.duree`)."""
    months = duree.valeur
    if months < 1 or _MONTHS % months:
        raise UsageError(
            "pratique.duree",
            f"« {duree.libelle} » vaut {months} mois : une année ne s'y divise pas.",
            action=f"Donner 1, 2, 3, 4, 6 ou 12 au paramètre « {duree.nom} » dans le profil du cabinet.",
        )
    first = date(day.year, day.month - (day.month - 1) % months, 1)
    return first, add_months(first, months) - timedelta(days=1)


def period_name(debut: date, fin: date) -> str:
    """How a period is told.

    >>> period_name(date(2026, 1, 1), date(2026, 12, 31)), period_name(date(2026, 4, 1), date(2026, 6, 30))
    ('année 2026', 'trimestre 2 de 2026')
    """
    months = fin.month - debut.month + 1
    if months == _MONTHS:
        return f"année {debut.year}"
    return f"{_NOMS[months]} {(debut.month - 1) // months + 1} de {debut.year}"
