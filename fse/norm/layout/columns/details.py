"""The records that repeat under one parent, many at a time: what `fse.norm.layout.details` checks one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from fse.norm.layout.columns.decoding import Places
from fse.norm.layout.columns.faces.lanes import Mask
from fse.norm.layout.columns.irregular import Irregular
from fse.norm.layout.columns.plan import Longs
from fse.norm.layout.edition import Detail


@dataclass(frozen=True, slots=True)
class _Last:
    """The last record seen: whose it is, how many there were under this parent, and the last readable date."""

    fichier: int
    parent: int
    count: int
    day: int


class DetailRuns:
    """Follows the records of one type of one content. They come in runs, one under each parent."""

    def __init__(self, detail: Detail) -> None:
        self._detail = detail
        self._last = _Last(0, 0, 0, _NO_DAY)

    def prove(self, places: Places, rows: Any) -> None:
        """The next n records of this type, `rows` a record batch (n,). Raises `Irregular` when one has a finding."""
        starts = _run_starts(places)
        runs = np.cumsum(starts) - 1
        goes_on = (places.fichiers[0], places.parents[0]) == (self._last.fichier, self._last.parent)
        before = self._last.count if goes_on else 0
        counts = _counts(starts, runs, before)
        if self._detail.maximum is not None and counts.max() > self._detail.maximum:
            raise Irregular("too many records under one parent")
        if self._detail.numero is not None:
            numbers, given = _readable(rows.column(self._detail.numero), pa.int64())
            if (given & (numbers != counts)).any():
                raise Irregular("a record does not have its number")
        day = self._last.day if goes_on else _NO_DAY
        if self._detail.croissant is not None:
            day = self._prove_order(runs, rows.column(self._detail.croissant), day)
        self._last = _Last(int(places.fichiers[-1]), int(places.parents[-1]), int(counts[-1]), day)

    def _prove_order(self, runs: Longs, column: Any, day: int) -> int:
        """The last readable date of the last run."""
        values, given = _readable(column.cast(pa.int32()), pa.int64())
        days = np.concatenate([[day], values[given]])
        owners = np.concatenate([[0], runs[given]])
        if ((days[1:] < days[:-1]) & (owners[1:] == owners[:-1])).any():
            raise Irregular("a date goes back")
        return int(days[-1]) if owners[-1] == runs[-1] else _NO_DAY


_NO_DAY = int(np.iinfo(np.int64).min)


def _run_starts(places: Places) -> Mask:
    starts = np.ones(len(places.rangs), np.bool_)
    starts[1:] = (places.parents[1:] != places.parents[:-1]) | (places.fichiers[1:] != places.fichiers[:-1])
    return starts


def _counts(starts: Mask, runs: Longs, before: int) -> Longs:
    """How many records of its run each one makes, itself included; `before` were seen of the first run."""
    firsts = np.flatnonzero(starts)
    counts: Longs = np.arange(len(runs)) - firsts[runs] + 1
    counts[runs == 0] += before
    return counts


def _readable(column: Any, type: Any) -> tuple[Longs, Mask]:
    """The values of a column, and which of them are not null."""
    given: Mask = np.asarray(column.is_valid())
    numbers: Longs = np.asarray(column.fill_null("0" if pa.types.is_string(column.type) else 0).cast(type))
    return numbers, given
