"""The card before third-party payment: its opposition first of all, then the rights that it shows on the day of care.

What the card or the service said is kept with the invoice: it is the evidence when a reject about rights comes back.
Source: regles.md A-50 to A-52 (draft convention of 07/07/2011, article 61).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from fse.domain.cotation.dossier import Dossier
from fse.norm.model.contexte import PeriodeDroits
from fse.norm.model.tiers_payant import PARTS_REGLEES
from fse.norm.referentiels.ngap.regles import Controle

OPPOSITION = "droits-opposition"
_NO_SOURCE = "aucune"


def advanced(dossier: Dossier) -> frozenset[str]:
    """The parts that a payer is asked to pay to the professional: "AMO", "AMC"; none when the patient pays."""
    return PARTS_REGLEES[dossier.situation.prise_en_charge.destinataire]


def opposed(dossier: Dossier) -> bool:
    """Whether third-party payment is asked on a card in opposition: nothing else of it is then worth checking."""
    return bool(advanced(dossier)) and dossier.situation.prise_en_charge.opposition


def open_at(droits: Sequence[PeriodeDroits], le: date) -> bool:
    """Whether one of these periods of rights covers a day."""
    return any(one.debut <= le and (one.fin is None or le <= one.fin) for one in droits)


def guaranteed(dossier: Dossier) -> bool:
    """Whether the card lets a payer be asked for anything: no opposition, and rights open when they were read."""
    asked = dossier.situation.prise_en_charge
    return not asked.opposition and (not asked.droits or open_at(asked.droits, dossier.seance.date_soins))


def nearest_period(droits: Sequence[PeriodeDroits], le: date) -> str:
    """The last period before a day that none covers, else the next one, as a French clause. Raises `ValueError` when
    there is none at all.

    >>> from fse.norm.model.contexte import PeriodeDroits
    >>> past = PeriodeDroits(debut=date(2020, 1, 1), fin=date(2026, 9, 30))
    >>> coming = PeriodeDroits(debut=date(2026, 11, 1))
    >>> nearest_period([past, coming], date(2026, 10, 6))
    'la dernière période va du 01/01/2020 au 30/09/2026'
    >>> nearest_period([coming], date(2026, 10, 6))
    'la première période commence le 01/11/2026'
    """
    before = [one for one in droits if one.debut <= le]
    if not before:
        return f"la première période commence le {min(one.debut for one in droits):%d/%m/%Y}"
    last = max(before, key=lambda one: one.debut)
    return f"la dernière période va du {last.debut:%d/%m/%Y}" + (f" au {last.fin:%d/%m/%Y}" if last.fin else "")


def check_opposition(dossier: Dossier, regle: Controle) -> None:
    """The payer guarantees nothing on a card in opposition."""
    if opposed(dossier):
        dossier.find(regle)


def check_rights(dossier: Dossier, regle: Controle) -> None:
    """The periods that were read, when there are any, cover the day of care."""
    droits, le = dossier.situation.prise_en_charge.droits, dossier.seance.date_soins
    if not advanced(dossier) or opposed(dossier) or not droits:
        return
    if not open_at(droits, le):
        dossier.find(regle, le=f"{le:%d/%m/%Y}", periode=nearest_period(droits, le))


def check_source(dossier: Dossier, regle: Controle) -> None:
    """Neither a card nor the service said the rights: the guarantee has no evidence."""
    if advanced(dossier) and dossier.situation.prise_en_charge.source == _NO_SOURCE:
        dossier.find(regle)


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    OPPOSITION: check_opposition,
    "droits-a-la-date-des-soins": check_rights,
    "droits-sans-source": check_source,
}
"""By the name of the rule that says it, in this order."""
