"""How old what payers owe is, fund by fund: the ageing that tells where to ask first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fse.app.operations.worklist.taches import Tache

DUES = frozenset({"attendue", "differee", "sans_retour", "rejetee", "payee_moins"})
"""The natures of task whose amount a payer still owes."""

_TRANCHES = ((10, "10 jours au plus"), (30, "11 à 30 jours"), (60, "31 à 60 jours"), (90, "61 à 90 jours"))
_LAST = "plus de 90 jours"
TRANCHES = (*(libelle for _, libelle in _TRANCHES), _LAST)
"""Labels of the ages, from the youngest; days since the invoice left. Ours: no rule gives them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anciennete:
    """What one fund owes, in centimes: in all, how many parts of invoices, and for each of `TRANCHES`."""

    organisme: str
    montant: int
    parts: int
    tranches: tuple[int, ...]


def ageing(taches: Iterable[Tache]) -> Iterator[Anciennete]:
    """The funds that owe something, the one that owes most first."""
    owed: dict[str, list[tuple[int, int]]] = {}
    for tache in taches:
        if tache.nature in DUES and tache.age_envoi is not None:
            owed.setdefault(tache.organisme, []).append((_tranche(tache.age_envoi), tache.montant))
    totals = {organisme: sum(montant for _, montant in parts) for organisme, parts in owed.items()}
    for organisme in sorted(owed, key=lambda one: (-totals[one], one)):
        parts = owed[organisme]
        yield Anciennete(
            organisme=organisme,
            montant=totals[organisme],
            parts=len(parts),
            tranches=tuple(
                sum(montant for place, montant in parts if place == wanted) for wanted in range(len(TRANCHES))
            ),
        )


def _tranche(age: int) -> int:
    return next((place for place, (last, _) in enumerate(_TRANCHES) if age <= last), len(_TRANCHES))
