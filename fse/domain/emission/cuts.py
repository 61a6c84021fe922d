"""Where a new lot opens, for many invoices at once: the rules of `rupture`, on columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fse.domain.emission.rupture import FACTURES_MAX, LIGNES_MAX, TOTAL_MAX

Longs = NDArray[np.int64]


def cut_lots(keys: Longs, honoraires: Longs, lignes: Longs, taille: int) -> Longs:
    """The first invoice of each lot, then n: int64 (lots + 1,), as `group_in_lots` groups them.

    The n invoices come in the order of their lots: by key, then by number. `keys` says which have the same `LotKey`
    (equal values), `honoraires` what each bills in centimes, `lignes` its records 4, sub-records included.
    Raises `ValueError` when `taille` is not 1 to 999.
    """
    if not 1 <= taille <= FACTURES_MAX:
        raise ValueError(f"a lot holds 1 to {FACTURES_MAX} invoices")
    rows = len(keys)
    if not rows:
        return np.zeros(1, np.int64)
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    ends = np.append(first[1:], rows)
    opens = (np.arange(rows) - np.repeat(first, ends - first)) % taille == 0
    starts = np.flatnonzero(opens)
    heavy = (np.add.reduceat(honoraires, starts) > TOTAL_MAX) | (np.add.reduceat(lignes, starts) > LIGNES_MAX)
    for run in np.unique(np.searchsorted(first, starts[heavy], side="right") - 1):
        begin, end = int(first[run]), int(ends[run])
        opens[begin:end] = _cut_one_by_one(honoraires[begin:end].tolist(), lignes[begin:end].tolist(), taille)
    return np.append(np.flatnonzero(opens), rows)


def _cut_one_by_one(honoraires: list[int], lignes: list[int], taille: int) -> list[bool]:
    """Which invoices of one key open a lot, where size is not all that ends one."""
    opens: list[bool] = []
    held = total = counted = 0
    for amount, lines in zip(honoraires, lignes, strict=True):
        total, counted = total + amount, counted + lines
        new = not held or held == taille or total > TOTAL_MAX or counted > LIGNES_MAX
        if new:
            held, total, counted = 0, amount, lines
        held += 1
        opens.append(new)
    return opens
