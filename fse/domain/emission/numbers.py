"""Lot numbers: three digits that come round again, so that reuse is watched (precisions, "Numbers")."""

from __future__ import annotations

from collections.abc import Set

LOT_MAX = 999
DELAI_REEMPLOI_JOURS = 90
"""Days during which the number of a lot is not used again: the legal retention of an FSE (R161-47)."""


def next_lot_number(last: int, taken: Set[int]) -> int | None:
    """The first free number after `last` (0 when none was ever used), in the cycle 1 to 999.

    `taken` are the numbers of lots of this day, unsettled, or younger than `DELAI_REEMPLOI_JOURS`.
    `None` when all are taken.
    """
    for step in range(LOT_MAX):
        candidate = (last + step) % LOT_MAX + 1
        if candidate not in taken:
            return candidate
    return None
