"""What the trailers of B2 announce of many invoices, as the manifest says (`[controles]`): `tally`, on columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from fse.norm.layout.edition import Control

Longs = NDArray[np.int64]
Number = TypeVar("Number", int, Longs)


def announced(control: Control, counts: Mapping[str, Number]) -> dict[str, Number]:
    """What the counts of a trailer announce, by field, from the records of each type that it closes."""
    found: dict[str, Number] = {}
    for type, count in counts.items():
        for champ in control.counted_in(type):
            found[champ] = found[champ] + count if champ in found else count
    return found


def summed(control: Control, amounts: Mapping[tuple[str, str], Longs]) -> dict[str, Longs]:
    """What the sums of a trailer announce, by field. `amounts`: by type and field, what each trailer closes (n,)."""
    return {
        champ: np.sum([term.signe * amounts[term.type, term.champ] for term in terms], axis=0, dtype=np.int64)
        for champ, terms in control.sommes.items()
    }


def per_owner(owners: Longs, values: Longs, count: int) -> Longs:
    """The sums of the values (m,) of each of `count` owners; `owners` (m,) never goes back."""
    before = np.concatenate([[0], np.cumsum(values)])
    edges = np.searchsorted(owners, np.arange(count + 1))
    sums: Longs = np.diff(before[edges])
    return sums


def number_per_owner(owners: Longs, count: int) -> Longs:
    """How many rows each of `count` owners has."""
    return np.bincount(owners, minlength=count).astype(np.int64, copy=False)
