"""The records of logical files in a window of bytes, for both framings, when nothing is out of the ordinary.

What a physical record is depends on the bytes of the one behind it (a new file may start inside): the last one of a
window is taken with the next window, unless nothing follows. Files are taken one by one, then all the records that
they hold in the window are found at once.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from fse.norm.layout.columns.faces.block import Bytes
from fse.norm.layout.columns.irregular import Irregular
from fse.norm.layout.columns.plan import UNKNOWN, Codes, Longs, Plan

_FIRST_STEP = 64
"""Records looked at first for the end of a file; each step after it is four times as long."""


class Section(NamedTuple):
    """The n records of one edition in a window, in order: int64 and int16 (n,).

    `source` holds them, each at its start; `envelopes` holds the heads and the tails. `octets` are offsets in the
    content. `heads` are the records at which a file starts, int64 (files that start here,).
    """

    source: Bytes
    envelopes: Bytes
    starts: Longs
    octets: Longs
    types: Codes
    heads: Longs


class Taken(NamedTuple):
    """What a window gave of a file: bytes used up (0: the window is too short), whether the file is complete."""

    size: int
    complete: bool


NOTHING = Taken(0, False)


class Framing(Protocol):
    """The framing of the files of one edition, one after another."""

    def take(self, data: Bytes, here: int, octet: int, *, starts: bool, at_end: bool) -> Taken:
        """Takes the records of `data[here:]` up to the end of their file. Raises `Irregular`.

        `data[0]` stands at `octet` of the content; a file `starts` here, or the one before goes on.
        """

    def section(self, data: Bytes) -> Section:
        """The records taken from this window. Raises `Irregular`."""


class FixedFraming:
    """Every physical record is a record."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._pieces: list[tuple[int, int, Codes, bool]] = []

    def take(self, data: Bytes, here: int, octet: int, *, starts: bool, at_end: bool) -> Taken:
        length = self._plan.edition.longueur
        records = whole_records(len(data) - here, self._plan, at_end=at_end)
        if records < 1:
            return NOTHING
        if starts:
            prove_first(data[here : here + length])
        types = self._types(data, here, records)
        self._pieces.append((here, octet + here, types, starts))
        return Taken(len(types) * length, bool(types[-1] == self._plan.tail))

    def section(self, data: Bytes) -> Section:
        length = self._plan.edition.longueur
        steps = [np.arange(len(types)) * length for _, _, types, _ in self._pieces]
        starts = np.concatenate([step + piece[0] for step, piece in zip(steps, self._pieces, strict=True)])
        octets = np.concatenate([step + piece[1] for step, piece in zip(steps, self._pieces, strict=True)])
        types = np.concatenate([types for _, _, types, _ in self._pieces])
        firsts = np.cumsum([0, *(len(types) for _, _, types, _ in self._pieces)])
        heads = firsts[np.flatnonzero([opens for *_, opens in self._pieces])]
        self._pieces = []
        return Section(data, data, starts, octets, types, heads)

    def _types(self, data: Bytes, here: int, records: int) -> Codes:
        """The types of the records up to the tail, or of all of them."""
        found: list[Codes] = []
        start, step = 0, _FIRST_STEP
        while start < records:
            starts = np.arange(start, min(records, start + step)) * self._plan.edition.longueur + here
            types = self._plan.keys.codes(data, starts)
            tails = np.flatnonzero(types == self._plan.tail)
            found.append(types[: tails[0] + 1] if len(tails) else types)
            if (found[-1] == UNKNOWN).any():
                raise Irregular("a record has no known type")
            if len(tails):
                break
            start, step = start + step, 4 * step
        return np.concatenate(found)


def whole_records(size: int, plan: Plan, *, at_end: bool) -> int:
    """Physical records that can be judged among so many bytes."""
    return size // plan.edition.longueur - (0 if at_end else 1)


def prove_first(record: Bytes) -> None:
    """A line end in the first record would cut it."""
    content = record.tobytes()
    if b"\r" in content or b"\n" in content:
        raise Irregular("a line end in the first record")
