"""The rules of rupture: when a new lot must be opened (b2.md 3.3 and 4; precisions, "Rupture of a lot").

A lot has one provider, one destination, one certification level, one replacement, at most N invoices, and totals
and counts that fit the digits of its record 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

TOTAL_MAX = 999_999_999
"""Centimes: what the nine digits of a total of record 6 can hold."""

LIGNES_MAX = 9_999
"""Act lines, their details included, that the four digits of record 6 can count."""

FACTURES_MAX = 999
"""Invoices that the three digits of record 6 can count."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class LotKey:
    """What all the invoices of one lot share. `certification` is the byte 81 of record 1 (`""` when not secured).

    `ancien_numero_lot` and `ancienne_date_lot` (days) name the lot that a payer refused and that these invoices left, 0
    and 0 when they come for the first time: a new lot replaces one lot at most (architecture, decision 16).
    """

    prestataire: str
    type_destinataire: str
    centre_informatique: str
    organisme_destinataire: str
    certification: str
    remplacant: str
    ancien_numero_lot: int = 0
    ancienne_date_lot: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FactureEnAttente:
    """A secured invoice that waits for a lot. Amounts in centimes; `frozen` its final bytes.

    `lignes` counts its records 4, sub-records included.
    """

    key: LotKey
    numero: int
    total_honoraires: int
    lignes: int
    frozen: bytes


@dataclass(frozen=True, slots=True)
class LotPrevu:
    """The invoices of a lot to be, in the order of their numbers."""

    key: LotKey
    factures: tuple[FactureEnAttente, ...]


def group_in_lots(waiting: Iterable[FactureEnAttente], *, taille: int) -> Iterator[LotPrevu]:
    """Lots of at most `taille` invoices (1 to 999), ordered by key then number. Every invoice is in exactly one."""
    if not 1 <= taille <= FACTURES_MAX:
        raise ValueError(f"a lot holds 1 to {FACTURES_MAX} invoices")
    ordered = sorted(waiting, key=lambda facture: (facture.key, facture.numero))
    for key, factures in groupby(ordered, key=lambda facture: facture.key):
        lot: list[FactureEnAttente] = []
        total = lignes = 0
        for facture in factures:
            total += facture.total_honoraires
            lignes += facture.lignes
            if lot and (len(lot) == taille or total > TOTAL_MAX or lignes > LIGNES_MAX):
                yield LotPrevu(key, tuple(lot))
                lot, total, lignes = [], facture.total_honoraires, facture.lignes
            lot.append(facture)
        yield LotPrevu(key, tuple(lot))
