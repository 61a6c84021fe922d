"""Where the entities of many returns stand: from tables that name their parents to ranks in the order of writing.

What hangs under what, and in which order it is written, is that of `fse.norm.codec.noemie.building`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow.compute as pc

from fse.norm.layout.columns.plan import Longs

FILE, TRANSFER, KIND, INVOICE, LUMP = "", "071", "081", "102", "261"
"""The levels: a file, then the entities that contain others."""

UNDER: Mapping[str, tuple[str, ...]] = {
    FILE: ("020", TRANSFER),
    TRANSFER: (KIND,),
    KIND: (INVOICE, LUMP, "250"),
    INVOICE: ("103", "198", "199", "294", "295"),
    LUMP: ("262",),
}
"""What stands under each of them, in the order in which it is written."""

ABOVE: Mapping[str, str] = {child: parent for parent, children in UNDER.items() for child in children}

_BEFORE = {FILE: 0, TRANSFER: 2}
_AFTER = {TRANSFER: 1}
"""Entities that a level opens and closes with: 040 and 071, then 990. Any other opens with itself."""


class Placed(NamedTuple):
    """Ranks (n,) of the entities of each type, from 0 over all files, and where each file starts (files + 1,).

    Those of a transfer are the ranks of its 040; `closings` are those of its 990.
    """

    ranks: Mapping[str, Longs]
    closings: Longs
    files: Longs


def place(files: int, parents: Mapping[str, Longs]) -> Placed:
    """The ranks of the entities of so many files.

    `parents`, by type: for each row, the 0-based row of its parent in the table of the level above, never going back.
    Raises `ValueError` when a parent is none.
    """
    rows = {FILE: files} | {type: len(found) for type, found in parents.items()}
    for type, found in parents.items():
        if len(found) and (found[0] < 0 or found[-1] >= rows.get(ABOVE[type], 0) or (np.diff(found) < 0).any()):
            raise ValueError(f"{type}: its parents are not the rows of {ABOVE[type] or 'the files'}, in order")
    sizes: dict[str, Longs] = {}
    for level in (LUMP, INVOICE, KIND, TRANSFER, FILE):
        size = np.full(rows.get(level, 0), _before(level) + _AFTER.get(level, 0))
        for child in UNDER[level]:
            if child in parents:
                size += sum_by(parents[child], _sizes_of(child, sizes, parents), len(size))
        sizes[level] = size
    starts = np.concatenate([[0], np.cumsum(sizes[FILE])])
    ranks: dict[str, Longs] = {FILE: starts[:-1]}
    for level, children in UNDER.items():
        if level in ranks:
            free = ranks[level] + _before(level)
            for child in (one for one in children if one in parents):
                size = _sizes_of(child, sizes, parents)
                ranks[child] = free[parents[child]] + _within(parents[child], size)
                free = free + sum_by(parents[child], size, len(free))
    del ranks[FILE]
    closings = ranks[TRANSFER] + sizes[TRANSFER] - 1 if TRANSFER in ranks else np.empty(0, np.int64)
    return Placed(ranks, closings, starts)


def sum_by(parents: Longs, values: Any, count: int) -> Longs:
    """The sum of the values (n,) of each parent (count,); `parents` (n,) never go back."""
    totals = np.concatenate([[0], np.cumsum(values, dtype=np.int64)])
    found: Longs = np.diff(totals[_bounds(parents, count)])
    return found


def longs(column: Any) -> Longs:
    """The values of an Arrow column of numbers, nothing being 0: int64 (n,)."""
    found: Longs = np.asarray(pc.fill_null(column, 0)).astype(np.int64, copy=False)
    return found


def ordinals(parents: Longs) -> Longs:
    """The 0-based ordinal of each row among those of its parent; `parents` (n,) never go back."""
    return _within(parents, np.ones(len(parents), np.int64))


def _within(parents: Longs, sizes: Longs) -> Longs:
    """The sum of the sizes of the rows of the same parent that stand before each row."""
    before = np.cumsum(sizes) - sizes
    found: Longs = before - before[_bounds(parents, 0)[parents]]
    return found


def _bounds(parents: Longs, count: int) -> Longs:
    """Where the rows of each parent start, and where the last ones stop (count + 1, or more)."""
    found: Longs = np.concatenate([[0], np.cumsum(np.bincount(parents, minlength=count))])
    return found


def _before(level: str) -> int:
    return _BEFORE.get(level, 1)


def _sizes_of(type: str, sizes: Mapping[str, Longs], parents: Mapping[str, Longs]) -> Longs:
    """Entities that each row of a type makes, those under it included."""
    return sizes[type] if type in sizes else np.ones(len(parents[type]), np.int64)
