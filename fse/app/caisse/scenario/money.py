"""The money of a scenario that answers no invoice: `[[forfait]]` and `[[mouvement]]`.

Nobody is named in a detail: a scenario is a text that passes from hand to hand.
"""

from __future__ import annotations

from typing import Any

from fse.app.caisse.scenario.values import (
    Table,
    amount,
    calendar_day,
    check_keys,
    choice,
    code,
    digits,
    label,
    located,
    name,
    number,
    tables,
)
from fse.app.caisse.scenario.wanted import ForfaitVoulu, MouvementVoulu
from fse.norm.model import DetailForfait, ForfaitRetour, MouvementRetour

_DETAIL = {"codification", "libelle", "periode", "date_debut", "date_fin", "montant"}
_MOUVEMENT = {"reference", "operation", "nature", "montant", "solde", "date", "ligne", "prestataire"}
_PERIODES = ("H", "M", "T", "S", "A", "P")


def read_forfait(table: Any, lieu: str) -> ForfaitVoulu:
    """A lump sum with its details."""
    check_keys(table, {"code", "montant", "prestataire", "detail"}, {"code", "montant"}, lieu)
    with located(lieu):
        forfait = ForfaitRetour(
            code_paiement=code(table, "code", 5, lieu) or "",
            montant=amount(table, "montant", lieu) or 0,
            details=tuple(_detail(item, place) for item, place in tables(table, "detail", lieu)),
        )
    return ForfaitVoulu(forfait=forfait, prestataire=digits(table, "prestataire", 9, lieu), lieu=lieu)


def _detail(table: Any, lieu: str) -> DetailForfait:
    check_keys(table, _DETAIL, {"montant"}, lieu)
    with located(lieu):
        return DetailForfait(
            codification=name(table, "codification", 5, lieu),
            libelle=label(table, "libelle", 80, lieu) or None,
            periode=choice(table, "periode", _PERIODES, "H, M, T, S, A ou P", lieu),
            date_debut=calendar_day(table, "date_debut", lieu),
            date_fin=calendar_day(table, "date_fin", lieu),
            montant=amount(table, "montant", lieu) or 0,
        )


def read_mouvement(table: Any, lieu: str) -> MouvementVoulu:
    """What happens to a debt; only the operation RPR is withheld from the transfer."""
    check_keys(table, _MOUVEMENT, {"reference", "operation", "montant", "solde"}, lieu)
    with located(lieu):
        mouvement = MouvementRetour(
            numero_ligne=_ligne(table, lieu),
            reference_creance=name(table, "reference", 10, lieu) or "",
            date_creance=calendar_day(table, "date", lieu),
            nature_creance=code(table, "nature", 3, lieu),
            operation=code(table, "operation", 3, lieu) or "",
            montant=amount(table, "montant", lieu, signed=True) or 0,
            solde=amount(table, "solde", lieu) or 0,
        )
    return MouvementVoulu(mouvement=mouvement, prestataire=digits(table, "prestataire", 9, lieu), lieu=lieu)


def _ligne(table: Table, lieu: str) -> int:
    found = number(table, "ligne", 0, 99, lieu)
    return 1 if found is None else found
