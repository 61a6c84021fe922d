"""Records of several types, each built by columns, put in the order that they have in a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from fse.norm.layout.columns.faces.block import Bytes
from fse.norm.layout.columns.plan import Longs


class Part(NamedTuple):
    """n records of one length, uint8 (n, length), and the 0-based rank of each among all records, int64 (n,)."""

    records: Bytes
    ranks: Longs


def assemble(parts: Sequence[Part]) -> tuple[Bytes, Longs]:
    """The bytes of all records of these parts in the order of their ranks, and where each starts: uint8 (m,), int64
    (records + 1,).

    Raises `ValueError` when the ranks of all parts are not 0, 1, 2… each once.
    """
    count = sum(len(part.records) for part in parts)
    sizes = np.zeros(count, np.int64)
    for records, ranks in parts:
        if len(ranks) != len(records) or (len(ranks) and (ranks.min() < 0 or ranks.max() >= count)):
            raise ValueError("a rank for each record, from 0")
        sizes[ranks] = records.shape[1]
    if not sizes.all():
        raise ValueError("a rank is missing, another stands twice")
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    data = np.empty(int(starts[-1]), np.uint8)
    for records, ranks in parts:
        if len(ranks):
            length = records.shape[1]
            everywhere: Any = np.ndarray((len(data) - length + 1,), f"V{length}", data, strides=(1,))
            everywhere[starts[ranks]] = np.ascontiguousarray(records).view(f"V{length}").ravel()
    return data, starts
