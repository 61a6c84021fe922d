"""How often a doctor bills what is for urgency alone, and how many SNP a week.

No source states how often is too often: the note of the DGOS announces action on who bills MN, MM, F or YYYY010 as a
matter of course (S3, part 4), hence figures without a threshold. SNP have one: 20 a week and a doctor (NGAP 14.1.3).
Source: regles.md E.8, E.9.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

SNP = "SNP"
PREMIER_RECOURS = "YYYY010"
"""The act of the CCAM that S3 prints YYYYY010: a code of the CCAM has four letters."""

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suivi:
    """What is counted under one name: letters of the NGAP, or codes of the CCAM. `motif`: why a doctor looks at it."""

    nom: str
    libelle: str
    codes: tuple[str, ...]
    motif: str


SUIVIS = (
    Suivi(
        nom="urgence",
        libelle="Majorations d'urgence MN, MM et F",
        codes=("MN", "MM", "F"),
        motif="Elles répondent à une urgence réelle (NGAP, article 14) : à chaque soin, elles exposent à un contrôle.",
    ),
    Suivi(
        nom="premier-recours",
        libelle="Traitements de premier recours YYYY010",
        codes=(PREMIER_RECOURS,),
        motif="Depuis le 01/01/2025, suivi d'un passage aux urgences ou d'une hospitalisation, ou dans une "
        "organisation validée ; jamais systématique.",
    ),
    Suivi(
        nom="mhp",
        libelle="Soins non régulés et non urgents aux heures de garde MHP",
        codes=("MHP",),
        motif="",
    ),
    Suivi(
        nom="soins-non-programmes",
        libelle="Soins non programmés régulés SNP",
        codes=(SNP,),
        motif="",
    ),
)
"""In the order in which a doctor reads them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequence:
    """How many of one thing; `detail` by code, `part` in percent of the visits, one decimal, `None` without a visit."""

    nom: str
    libelle: str
    nombre: int
    detail: tuple[tuple[str, int], ...]
    part: Decimal | None
    motif: str


def frequences_of(nombres: Mapping[str, int], visites: int) -> tuple[Frequence, ...]:
    """`nombres`: how many of each letter and of each code of the CCAM."""
    return tuple(_frequence(one, nombres, visites) for one in SUIVIS)


def _frequence(suivi: Suivi, nombres: Mapping[str, int], visites: int) -> Frequence:
    nombre = sum(nombres.get(code, 0) for code in suivi.codes)
    return Frequence(
        nom=suivi.nom,
        libelle=suivi.libelle,
        nombre=nombre,
        detail=tuple((code, nombres[code]) for code in suivi.codes if nombres.get(code)),
        part=(Decimal(100 * nombre) / visites).quantize(_TENTH, ROUND_HALF_UP) if visites else None,
        motif=suivi.motif,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Semaine:
    """The SNP of seven days, both ends included."""

    debut: date
    fin: date
    nombre: int


def semaines_of(jours: Mapping[date, int], premier_jour: int) -> tuple[Semaine, ...]:
    """The weeks with a SNP, oldest first. `premier_jour`: 1 Monday to 7 Sunday; 0: seven days that end on each day that
    has one.

    >>> [one.nombre for one in semaines_of({date(2026, 11, 22): 3, date(2026, 11, 23): 2}, 1)]
    [3, 2]
    >>> [one.nombre for one in semaines_of({date(2026, 11, 22): 3, date(2026, 11, 23): 2}, 0)]
    [3, 5]
    """
    starts = sorted({first_day(day, premier_jour) for day in jours})
    return tuple(_week(start, jours) for start in starts)


def first_day(day: date, premier_jour: int) -> date:
    """The first of the seven days in which a day counts."""
    back = (day.isoweekday() - premier_jour) % 7 if premier_jour else 6
    return day - timedelta(days=back)


def _week(start: date, jours: Mapping[date, int]) -> Semaine:
    end = start + timedelta(days=6)
    return Semaine(debut=start, fin=end, nombre=sum(count for day, count in jours.items() if start <= day <= end))


def beyond(semaines: Iterable[Semaine], maximum: int) -> tuple[Semaine, ...]:
    """Those with more than the most of a week."""
    return tuple(one for one in semaines if one.nombre > maximum)
