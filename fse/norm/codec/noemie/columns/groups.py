"""The transfers of returns, many at a time: each is opened, closed by a 990, and adds up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc

from fse.norm.codec.noemie.columns.window import Longs, Mask, Returns, Rows, as_numbers
from fse.norm.codec.noemie.counting import COUNTED, PART_ENTITIES, TRANSFERS, WITHHELD, level_identification

_CLOSING = "990"
_HEAD, _OPEN, _CLOSE, _TAIL = range(4)
_MAY_FOLLOW = np.zeros((4, 4), np.bool_)
for _before, _after in ((_HEAD, _OPEN), (_HEAD, _TAIL), (_OPEN, _CLOSE), (_CLOSE, _OPEN), (_CLOSE, _TAIL)):
    _MAY_FOLLOW[_before, _after] = True
PAYING = PART_ENTITIES | {"210", "250", "261"}
"""What brings money to a transfer, or takes some from it."""


class Added(NamedTuple):
    """Of the k files of a window: those whose transfers are not as they should be, and what their 990 announce (k,)."""

    wrong: set[int]
    totals: Longs


@dataclass(slots=True)
class _State:
    """What the windows before left of a file that goes on: transfers, what follows the last mark, the last parts."""

    event: int = _HEAD
    opened: int = 0
    opener: str = ""
    count: int = 0
    sum: int = 0
    lines: int = 0
    parents: dict[str, tuple[int, int]] = field(default_factory=dict)
    """File and parent of the last part of each type."""


class Groups:
    """Follows the transfers of the files of one edition. A head, an opener and a 990 are marks."""

    def __init__(self) -> None:
        self._state = _State()

    def see(self, window: Returns) -> Added:
        """The next window."""
        if not window.goes_on:
            self._state = _State()
        marks, events = _marks(window)
        wrong = self._prove_events(window, marks, events)
        wrong.update(self._doubled(window))
        totals = self._prove_sums(window, marks, events, wrong)
        last_head = int(window.firsts[-1])
        openers = window.of(*TRANSFERS)
        if len(window.spans) > 1 or not window.goes_on:
            self._state.opened = 0
        self._state.opened += int((openers >= last_head).sum())
        if len(openers):
            self._state.opener = window.types_at(openers[-1:], TRANSFERS)[0]
        if len(events):
            self._state.event = int(events[-1])
        return Added(wrong, totals)

    def _prove_events(self, window: Returns, marks: Longs, events: Longs) -> set[int]:
        """The files where an opener, a 990 or the end does not stand where it may."""
        if not len(marks):
            return set()
        before = np.concatenate([[self._state.event], events[:-1]])
        bad = ~_MAY_FOLLOW[before, events] & (events != _HEAD)
        return set(window.files_of(marks[bad]).tolist())

    def _doubled(self, window: Returns) -> set[int]:
        """The files with two of the same part under one invoice."""
        wrong: set[int] = set()
        for type in PART_ENTITIES & window.rows.keys():
            table = window.rows[type].table
            parents, files = as_numbers(table.column("rang_parent")), as_numbers(table.column("fichier"))
            before = self._state.parents.get(type, (0, 0))
            same = np.flatnonzero(parents[1:] == parents[:-1]) + 1
            doubled = same[files[same] == files[same - 1]]
            if (int(files[0]), int(parents[0])) == before:
                doubled = np.append(0, doubled)
            wrong.update(window.holding(window.rows[type].records[doubled]))
            self._state.parents[type] = int(files[-1]), int(parents[-1])
        return wrong

    def _prove_sums(self, window: Returns, marks: Longs, events: Longs, wrong: set[int]) -> Longs:
        """What the 990 of each file announce; notes the files where one announces something else than there is."""
        state = self._state
        counts, state.count = _since(_counted(window, COUNTED, marks), state.count)
        lines, state.lines = _since(_counted(window, COUNTED | PART_ENTITIES, marks), state.lines)
        sums, state.sum = _since(_paid(window, marks), state.sum)
        wrong.update(window.holding(marks[(events == _OPEN) & (lines != 0)]))
        totals = np.zeros(len(window.firsts), np.int64)
        rows = window.rows.get(_CLOSING)
        if rows is None:
            return totals
        closing = events == _CLOSE
        announced, files = rows.numbers("somme"), window.files_of(rows.records)
        bad = (rows.numbers("nombre") != counts[closing]) | (announced != sums[closing])
        bad |= self._other_levels(window, rows)
        wrong.update(files[bad].tolist())
        np.add.at(totals, files, announced)
        return totals

    def _other_levels(self, window: Returns, rows: Rows) -> Mask:
        """The 990 that do not name the transfer that they close: (k,)."""
        openers = window.of(*TRANSFERS)
        before = np.searchsorted(openers, rows.records)
        inside = before - np.searchsorted(openers, window.firsts)[window.files_of(rows.records)]
        if window.goes_on:
            inside[rows.records < (window.firsts[1] if len(window.firsts) > 1 else window.size)] += self._state.opened
        types = [self._state.opener, *window.types_at(openers, TRANSFERS)]
        announced = rows.table.column("identification_niveau").to_pylist()
        return np.array(
            [
                said != level_identification(types[opener], ordinal)
                for said, opener, ordinal in zip(announced, before.tolist(), inside.tolist(), strict=True)
            ],
            np.bool_,
        )


def _marks(window: Returns) -> tuple[Longs, Longs]:
    """The marks of the window and the tails, in order, and which each is."""
    found = [window.of(window.head), window.of(*TRANSFERS), window.of(_CLOSING), window.of(window.tail)]
    marks = np.concatenate(found)
    events = np.repeat([_HEAD, _OPEN, _CLOSE, _TAIL], [len(one) for one in found])
    order = np.argsort(marks)
    return marks[order], events[order]


def _since(upto: Longs, carried: int) -> tuple[Longs, int]:
    """What there is since the mark before each mark (m,), and since the last one.

    `upto` is what the window holds up to each mark and up to its end (m + 1,); `carried` is what there was before.
    """
    since = upto.copy()
    since[1:] -= upto[:-1]
    since[0] += carried
    return since[:-1], int(since[-1])


def _counted(window: Returns, types: frozenset[str], marks: Longs) -> Longs:
    """How many records of these types stand before each mark, and in all: (m + 1,)."""
    ends = np.append(marks, window.size)
    found = np.zeros(len(ends), np.int64)
    for type in types & window.rows.keys():
        found += np.searchsorted(window.rows[type].records, ends)
    return found


def _paid(window: Returns, marks: Longs) -> Longs:
    """Centimes that the records before each mark bring to their transfers, and all of them: (m + 1,)."""
    ends = np.append(marks, window.size)
    found = np.zeros(len(ends), np.int64)
    for type in PAYING & window.rows.keys():
        rows = window.rows[type]
        found += np.cumsum(np.append(0, _brought(type, rows)))[np.searchsorted(rows.records, ends)]
    return found


def _brought(type: str, rows: Rows) -> Longs:
    """Centimes that each record of a type brings to its transfer, as `counting.paid` says of one: (k,)."""
    if type == "261":
        return rows.numbers("montant")
    if type == "250":
        return np.where(_says(rows, "operation", WITHHELD), -rows.numbers("montant"), 0)
    paid = rows.numbers("montant_rembourse")
    if type == "210":
        others = rows.numbers("montant_alsace_moselle") + rows.numbers("montant_complementaire")
        return paid + np.where(_says(rows, "signe_rembourse", "N"), -others, others)
    return paid


def _says(rows: Rows, nom: str, text: str) -> Mask:
    found: Mask = pc.equal(rows.table.column(nom), text).fill_null(False).to_numpy(zero_copy_only=False)
    return found
