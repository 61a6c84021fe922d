"""Ranks and parents of the records of logical files, many at a time: what `fse.norm.layout.tree` finds one by one.

What is open after a record is that record and its ancestors, each of another type. When, in a window, the types open
after a record follow from its own type alone, the parent of a record is the last one of one type. This is proved by
following each pair of types that stand one after the other. Otherwise parents are guessed from the types, then proved
by a climb from the record before, which uses nothing but parents of earlier records.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fse.norm.layout.columns.irregular import Irregular
from fse.norm.layout.columns.plan import Chain, Codes, Longs, Plan

_MOST_CLIMBS = 4
"""Guesses that one climb puts right are rare; those that four do not are not regular."""

_NONE = np.empty(0, np.int64)


class Tree:
    """Follows the files of one edition, one after another. What is open: the rank of each type, outermost first."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rank = 0
        self._open: dict[int, int] = {}

    def place(self, types: Codes, heads: Longs, where: Mapping[int, Longs]) -> tuple[Longs, Mapping[int, Longs]]:
        """Ranks of the next n records (n,), n at least 1, and ranks of the parents (0: none) of those of each type.

        `heads` are those at which a file starts, in order; `where`: those of each type (k,), in order.
        Raises `Irregular` when one may not stand there, or has no open parent.
        """
        if len(heads) and heads[0] == 0:
            self._rank, self._open = 0, {}
        pairs = self._followed(types, heads)
        ranks = self._ranks(len(types), heads)
        chains = self._chains(int(types[0]), pairs)
        if chains is None:
            parents = self._climbed(types, ranks, where)
        else:
            parents = self._nearest(ranks, where, chains)
            chain = chains[int(types[-1])]
            self._open = {one: int(ranks[where[one][-1]]) if one in where else self._open[one] for one in chain}
        self._rank = int(ranks[-1])
        return ranks, parents

    def _ranks(self, size: int, heads: Longs) -> Longs:
        ranks = np.arange(self._rank + 1, self._rank + 1 + size)
        if len(heads):
            before = np.repeat(ranks[heads] - 1, np.diff(heads, append=size))
            ranks[heads[0] :] -= before
        return ranks

    def _followed(self, types: Codes, heads: Longs) -> list[tuple[int, int]]:
        """Each pair of types that stand one after the other, once. Raises `Irregular` when one may not."""
        if (types[heads] != self._plan.head).any() or not (self._open or len(heads)):
            raise Irregular("the first record is no head")
        size = len(self._plan.types)
        counts = np.bincount(types[:-1] * np.intp(size) + types[1:], minlength=size * size).reshape(size, size)
        if self._open:
            counts[next(reversed(self._open)), types[0]] += 1
        before, after = np.nonzero(counts)
        starts = after == self._plan.head
        opened = len(heads) - int(len(heads) and heads[0] == 0)
        if counts[:, self._plan.head].sum() != opened or not (self._plan.may_follow(before, after) | starts).all():
            raise Irregular("a record may not stand where it does")
        return list(zip(before.tolist(), after.tolist(), strict=True))

    def _chains(self, first: int, pairs: list[tuple[int, int]]) -> dict[int, Chain] | None:
        """What is open after a record of each type; `None` when that does not follow from the type."""
        opening = self._plan.opened(tuple(self._open), first)
        if opening is None:
            return None
        found, waiting = {first: opening}, [first]
        while waiting:
            type = waiting.pop()
            for after in [after for before, after in pairs if before == type]:
                chain = self._plan.opened(found[type], after)
                if chain is None or found.get(after, chain) != chain:
                    return None
                if after not in found:
                    found[after] = chain
                    waiting.append(after)
        return found

    def _nearest(self, ranks: Longs, where: Mapping[int, Longs], chains: Mapping[int, Chain]) -> dict[int, Longs]:
        """The rank of the last record of the type that holds each one."""
        last: dict[int, Longs] = {}
        found: dict[int, Longs] = {}
        for type, places in where.items():
            if len(chains[type]) == 1:
                found[type] = np.zeros(len(places), np.int64)
                continue
            holder = chains[type][-2]
            if holder not in last:
                holders = where.get(holder, _NONE)
                bounds = np.concatenate([[0], holders, [len(ranks)]])
                opening = np.concatenate([[self._open.get(holder, 0)], ranks[holders]])
                last[holder] = np.repeat(opening, bounds[1:] - bounds[:-1])
            found[type] = last[holder][places]
        return found

    def _climbed(self, types: Codes, ranks: Longs, where: Mapping[int, Longs]) -> dict[int, Longs]:
        """The ranks of the parents; keeps what is open behind the last record."""
        opened = len(self._open)
        all_types = np.concatenate([np.array(list(self._open), np.int16), types])
        all_ranks = np.concatenate([np.array(list(self._open.values()), np.int64), ranks])
        parents = self._parents(all_types, opened)
        chain = _ancestors(parents, len(parents) - 1)
        self._open = dict(zip(all_types[chain].tolist(), all_ranks[chain].tolist(), strict=True))
        above = parents[opened:]
        found = np.where(above < 0, 0, all_ranks[above])
        return {type: found[places] for type, places in where.items()}

    def _parents(self, types: Codes, opened: int) -> Longs:
        """Where the parent of each record is among them (-1: none); the first `opened` are open, one in the other."""
        parents = self._guess(types, opened)
        for _ in range(_MOST_CLIMBS):
            climbed = self._climb(types, parents, opened)
            if np.array_equal(climbed, parents[opened:]):
                return parents
            parents[opened:] = climbed
        raise Irregular("parents are not found by climbing")

    def _guess(self, types: Codes, opened: int) -> Longs:
        """The nearest record before that is of a right type, open or not."""
        parents = np.arange(-1, len(types) - 1)
        where = {code: np.flatnonzero(types == code) for code in np.flatnonzero(np.bincount(types)).tolist()}
        nearest: dict[tuple[int, ...], Longs] = {}
        for code, places in where.items():
            inside = places[np.searchsorted(places, opened) :]
            if code == self._plan.head:
                parents[inside] = -1
            elif len(inside):
                holders = tuple(one for one in self._plan.parents[code] if one in where)
                if holders not in nearest:
                    nearest[holders] = _last_of(len(types), [where[one] for one in holders])
                parents[inside] = nearest[holders][inside]
                if parents[inside[0]] < 0:
                    raise Irregular("a record has no parent")
        return parents

    def _climb(self, types: Codes, parents: Longs, opened: int) -> Longs:
        """The nearest record that may contain each one, from the one before it up; for those after the first open."""
        types = types.astype(np.intp)
        children = types[opened:]
        found = np.arange(opened - 1, len(types) - 1)
        heads = children == self._plan.head
        waiting = np.flatnonzero(~(self._plan.may_hold(types[found], children) | heads))
        found[heads] = -1
        while len(waiting):
            above = parents[found[waiting]]
            if (above < 0).any():
                raise Irregular("a record has no open parent")
            found[waiting] = above
            waiting = waiting[~self._plan.may_hold(types[above], children[waiting])]
        return found


def _last_of(size: int, groups: list[Longs]) -> Longs:
    """For each of n places, the last one at or before it that is in a group; -1 where there is none: (n,)."""
    marks = np.full(size, -1)
    for places in groups:
        marks[places] = places
    found: Longs = np.maximum.accumulate(marks)
    return found


def _ancestors(parents: Longs, last: int) -> NDArray[np.int64]:
    """The chain from the outermost ancestor of `last` down to itself."""
    chain = []
    while last >= 0:
        chain.append(last)
        last = int(parents[last])
    return np.array(chain[::-1], np.int64)
