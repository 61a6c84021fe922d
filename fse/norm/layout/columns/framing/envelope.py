"""Where the heads of files stand among many bytes."""

from __future__ import annotations

from functools import cache

import numpy as np

from fse.norm.layout.columns.faces.block import Bytes
from fse.norm.layout.loading.loader import envelope_conditions, envelope_pattern

_STEP = 1 << 18
"""Bytes looked at together: what the processor keeps at hand."""


def heads_in(data: Bytes) -> list[int]:
    """The places where an envelope (`fse.norm.layout.loading.loader.envelope_pattern`) starts, in order.

    Its last characters are looked for: they are far rarer than the zeros that it starts with, looked at next.
    """
    opening, literal, width = _ends()
    before = width - len(literal)
    found: list[int] = []
    for start in range(before, len(data) - len(literal) + 1, _STEP):
        piece = data[start : start + _STEP + len(literal) - 1]
        size = len(piece) - len(literal) + 1
        same = piece[:size] == literal[0]
        for place, character in enumerate(literal[1:], start=1):
            same &= piece[place : place + size] == character
        places = np.flatnonzero(same) + (start - before)
        for place, character in enumerate(opening):
            places = places[data[places + place] == character]
        found.extend(places.tolist())
    return [place for place in found if envelope_pattern().match(data[place : place + width].tobytes())]


@cache
def _ends() -> tuple[bytes, bytes, int]:
    """The characters that an envelope starts with, those that it ends with, and its length.

    Raises `ValueError` when they are not told.
    """
    first, *_, last = envelope_conditions()
    if first["debut"] != 1 or not (first["motif"].isalnum() and last["motif"].isalnum()):
        raise ValueError("enveloppe.toml: the first and the last condition are texts, at both ends")
    return first["motif"].encode("ascii"), last["motif"].encode("ascii"), last["fin"]
