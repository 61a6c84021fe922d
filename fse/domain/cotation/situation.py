"""Who is cared for and by whom: what pricing knows besides the session itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from fse.domain.cotation.exercice import SOI_MEME, Exercice

if TYPE_CHECKING:
    from fse.domain.cotation.prestations.reseaux import Adhesion
    from fse.norm.model.contexte import PeriodeDroits
    from fse.norm.model.medecine import Parcours
    from fse.norm.model.soins import Seance


@dataclass(frozen=True, slots=True, kw_only=True)
class PriseEnCharge:
    """Who is asked to pay and what the card or the service said that day.

    `destinataire`: code of the sheet (`destinataire_reglement`), "00": the patient pays. `tiers_payant`: what gives a
    right to third-party payment, "" when nothing is said; `attestation`: that right was shown. `source`: "carte",
    "service" or "aucune". `medecin_traitant`: the number declared, "" for none. `mode`: how the sheet is secured.
    """

    destinataire: str = "00"
    tiers_payant: str = ""
    attestation: bool = False
    amc: bool = False
    source: str = "carte"
    opposition: bool = False
    droits: tuple[PeriodeDroits, ...] = ()
    medecin_traitant: str = ""
    mode: str = "S"


PATIENT_PAYE = PriseEnCharge()
"""The patient pays, the card was read, and said nothing particular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """`profession`: one of `ngap.actes.PROFESSIONS`. `date_naissance`: AAMMJJ as the card gives it, perhaps lunar.

    `exercice`: of who does the acts of the session; `parcours`: how the patient came, `None` when nobody said it.

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
    exercice: Exercice = SOI_MEME
    parcours: Parcours | None = None
    prise_en_charge: PriseEnCharge = PATIENT_PAYE


@dataclass(frozen=True, slots=True, kw_only=True)
class SoinPasse:
    """A line billed by another invoice, or earlier in the same document.

    `acte` is "" when it was not asked for by name. `coefficient` is that of the act, `coefficient_facture` what article
    11 B left of it. `quantite` is a number of kilometres for an IK. `trajet` and `foyer` are "" without a trip. `bilan`
    is the assessment that the prescription asks for (`Ordonnance.bilan`), "" for none. `facture` is the reference of
    its invoice; `plus_tard`: that invoice was secured after the one at hand, which is priced again, or after the one
    that it corrects. `honoraires` and `base` in centimes, for the whole line; `ccam`: the codes of its acts.
    `remplacant`: who did it in the place of `executant`, "" when that one did it.
    """

    prestataire: str
    executant: str
    patient: str
    date_soins: date
    heure: str
    acte: str
    code_acte: str
    coefficient: Decimal
    coefficient_facture: Decimal
    quantite: int
    etiquettes: frozenset[str]
    trajet: str
    foyer: str
    bilan: str = ""
    facture: str = ""
    plus_tard: bool = False
    honoraires: int = 0
    base: int = 0
    ccam: tuple[str, ...] = ()
    remplacant: str = ""


SEMAINE = 6
"""Days before and after that a week may hold, whichever day it starts on."""


@dataclass(frozen=True, slots=True)
class Historique:
    """What other invoices billed: all of the `patient`, by whoever of the practice; all of the `executant` that day
    and, of a doctor, up to `SEMAINE` days before and after as well (`semaine`).

    Whatever was secured later, or done later, is there: an exclusion looks at it; what counts in order leaves it out.
    """

    patient: tuple[SoinPasse, ...] = ()
    executant: tuple[SoinPasse, ...] = ()
    semaine: tuple[SoinPasse, ...] = ()


def preceding(past: Iterable[SoinPasse], seance: Seance) -> list[SoinPasse]:
    """What was done before a session: on an earlier day, or at an earlier hour of its day. When either has no hour, or
    both have the same one, what was secured first comes first.
    """
    return [one for one in past if one.date_soins < seance.date_soins or _earlier_that_day(one, seance)]


def _earlier_that_day(one: SoinPasse, seance: Seance) -> bool:
    if one.date_soins != seance.date_soins:
        return False
    if seance.heure is None or not one.heure or one.heure == seance.heure:
        return not one.plus_tard
    return one.heure < seance.heure


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
    """Who did the acts; what someone does in the place of another counts as that one's (regles.md A-63)."""
    replacing = situation.exercice.condition == "remplacant"
    return situation.prestataire if replacing else seance.executant or situation.prestataire
