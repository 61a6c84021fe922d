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
    """Where the n complete entities start and what follows each one starts (n,), and their types (n,)."""

    starts: Longs
    ends: Longs
    types: Codes


def cut_runs(plan: Plan, terminator: int, data: Bytes, firsts: Longs, end: int) -> tuple[Cut, Longs]:
    """The entities of k streams, each from `firsts` (k,) to the next one, the last to `end`; how many of each (k,).

    What stands behind the last entity of a stream is left: it may still be completed, or is padding.
    Bytes of `data` behind `end` are never judged, but must exist: `plan.keys.reach` of them.
    Raises `Irregular` when a chain breaks.
    """
    if len(firsts) > 1 and (found := _cut_together(plan, terminator, data, firsts, end)) is not None:
        return found
    lasts = [*firsts[1:].tolist(), end]
    cuts = [_cut(plan, terminator, data, *one) for one in zip(firsts.tolist(), lasts, strict=True)]
    counts = np.array([len(cut.starts) for cut in cuts])
    return (cuts[0] if len(cuts) == 1 else Cut(*(np.concatenate(column) for column in zip(*cuts, strict=True)))), counts


def _cut_together(plan: Plan, terminator: int, data: Bytes, firsts: Longs, end: int) -> tuple[Cut, Longs] | None:
    """The same when every terminator is the end of an entity; `None` when one is not."""
    ends = _after(data, terminator, int(firsts[0]), end)
    counts = np.diff(np.searchsorted(ends, firsts, side="right"), append=len(ends))
    if not len(ends):
        return None
    starts = np.empty_like(ends)
    starts[1:] = ends[:-1]
    opening = np.cumsum(counts) - counts
    starts[opening[counts > 0]] = firsts[counts > 0]
    types = plan.keys.codes(data, starts)
    whole = starts + plan.entity_lengths[types] == ends
    return (Cut(starts, ends, types), counts) if whole.all() else None


def _cut(plan: Plan, terminator: int, data: Bytes, start: int, end: int) -> Cut:
    """The entities of `data[start:end]`, the first at `start`."""
    ends = _after(data, terminator, start, end)
    if len(ends) * _SHORTEST > end - start:
        raise Irregular("too many terminators")
    if not len(ends):
        return Cut(ends, ends, np.empty(0, np.int16))
    starts = np.empty_like(ends)
    starts[0] = start
    starts[1:] = ends[:-1]
    types = plan.keys.codes(data, starts)
    expected = starts + plan.entity_lengths[types]
    breaks = np.flatnonzero(expected != ends)
    if not len(breaks):
        return Cut(starts, ends, types)
    kept = _walk(plan, types, ends, expected, breaks, end)
    return Cut(starts[kept], expected[kept], types[kept])


def _after(data: Bytes, terminator: int, start: int, end: int) -> Longs:
    """What follows each terminator."""
    return np.flatnonzero(data[start:end] == terminator) + (start + 1)


def _walk(plan: Plan, types: Codes, ends: Longs, expected: Longs, breaks: Longs, end: int) -> Longs:
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
        if expected[broken] > end:
            break
        here = int(np.searchsorted(ends, expected[broken]))
        if here == len(ends) or ends[here] != expected[broken]:
            raise Irregular("an entity does not end where it should")
        kept.append(np.array([broken]))
        here += 1
    return np.concatenate(kept)
