"""What a tariff has to propose on a day: the acts that can be priced then and that conditions alone allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from fse.base.errors import UsageError
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.tarification import value_name
from fse.norm.referentiels.ngap.actes import Acte, actes, labels_of
from fse.norm.referentiels.ngap.regles import Condition

_DAYS = 1000
"""Days and professions kept at hand."""


@dataclass(frozen=True, slots=True)
class Offre:
    """An act that may be proposed. `valeur`: centimes of its letter, or of the flat act. `noms`: labels by which it may
    have been asked for already.
    """

    acte: Acte
    valeur: int
    etiquettes: frozenset[str]
    noms: frozenset[str]
    conditions: tuple[Condition, ...]


@lru_cache(maxsize=_DAYS)
def offers_of(bareme: Bareme, le: date, profession: str, discipline: str = "") -> tuple[Offre, ...]:
    """Those of a profession on a day; an act that no condition governs is never proposed."""
    rules = [one for one in bareme.regles(le, profession, discipline).values() if isinstance(one, Condition)]
    return tuple(
        offre
        for acte in actes().values()
        if acte.proposable and profession in acte.professions
        if (offre := _offer(bareme, acte, le, (profession, discipline), rules)) is not None
    )


def _offer(bareme: Bareme, acte: Acte, le: date, metier: tuple[str, str], rules: list[Condition]) -> Offre | None:
    try:
        _, cotation = bareme.acte(acte.nom, le)
        valeur = bareme.valeur(value_name(cotation.tarif, *metier) or "", le).valeur
    except UsageError:
        return None
    labels = labels_of(acte, cotation.lettre, cotation.coefficient)
    conditions = tuple(one for one in rules if one.actes & labels)
    if not any(bareme.profil.permits(one) for one in conditions):
        return None
    flat = {cotation.lettre} if cotation.coefficient is None else set()
    return Offre(acte, valeur, labels, frozenset({acte.nom, *flat}), conditions)
