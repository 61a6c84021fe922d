"""Files that are a head, flagged physical records whose payloads are a stream of entities, and a tail.

The payloads of all the files of a window stand behind each other in one pool, and their entities are cut at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fse.norm.layout.columns.faces.block import Bytes
from fse.norm.layout.columns.framing.entities import Cut, cut_runs
from fse.norm.layout.columns.framing.physical import NOTHING, Section, Taken, prove_first, whole_records
from fse.norm.layout.columns.irregular import Irregular
from fse.norm.layout.columns.plan import Codes, Longs, Plan
from fse.norm.layout.edition import Stream

_FIRST_STEP = 64
"""Flags looked at first for the last one of a file; each step after it is four times as long."""
_SLACK = 1 << 16
"""Bytes of a pool besides the window: what was left of an entity, what is looked at behind the last one."""
_NONE = -1


class _Run(NamedTuple):
    """What a window holds of one file. `head` and `tail`: where they stand in the window, `_NONE` when they do not.

    In the pool, its entities start at `first` (what was left of the window before), the bytes of this window at
    `poured`, and end before `end`; the physical record of the first of these stands at `octet` of the content.
    """

    head: int
    tail: int
    first: int
    poured: int
    end: int
    octet: int


class StreamFraming:
    """The files of one edition. `window`: bytes that a window holds at most."""

    def __init__(self, plan: Plan, stream: Stream, window: int) -> None:
        self._plan = plan
        self._length = plan.edition.longueur
        self._go_on, self._last = stream.suite, stream.dernier
        self._padding, self._terminator = stream.bourrage, stream.terminateur[0]
        self._pool = np.zeros(window + _SLACK, np.uint8)
        self._size = 0
        self._runs: list[_Run] = []
        self._window_octet = 0
        self._closed = False
        self._left = np.empty(0, np.uint8)
        self._left_octet = 0

    def take(self, data: Bytes, here: int, octet: int, *, starts: bool, at_end: bool) -> Taken:
        records = whole_records(len(data) - here, self._plan, at_end=at_end)
        if records < 1:
            return NOTHING
        self._window_octet = octet
        physical = data[here : here + records * self._length].reshape(records, self._length)
        done, head, tail = 0, _NONE, _NONE
        if starts:
            prove_first(physical[0])
            self._closed, head, done = False, here, 1
        first = self._size
        self._add(self._left)
        self._left = self._left[:0]
        poured, where = self._size, octet + here + done * self._length
        if not self._closed:
            content = self._content(physical[done:, 0])
            self._add(physical[done : done + content, 1:])
            done += content
        complete = self._closed and done < records
        if complete:
            tail = here + done * self._length
            self._prove_tail(physical[done].tobytes())
            done += 1
        self._runs.append(_Run(head, tail, first, poured, self._size, where))
        return Taken(done * self._length, complete)

    def section(self, data: Bytes) -> Section:
        runs, pool = self._runs, self._pool
        firsts = np.array([run.first for run in runs])
        cut, counts = cut_runs(self._plan, self._terminator, pool, firsts, self._size)
        octets = self._octets(cut.starts, counts)
        self._prove_ends(cut, counts)
        self._runs, self._size = [], 0
        return self._with_envelopes(data, runs, cut, octets, counts)

    def _add(self, content: Bytes) -> None:
        start, self._size = self._size, self._size + content.size
        self._pool[start : self._size].reshape(content.shape)[...] = content

    def _content(self, flags: Bytes) -> int:
        """How many physical records carry entities, from the first on; notes the one that says that it is the last."""
        start, step = 0, _FIRST_STEP
        while start < len(flags):
            these = flags[start : start + step].tobytes()
            others = these.lstrip(self._go_on)
            if others:
                if others[:1] != self._last:
                    raise Irregular("a flag is missing")
                self._closed = True
                return start + len(these) - len(others) + 1
            start, step = start + step, 4 * step
        return len(flags)

    def _prove_tail(self, record: bytes) -> None:
        flagged = record[:1] in (self._go_on, self._last)
        if flagged or self._plan.edition.type_of(record) != self._plan.edition.pied:
            raise Irregular("no tail behind the last record")

    def _octets(self, starts: Longs, counts: Longs) -> Longs:
        """Where the entities start in the content, over the flags; the first of all may start in the window before."""
        payload = self._length - 1
        poured, octets = (np.array([getattr(run, name) for run in self._runs]) for name in ("poured", "octet"))
        places: Longs = starts - (poured[0] if len(poured) == 1 else np.repeat(poured, counts))
        places += places // payload
        places += octets[0] + 1 if len(octets) == 1 else np.repeat(octets + 1, counts)
        if self._runs[0].poured > self._runs[0].first and counts[0]:
            places[0] = self._left_octet
        return places

    def _prove_ends(self, cut: Cut, counts: Longs) -> None:
        """Behind the last entity of a file there is padding; what is left of a file that goes on waits."""
        before = 0
        for run, after in zip(self._runs, np.cumsum(counts).tolist(), strict=True):
            stop = int(cut.ends[after - 1]) if after > before else run.first
            before = after
            goes_on = run is self._runs[-1] and not self._closed
            if not goes_on:
                if self._pool[stop : run.end].tobytes().strip(self._padding):
                    raise Irregular("the last entity is cut")
                continue
            if run.end - stop >= self._plan.longest:
                raise Irregular("an entity does not end where it should")
            if stop > run.first or run.first == run.poured:
                place = stop - run.poured
                self._left_octet = place + place // (self._length - 1) + run.octet + 1
            self._left = self._pool[stop : run.end].copy()

    def _with_envelopes(self, data: Bytes, runs: list[_Run], cut: Cut, octets: Longs, counts: Longs) -> Section:
        """The entities with the heads and the tails of their files around them."""
        at: list[int] = []
        places: list[int] = []
        codes: list[int] = []
        for run, before, count in zip(runs, (np.cumsum(counts) - counts).tolist(), counts.tolist(), strict=True):
            for place, code, where in (
                (run.head, self._plan.head, before),
                (run.tail, self._plan.tail, before + count),
            ):
                if place != _NONE:
                    at.append(where)
                    places.append(place)
                    codes.append(code)
        stand = np.array(places, np.int64)
        types: Codes = np.insert(cut.types, at, codes)
        heads = np.flatnonzero(types == self._plan.head)
        return Section(
            self._pool,
            data,
            np.insert(cut.starts, at, stand),
            np.insert(octets, at, stand + self._window_octet),
            types,
            heads,
        )
