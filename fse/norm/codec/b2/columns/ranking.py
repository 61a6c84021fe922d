"""Which place each record takes among those of all invoices: 2, its sub-records, the lines with theirs, 5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from fse.norm.codec.b2.columns.shapes import Longs
from fse.norm.codec.b2.columns.tallies import number_per_owner, per_owner
from fse.norm.codec.b2.seals import EDITION

_ORDER = tuple(EDITION.parents)
"""Sub-records stand in the order of the manifest."""


class Parts(NamedTuple):
    """Of so many invoices. `owners`: by type, the invoice of each record (m,); for a sub-record of a line, its line."""

    factures: int
    owners: Mapping[str, Longs]


class Ranks(NamedTuple):
    """`ranks`: by type, the place of each record among all, from 0. `starts`: first record of each invoice, then all.

    `counts`: records of each type, by invoice.
    """

    ranks: dict[str, Longs]
    starts: Longs
    counts: dict[str, Longs]


def rank_records(parts: Parts) -> Ranks:
    """The places of the records of these invoices, each with one record 2, one 5 and its lines (type 4)."""
    count, invoice_of = parts.factures, parts.owners["4"]
    of_head, of_line = _sub_records(parts, "2"), _sub_records(parts, "4")
    head_sizes, head_offsets = _sizes(of_head, count)
    line_sizes, line_offsets = _sizes(of_line, len(invoice_of))
    sizes = head_sizes + per_owner(invoice_of, line_sizes, count) + 1
    starts = np.concatenate([[0], np.cumsum(sizes)])
    firsts = starts[:-1]
    lines = _after(firsts + head_sizes, invoice_of, line_sizes)
    ranks = {"2": firsts, "4": lines, "5": starts[1:] - 1}
    counts = {"2": np.ones(count, np.int64), "4": number_per_owner(invoice_of, count), "5": np.ones(count, np.int64)}
    for type, owners in of_head.items():
        ranks[type] = _after(firsts + head_offsets[type], owners, np.ones(len(owners), np.int64))
        counts[type] = number_per_owner(owners, count)
    for type, owners in of_line.items():
        ranks[type] = _after(lines + line_offsets[type], owners, np.ones(len(owners), np.int64))
        counts[type] = number_per_owner(invoice_of[owners], count)
    return Ranks(ranks, starts, counts)


def _sub_records(parts: Parts, parent: str) -> dict[str, Longs]:
    """The sub-records of a record, in their order."""
    return {
        type: parts.owners[type]
        for type in _ORDER
        if type in parts.owners and EDITION.parents[type] == (parent,)
        if type != "4"
    }


def _sizes(sub_records: Mapping[str, Longs], count: int) -> tuple[Longs, dict[str, Longs]]:
    """How many records each of `count` records makes with its sub-records, and where those of each type start."""
    size = np.ones(count, np.int64)
    offsets = {}
    for type, owners in sub_records.items():
        offsets[type] = size.copy()
        size += number_per_owner(owners, count)
    return size, offsets


def _after(origins: Longs, owners: Longs, sizes: Longs) -> Longs:
    """Places of rows (m,) that follow one another from the origin of their owner, each `sizes` long; origins (n,)."""
    before = np.cumsum(sizes) - sizes
    first = np.searchsorted(owners, np.arange(len(origins)))
    base = origins.copy()
    held = first < len(owners)
    base[held] -= before[first[held]]
    places: Longs = base[owners] + before
    return places
