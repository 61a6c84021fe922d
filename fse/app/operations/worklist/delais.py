"""The legal deadlines near, ours and those of the caisses: what is late, then what ends within a fortnight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fse.app.operations.suivi import Suivi
from fse.app.operations.worklist.dettes import Dette
from fse.app.operations.worklist.taches import TO_SEND
from fse.base.french import counted
from fse.domain.echeances.delais import Echeance

_NEAR = timedelta(days=14)
_OF_THE_CAISSE = frozenset({"accuse_attendu", "ordre_virement", "papier_paiement"})
"""The delays that run for a caisse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delai:
    """A deadline of so many things: `le` is the last day in time; `caisse` when it is the caisse that has to act.

    `mention`: its article; `montant` in centimes, `None` without one.
    """

    le: date
    caisse: bool
    libelle: str
    quoi: str
    montant: int | None
    mention: str


def near_deadlines(suivi: Suivi) -> tuple[Delai, ...]:
    """By date, ours before those of the caisses on the same day."""
    last = suivi.le + _NEAR
    groups: dict[tuple[date, bool, str, str, str], list[int | None]] = {}
    for echeance, what, montant in _all(suivi):
        if echeance.le <= last:
            key = (echeance.le, echeance.nom in _OF_THE_CAISSE, echeance.libelle, what, echeance.mention)
            groups.setdefault(key, []).append(montant)
    found = [
        Delai(
            le=le,
            caisse=caisse,
            libelle=libelle,
            quoi=counted(len(amounts), what),
            montant=_sum(amounts),
            mention=mention,
        )
        for (le, caisse, libelle, what, mention), amounts in groups.items()
    ]
    found += [one for dette in suivi.dettes for one in _to_dispute(dette, suivi.le, last)]
    return tuple(sorted(found, key=lambda one: (one.le, one.caisse, one.libelle, one.quoi)))


def _sum(amounts: list[int | None]) -> int | None:
    known = [one for one in amounts if one is not None]
    return sum(known) if known else None


def _all(suivi: Suivi) -> Iterator[tuple[Echeance, str, int | None]]:
    for tache in suivi.taches:
        if tache.echeance and not tache.lot:
            yield tache.echeance, "feuille" if tache.nature in TO_SEND else "facture", tache.montant
    for lot in suivi.transmissions:
        for echeance in lot.transmission.echeances:
            yield echeance, "lot", lot.montant
    if suivi.cahier_des_charges:
        yield suivi.cahier_des_charges.echeance, "version", None


def _to_dispute(dette: Dette, le: date, last: date) -> Iterator[Delai]:
    end = dette.contestable_jusqu_au
    if end is not None and le <= end <= last:
        yield Delai(
            le=end,
            caisse=False,
            libelle="dette à payer ou à contester",
            quoi=f"créance {dette.reference}",
            montant=dette.retenu + dette.solde,
            mention="R133-9-1 du code de la sécurité sociale",
        )
