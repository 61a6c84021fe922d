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

    Its last characters are looked for: they are far rarer than the zeros that it starts with.
    """
    literal, width = _last_characters()
    before = width - len(literal)
    found: list[int] = []
    for start in range(before, len(data) - len(literal) + 1, _STEP):
        piece = data[start : start + _STEP + len(literal) - 1]
        size = len(piece) - len(literal) + 1
        same = piece[:size] == literal[0]
        for place, character in enumerate(literal[1:], start=1):
            same &= piece[place : place + size] == character
        found.extend((np.flatnonzero(same) + (start - before)).tolist())
    return [place for place in found if envelope_pattern().match(data[place : place + width].tobytes())]


@cache
def _last_characters() -> tuple[bytes, int]:
    """The characters that an envelope ends with, and its length. Raises `ValueError` when they are not told."""
    last = envelope_conditions()[-1]
    if not last["motif"].isalnum():
        raise ValueError("enveloppe.toml: the last condition is not a text")
    return last["motif"].encode("ascii"), last["fin"]
