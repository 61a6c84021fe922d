"""A stream of payloads cut into entities, all at once: each known type has its length, and ends with the terminator.

Every terminator is found; when each one stands where the entity that starts behind the previous one must end, the
whole chain is proved. A text may hold the terminator too: there the chain is walked, one entity at a time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fse.norm.layout.columns.faces.block import Bytes
from fse.norm.layout.columns.irregular import Irregular
from fse.norm.layout.columns.plan import Codes, Longs, Plan

_SHORTEST = 8
"""Bytes from one terminator to the next, on average, below which this is no stream of entities."""


class Cut(NamedTuple):
    """Where the n complete entities start (n,), their types (n,), and where what follows the last one starts."""

    starts: Longs
    types: Codes
    stop: int


def cut_entities(plan: Plan, terminator: int, data: Bytes, start: int, end: int) -> Cut:
    """The entities of `data[start:end]`, the first at `start`; what may still be completed is left.

    Bytes of `data` behind `end` are never judged, but must exist: `plan.keys.reach` of them.
    Raises `Irregular` when the chain breaks.
    """
    ends = np.flatnonzero(data[start:end] == terminator) + start
    if len(ends) * _SHORTEST > end - start:
        raise Irregular("too many terminators")
    if not len(ends):
        return Cut(ends, np.empty(0, np.int16), start)
    starts = np.empty_like(ends)
    starts[0] = start
    starts[1:] = ends[:-1] + 1
    types = plan.keys.codes(data, starts)
    expected = starts + plan.entity_lengths[types] - 1
    breaks = np.flatnonzero(expected != ends)
    if not len(breaks):
        return Cut(starts, types, int(ends[-1]) + 1)
    kept, stop = _walk(plan, starts, types, ends, expected, breaks, end)
    return Cut(starts[kept], types[kept], stop)


def _walk(
    plan: Plan, starts: Longs, types: Codes, ends: Longs, expected: Longs, breaks: Longs, end: int
) -> tuple[Longs, int]:
    """Which starts are those of entities, walking over the terminators that stand inside a text."""
    kept: list[Longs] = []
    here = 0
    while here < len(ends):
        following = int(np.searchsorted(breaks, here))
        if following == len(breaks):
            kept.append(np.arange(here, len(ends)))
            break
        broken = int(breaks[following])
        kept.append(np.arange(here, broken))
        if not plan.entity_lengths[types[broken]]:
            raise Irregular("an entity has no known type")
        if expected[broken] >= end:
            return np.concatenate(kept), int(starts[broken])
        here = int(np.searchsorted(ends, expected[broken]))
        if here == len(ends) or ends[here] != expected[broken]:
            raise Irregular("an entity does not end where it should")
        kept.append(np.array([broken]))
        here += 1
    return np.concatenate(kept), int(ends[-1]) + 1
