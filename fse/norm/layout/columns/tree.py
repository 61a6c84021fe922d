"""Ranks and parents of the records of logical files, many at a time: what `fse.norm.layout.tree` finds one by one.

When every record has an open parent, what is open after a record is that record and its ancestors. The nearest open
parent of the next one is therefore found by climbing from the record before it: parents are guessed from the types,
then proved by that climb, which uses nothing but parents of earlier records.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fse.norm.layout.columns.irregular import Irregular
from fse.norm.layout.columns.plan import Codes, Longs, Plan

_MOST_CLIMBS = 4
"""Guesses that one climb puts right are rare; those that four do not are not regular."""


class Tree:
    """Follows the files of one edition, one after another. What is open: types and ranks, outermost first."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rank = 0
        self._open_types = np.empty(0, np.int16)
        self._open_ranks = np.empty(0, np.int64)

    def place(self, types: Codes, heads: Longs) -> tuple[Longs, Longs]:
        """Ranks and ranks of the parents (0: none) of the next n records, n at least 1.

        `heads` are those at which a file starts, in order.

        Raises `Irregular` when one may not stand there, or has no open parent.
        """
        if len(heads) and heads[0] == 0:
            self._rank = 0
            self._open_types, self._open_ranks = self._open_types[:0], self._open_ranks[:0]
        self._prove_succession(types, heads)
        opened = len(self._open_types)
        ranks = self._ranks(len(types), heads)
        all_types = np.concatenate([self._open_types, types])
        all_ranks = np.concatenate([self._open_ranks, ranks])
        parents = self._parents(all_types, opened)
        chain = _ancestors(parents, len(parents) - 1)
        self._open_types, self._open_ranks = all_types[chain], all_ranks[chain]
        self._rank = int(ranks[-1])
        above = parents[opened:]
        return ranks, np.where(above < 0, 0, all_ranks[above])

    def _ranks(self, size: int, heads: Longs) -> Longs:
        ranks = np.arange(self._rank + 1, self._rank + 1 + size)
        if len(heads):
            before = np.repeat(ranks[heads] - 1, np.diff(heads, append=size))
            ranks[heads[0] :] -= before
        return ranks

    def _prove_succession(self, types: Codes, heads: Longs) -> None:
        may_follow = np.ones(len(types), np.bool_)
        may_follow[1:] = self._plan.may_follow(types[:-1], types[1:])
        if len(self._open_types):
            may_follow[:1] = self._plan.may_follow(self._open_types[-1:], types[:1])
        if (types[heads] != self._plan.head).any() or not (len(self._open_types) or len(heads)):
            raise Irregular("the first record is no head")
        may_follow[heads] = True
        if not may_follow.all():
            raise Irregular("a record may not stand where it does")

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
                    nearest[holders] = _nearest(len(types), [where[one] for one in holders])
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


def _nearest(size: int, groups: list[Longs]) -> Longs:
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
