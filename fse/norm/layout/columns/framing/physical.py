"""The records of one logical file in a window of bytes, for both framings, when nothing is out of the ordinary.

What a physical record is depends on the bytes of the one behind it (a new file may start inside): the last one of a
window is taken with the next window, unless nothing follows.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from fse.norm.layout.columns.faces.block import Bytes
from fse.norm.layout.columns.framing.entities import cut_entities
from fse.norm.layout.columns.irregular import Irregular
from fse.norm.layout.columns.plan import UNKNOWN, Codes, Longs, Plan
from fse.norm.layout.edition import Stream

_FIRST_STEP = 64
"""Records looked at first for the end of a file; each step after it is four times as long."""


class Section(NamedTuple):
    """Records of one logical file that stand together. `source` holds them, each at its start; int64 and int16 (n,).

    `octets` are offsets in the content.
    """

    source: Bytes
    starts: Longs
    octets: Longs
    types: Codes


class Taken(NamedTuple):
    """What a window gave: bytes used up, its records (`None` when it is too short), whether the file is complete."""

    size: int
    section: Section | None
    complete: bool


NOTHING = Taken(0, None, False)


class Framing(Protocol):
    """The framing of one logical file, from its head to its tail."""

    def take(self, data: Bytes, here: int, octet: int, pool: Pool, *, at_end: bool) -> Taken:
        """Records of `data[here:]`; `data[0]` stands at `octet` of the content. Raises `Irregular`."""


class Pool:
    """A buffer where the records that are not contiguous in the content are put together."""

    def __init__(self, size: int) -> None:
        self.data = np.zeros(size, np.uint8)
        self.size = 0

    def add(self, content: Bytes) -> int:
        """Where this content starts in `data`, now that it is there."""
        start, self.size = self.size, self.size + content.size
        self.data[start : self.size].reshape(content.shape)[...] = content
        return start

    def clear(self) -> None:
        """Forgets what is there."""
        self.size = 0


def framing_of(plan: Plan) -> Framing:
    """The framing that the manifest of an edition says."""
    stream = plan.edition.stream
    return FixedFraming(plan) if stream is None else StreamFraming(plan, stream)


class FixedFraming:
    """Every physical record is a record."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._started = False

    def take(self, data: Bytes, here: int, octet: int, pool: Pool, *, at_end: bool) -> Taken:
        length = self._plan.edition.longueur
        records = _whole_records(len(data) - here, self._plan, at_end=at_end)
        if records < 1:
            return NOTHING
        if not self._started:
            _prove_first(data[here : here + length])
            self._started = True
        types = self._types(data, here, records)
        starts = np.arange(len(types)) * length + here
        section = Section(data, starts, starts + octet, types)
        return Taken(len(types) * length, section, bool(types[-1] == self._plan.tail))

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


class StreamFraming:
    """A head, flagged physical records whose payloads are a stream of entities, a tail."""

    def __init__(self, plan: Plan, stream: Stream) -> None:
        self._plan = plan
        self._length = plan.edition.longueur
        self._go_on, self._last = stream.suite[0], stream.dernier[0]
        self._padding, self._terminator = stream.bourrage[0], stream.terminateur[0]
        self._started = self._closed = False
        self._left = np.empty(0, np.uint8)
        self._left_octet = 0

    def take(self, data: Bytes, here: int, octet: int, pool: Pool, *, at_end: bool) -> Taken:
        records = _whole_records(len(data) - here, self._plan, at_end=at_end)
        if records < 1:
            return NOTHING
        physical = data[here : here + records * self._length].reshape(records, self._length)
        octet += here
        pieces: list[Section] = []
        done = 0
        if not self._started:
            _prove_first(physical[0])
            self._started = True
            pieces.append(self._record(physical[0], octet, pool, self._plan.head))
            done = 1
        if not self._closed:
            content = self._content(physical[done:, 0])
            pieces.append(self._entities(physical[done : done + content], octet + done * self._length, pool))
            done += content
        complete = self._closed and done < records
        if complete:
            pieces.append(self._tail(physical[done], octet + done * self._length, pool))
            done += 1
        starts, octets, types = (np.concatenate([piece[one] for piece in pieces]) for one in (1, 2, 3))
        return Taken(done * self._length, Section(pool.data, starts, octets, types), complete)

    def _content(self, flags: Bytes) -> int:
        """How many physical records carry entities, from the first on; notes the one that says that it is the last."""
        start, step = 0, _FIRST_STEP
        while start < len(flags):
            others = np.flatnonzero(flags[start : start + step] != self._go_on)
            if len(others):
                place = start + int(others[0])
                if flags[place] != self._last:
                    raise Irregular("a flag is missing")
                self._closed = True
                return place + 1
            start, step = start + step, 4 * step
        return len(flags)

    def _entities(self, physical: Bytes, octet: int, pool: Pool) -> Section:
        """The entities that these physical records complete; what is left of the last one waits."""
        first = pool.add(self._left)
        poured = pool.add(physical[:, 1:])
        starts, types, stop = cut_entities(self._plan, self._terminator, pool.data, first, pool.size)
        payload = self._length - 1
        octets = starts - poured
        octets += octets // payload + (octet + 1)
        if len(self._left) and len(octets):
            octets[0] = self._left_octet
        left = pool.data[stop : pool.size]
        if self._closed:
            if (left != self._padding).any():
                raise Irregular("the last entity is cut")
            left = left[:0]
        elif len(left) >= self._plan.longest:
            raise Irregular("an entity does not end where it should")
        if stop > first or not len(self._left):
            place = stop - poured
            self._left_octet = place + place // payload + octet + 1
        self._left = left.copy()
        return Section(pool.data, starts, octets, types)

    def _tail(self, record: Bytes, octet: int, pool: Pool) -> Section:
        piece = self._record(record, octet, pool, self._plan.tail)
        flagged = record[0] in (self._go_on, self._last)
        if flagged or self._plan.keys.codes(pool.data, piece.starts)[0] != self._plan.tail:
            raise Irregular("no tail behind the last record")
        return piece

    def _record(self, record: Bytes, octet: int, pool: Pool, type: int) -> Section:
        return Section(pool.data, np.array([pool.add(record)]), np.array([octet]), np.array([type], np.int16))


def _whole_records(size: int, plan: Plan, *, at_end: bool) -> int:
    """Physical records that can be judged among so many bytes."""
    return size // plan.edition.longueur - (0 if at_end else 1)


def _prove_first(record: Bytes) -> None:
    """A line end in the first record would cut it."""
    if ((record == ord("\r")) | (record == ord("\n"))).any():
        raise Irregular("a line end in the first record")
