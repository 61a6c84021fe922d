"""Debts that payers recover: what was withheld, month by month, what is left, and until when they can be disputed.

Entity 250 names no invoice: the practice attaches a debt by hand, with the day it was notified. Two months from the
notification to pay or to object, no withholding before (CSS R133-9-1, L133-4; noemie.md 2.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from fse.app.operations.cabinet import Cabinet
from fse.base.dates import add_months, from_days

NATURES, OPERATIONS = "nature_creance", "operation_recouvrement"

CONTESTATION_MOIS = 2
"""Civil months to dispute an undue payment, from its notification (CSS R133-9-1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mouvement:
    """One operation on a debt, in centimes; `retenu` is what it took from a transfer, negative when given back.

    `ecart` is what its balance differs by from the balance before less `retenu`, when an operation that only withholds
    does not explain it; 0 when it does.
    """

    jour: date
    operation: str
    libelle: str
    montant: int
    retenu: int
    solde: int
    ecart: int
    fichier: str
    rang: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dette:
    """One debt, in centimes; `emetteur` sends the returns that tell it.

    `numero`, `notifiee_le`, `acte`: what the practice attached it to by hand, if it did.

    `contestable_jusqu_au`: the last day to dispute it, `None` while its notification is not known.
    """

    prestataire: str
    emetteur: str
    reference: str
    nature: str
    date_creance: date | None
    retenu: int
    solde: int
    premiere_le: date
    derniere_le: date
    numero: int | None
    notifiee_le: date | None
    contestable_jusqu_au: date | None
    acte: int | None
    mouvements: tuple[Mouvement, ...]

    @property
    def retenues_prematurees(self) -> tuple[Mouvement, ...]:
        """What was withheld before the end of the time to dispute: courts have annulled such withholdings."""
        end = self.contestable_jusqu_au
        return tuple(one for one in self.mouvements if end is not None and one.retenu > 0 and one.jour <= end)


def read_debts(
    dettes: Iterable[dict[str, Any]], mouvements: Iterable[dict[str, Any]], cabinet: Cabinet
) -> Iterator[Dette]:
    """The debts, from the rows of the queries `dettes` and `mouvements_dette`."""
    told: dict[tuple[str | int, ...], list[Mouvement]] = {}
    for row in mouvements:
        suite = told.setdefault(_identity(row), [])
        suite.append(_mouvement(row, suite[-1].solde if suite else None, cabinet))
    for row in dettes:
        derniere, notifiee = from_days(row["derniere_le"]), row["notifiee_le"]
        notification = from_days(notifiee) if notifiee else None
        yield Dette(
            prestataire=row["prestataire"],
            emetteur=row["emetteur"],
            reference=row["reference"],
            nature=cabinet.listes.label(NATURES, row["nature"], derniere),
            date_creance=from_days(row["date_creance"]) if row["date_creance"] else None,
            retenu=row["retenu"],
            solde=row["solde"],
            premiere_le=from_days(row["premiere_le"]),
            derniere_le=derniere,
            numero=row["numero"] or None,
            notifiee_le=notification,
            contestable_jusqu_au=add_months(notification, CONTESTATION_MOIS) if notification else None,
            acte=row["acte"] or None,
            mouvements=tuple(told.get(_identity(row), ())),
        )


def _identity(row: dict[str, Any]) -> tuple[str | int, ...]:
    """What makes a debt: whom it is recovered from, by whom, its reference; without one, the operation alone."""
    alone = () if row["reference"] else (row["fichier"], row["rang"])
    return (row["prestataire"], row["emetteur"], row["reference"], *alone)


def _mouvement(row: dict[str, Any], before: int | None, cabinet: Cabinet) -> Mouvement:
    jour = from_days(row["date_comptable"])
    explained = before is None or not row["retenue"] or before - row["retenue"] == row["solde"]
    return Mouvement(
        jour=jour,
        operation=row["operation"],
        libelle=cabinet.listes.label(OPERATIONS, row["operation"], jour),
        montant=row["montant"],
        retenu=row["retenue"],
        solde=row["solde"],
        ecart=0 if explained or before is None else row["solde"] - (before - row["retenue"]),
        fichier=row["fichier"],
        rang=row["rang"],
    )
