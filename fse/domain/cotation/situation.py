"""Who is cared for and by whom: what pricing knows besides the session itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fse.domain.cotation.reseaux import Adhesion
from fse.norm.model.soins import Seance


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """`profession`: one of `ngap.actes.PROFESSIONS`. `date_naissance`: AAMMJJ as the card gives it, perhaps lunar.

    `taux` in percent, `None`: that of the profession; `taux_amc`: share of the base that the complementary takes, in
    percent. `patient`: a key that tells patients apart (no NIR). `adhesion`: to a health network, if any.
    """

    prestataire: str
    profession: str
    patient: str
    date_naissance: str
    nature_assurance: str
    exoneration: str | None
    taux: int | None
    taux_amc: int
    adhesion: Adhesion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SoinPasse:
    """A line billed before, or earlier in the same document. `acte` is "" when it was not asked for by name.

    `quantite` is a number of kilometres for an IK. `trajet` and `foyer` are "" without a trip. `bilan` is the
    assessment that the prescription asks for (`Ordonnance.bilan`), "" for none.
    """

    prestataire: str
    executant: str
    patient: str
    date_soins: date
    heure: str
    acte: str
    code_acte: str
    coefficient: Decimal
    quantite: int
    etiquettes: frozenset[str]
    trajet: str
    foyer: str
    bilan: str = ""


@dataclass(frozen=True, slots=True)
class Historique:
    """What was billed before: all of the `patient`, by whoever of the practice; all of the `executant` that day."""

    patient: tuple[SoinPasse, ...] = ()
    executant: tuple[SoinPasse, ...] = ()


def age_at(date_naissance: str, le: date) -> int | None:
    """The age in whole years on a day, the century being that of the greatest age below 100; `None`: a lunar month.

    >>> age_at("200229", date(2026, 2, 28)), age_at("261231", date(2026, 1, 1)), age_at("851399", date(2026, 1, 1))
    (5, 99, None)
    """
    year, month, day = (int(date_naissance[at : at + 2]) for at in (0, 2, 4))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    full = le.year - le.year % 100 + year
    if (full, month, day) > (le.year, le.month, le.day):
        full -= 100
    return le.year - full - ((le.month, le.day) < (month, day))


def executant_of(seance: Seance, situation: Situation) -> str:
    """Who did the acts."""
    return seance.executant or situation.prestataire
