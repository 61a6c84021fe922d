"""Statements that follow each other: in a file each opens where the one before closed; over months none is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fse.norm.model.releve import ReleveBancaire, Solde


@dataclass(frozen=True, slots=True, kw_only=True)
class Trou:
    """A statement is missing: `avant` closes the last one before the hole, `apres` opens the first one behind it."""

    compte: str
    avant: Solde
    apres: Solde


def broken(releves: Sequence[ReleveBancaire | None]) -> Mapping[int, Solde]:
    """Of the statements of one file, those that do not open where the one before closed: place → that closing balance.

    The same statement twice, or two that overlap, are no break: `recouvrement` judges them.
    """
    by_account: dict[str, list[tuple[int, ReleveBancaire]]] = {}
    for place, one in enumerate(releves):
        if one is not None:
            by_account.setdefault(one.compte, []).append((place, one))
    return dict(_breaks(by_account.values()))


def _breaks(accounts: Iterable[list[tuple[int, ReleveBancaire]]]) -> Iterator[tuple[int, Solde]]:
    for account in accounts:
        ordered = sorted(account, key=lambda held: (held[1].cloture.jour, held[1].ouverture.jour, held[0]))
        for (_, before), (place, after) in pairwise(ordered):
            follows = after.premier_jour > before.cloture.jour
            if follows and after.ouverture.montant != before.cloture.montant:
                yield place, before.cloture


@dataclass(frozen=True, slots=True, kw_only=True)
class Periode:
    """A statement booked, without its movements."""

    compte: str
    debut: Solde
    fin: Solde


def holes(periodes: Iterable[Periode]) -> list[Trou]:
    """Where statements of an account are missing: nothing that reaches so far closes where the next one opens."""
    found: list[Trou] = []
    last: dict[str, Solde] = {}
    for one in sorted(periodes, key=lambda held: (held.compte, held.debut.jour, held.fin.jour)):
        before = last.get(one.compte)
        if before is not None and one.debut.jour >= before.jour and one.debut.montant != before.montant:
            found.append(Trou(compte=one.compte, avant=before, apres=one.debut))
        if before is None or one.fin.jour >= before.jour:
            last[one.compte] = one.fin
    return found
