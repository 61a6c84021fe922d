"""Statements that follow each other: in a file each opens where the one before closed; over months none is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

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
    """A statement booked, without its movements: how many there are."""

    compte: str
    debut: Solde
    fin: Solde
    mouvements: int


def holes(periodes: Iterable[Periode]) -> list[Trou]:
    """Where statements of an account are missing: nothing that reaches so far closes where the next one opens.

    Several may close on one day: in the middle of it, or one after another.
    """
    found: list[Trou] = []
    held = sorted(periodes, key=lambda one: (one.compte, one.debut.jour, one.fin.jour))
    for _, account in groupby(held, key=lambda one: one.compte):
        found += _holes(list(account))
    return found


def _holes(account: list[Periode]) -> Iterator[Trou]:
    """Those of one account. A statement of which another holds all the days, and days before, is behind no hole."""
    reached: list[Solde] = []
    covered = account[0].debut.jour
    for _, opening in groupby(account, key=lambda one: one.debut.jour):
        opened: set[int] = set()
        for _, same_days in groupby(opening, key=lambda one: one.fin.jour):
            for one in _chained(list(same_days), reached):
                known = one.debut.montant in opened | {solde.montant for solde in reached}
                inside = one.fin.jour <= covered
                if reached and one.debut.jour >= reached[-1].jour and not known and not inside:
                    yield Trou(compte=one.compte, avant=reached[-1], apres=one.debut)
                opened.add(one.debut.montant)
                _reach(reached, one.fin)
        covered = reached[-1].jour


def last_balance(periodes: Iterable[Periode]) -> Solde | None:
    """The balance of an account after its statements: of those that close on its last day, what ends them."""
    held = list(periodes)
    jour = max((one.fin.jour for one in held), default=None)
    last = [one for one in held if one.fin.jour == jour]
    opened = [(one.debut, one) for one in last]
    ends = [one for one in last if all(debut != one.fin or other is one for debut, other in opened)]
    final = max(ends or last, key=lambda one: (one.mouvements, one.debut.jour, one.fin.montant), default=None)
    return final.fin if final else None


def _chained(held: list[Periode], reached: Sequence[Solde]) -> Iterator[Periode]:
    """Statements of the same days, each that opens where those before it closed in turn."""
    amounts = {solde.montant for solde in reached}
    while held:
        closed = {one.fin.montant for one in held if one.debut.montant != one.fin.montant}
        first = next((one for one in held if one.debut.montant not in closed), held[0])
        following = next((one for one in held if one.debut.montant in amounts), first)
        held.remove(following)
        amounts.add(following.fin.montant)
        yield following


def _reach(reached: list[Solde], fin: Solde) -> None:
    """Keep the balances of the last day that is reached."""
    if reached and fin.jour < reached[-1].jour:
        return
    if reached and fin.jour > reached[-1].jour:
        reached.clear()
    reached.append(fin)
