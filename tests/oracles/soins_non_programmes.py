"""The annex of the note of the DGOS on unscheduled care (2025), retyped: what each code is worth, by territory.

Its four columns in its order, in euros; "" where it says that the duty of doctors is not applied (Mayotte). Its last
line prints "MPH", which is MHP. Then the matrix: what each situation lets a doctor add (regles.md E.9). Nothing of fse
is imported.
"""

from __future__ import annotations

COLUMNS: dict[str, tuple[str, ...]] = {
    "Métropole": ("metropole", "alsace-moselle"),
    "Guadeloupe Martinique": ("guadeloupe", "martinique"),
    "Guyane La Réunion": ("guyane", "la-reunion"),
    "Mayotte": ("mayotte",),
}

GENERALISTE, PEDIATRE, AUTRE = "generaliste", "pediatre", "cardiologue"

# code -> disciplines -> the four columns
TABLE: dict[str, dict[tuple[str, ...], tuple[str, str, str, str]]] = {
    "CRN": {(GENERALISTE,): ("42,50", "42,50", "42,50", "")},
    "VRN": {(GENERALISTE,): ("46,00", "46,00", "46,00", "")},
    "CRM": {(GENERALISTE,): ("51,50", "51,50", "51,50", "")},
    "VRM": {(GENERALISTE,): ("59,50", "59,50", "59,50", "")},
    "CRD": {(GENERALISTE,): ("26,50", "26,50", "26,50", "")},
    "VRD": {(GENERALISTE,): ("30,00", "30,00", "30,00", "")},
    "VRS": {(GENERALISTE,): ("30,00", "30,00", "30,00", "")},
    "MD": {(GENERALISTE,): ("10,00", "10,00", "10,00", "10,00")},
    "MDN": {(GENERALISTE,): ("38,50", "38,85", "39,20", "39,20")},
    "MDI": {(GENERALISTE,): ("43,50", "43,85", "44,20", "44,20")},
    "MDD": {(GENERALISTE,): ("22,60", "22,91", "23,26", "23,26")},
    "MN": {
        (GENERALISTE, PEDIATRE): ("35,00", "35,00", "35,00", "35,00"),
        (AUTRE,): ("25,15", "25,15", "25,15", "25,15"),
    },
    "MM": {(GENERALISTE, PEDIATRE): ("40,00", "40,00", "40,00", "40,00")},
    "F": {(GENERALISTE, PEDIATRE, AUTRE): ("19,06", "19,06", "19,06", "19,06")},
    "MU": {(GENERALISTE,): ("22,60", "22,91", "23,26", "23,26")},
    "SNP": {(GENERALISTE, PEDIATRE, AUTRE): ("15,00", "15,00", "15,00", "15,00")},
    "SHE": {(GENERALISTE,): ("5,00", "5,00", "5,00", "5,00")},
    "MHP": {(GENERALISTE, AUTRE): ("5,00", "5,00", "5,00", "5,00")},
}


def rows() -> list[tuple[str, str, str, int | None]]:
    """Code, discipline, territory, centimes (`None`: not applied there): every cell of the table."""
    return [
        (code, discipline, territoire, int(said.replace(",", "")) if said else None)
        for code, by_discipline in TABLE.items()
        for disciplines, cells in by_discipline.items()
        for discipline in disciplines
        for said, territoires in zip(cells, COLUMNS.values(), strict=True)
        for territoire in territoires
    ]


# hours of the duty -> what its regulated line is at the cabinet, what an emergency nobody regulated is
DUTY: dict[str, tuple[str, str | None]] = {
    "weekday evening": ("CRN", "MN"),
    "middle of the night": ("CRM", "MM"),
    "Sunday": ("CRD", "F"),
    "Saturday afternoon": ("CRS", None),  # article 14 knows the night, Sundays and holidays
}


def allowed(when: str, regulated: bool, urgent: bool, own_patient: bool) -> set[str]:
    """The matrix of regles.md E.9, for a general practitioner on the duty table, at the cabinet."""
    if when == "weekday":
        if not regulated:
            return set()
        return {"MRT"} if own_patient else {"SNP"}
    by_regulation, by_urgency = DUTY[when]
    if regulated:
        return {by_regulation}
    if urgent:
        return {by_urgency} if by_urgency else set()
    return {"MHP"}
