"""The records of returns in one window, in order: which file each is of, and the rows of each type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fse.norm.layout import Edition, Layout
from fse.norm.layout.columns.regular import Given, Span

Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Rows(NamedTuple):
    """The k records of one type. `records`: which of the window they are, int64 (k,), increasing; `table`: (k,)."""

    layout: Layout
    records: Longs
    table: Any

    def numbers(self, nom: str) -> Longs:
        """A column of whole numbers or days, 0 where it is null: int64 (k,)."""
        return as_numbers(self.table.column(nom))


class Returns:
    """The files of one edition in a window: k spans, n records."""

    def __init__(self, edition: Edition, given: Given) -> None:
        self.spans: list[Span] = [span for span in given.spans if span.edition is edition]
        self.rows = {
            judged.batch.layout.type: Rows(judged.batch.layout, judged.records, judged.batch.rows)
            for judged in given.judged
            if judged.batch.edition is edition
        }
        self.size = sum(len(rows.records) for rows in self.rows.values())
        self.head, self.tail = edition.tete, edition.pied
        heads = self.of(self.head)
        self.goes_on = bool(self.spans) and not self.spans[0].starts
        self.firsts = np.append(0, heads) if self.goes_on else heads
        """The first record of each file: int64 (k,)."""

    def of(self, *types: str) -> Longs:
        """The records of these types, in order."""
        found = [self.rows[type].records for type in types if type in self.rows]
        if len(found) == 1:
            return found[0]
        return np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)

    def types_at(self, records: Longs, types: Iterable[str]) -> list[str]:
        """The type of each of these records, which are of these types."""
        here = [type for type in types if type in self.rows]
        if len(here) == 1:
            return here * len(records)
        found = np.empty(len(records), object)
        for type in here:
            found[np.isin(records, self.rows[type].records)] = type
        return list(found)

    def files_of(self, records: Longs) -> Longs:
        """Which of the k files holds each of these records, given in order."""
        if len(self.firsts) == 1:
            return np.zeros(len(records), np.int64)
        return np.searchsorted(self.firsts, records, side="right") - 1

    def holding(self, records: Longs) -> list[int]:
        """Which of the k files hold one of these records, given in order."""
        bounds = np.searchsorted(records, np.append(self.firsts, self.size))
        return np.flatnonzero(bounds[1:] > bounds[:-1]).tolist()


def as_numbers(column: Any) -> Longs:
    """The values of an integer or date column, 0 where they are null: int64 (k,)."""
    if pa.types.is_date32(column.type):
        column = column.view(pa.int32())
    if column.null_count:
        column = column.fill_null(0)
    found: Longs = column.to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    return found
