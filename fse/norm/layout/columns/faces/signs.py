"""The sign that one field gives to the amount of another, in many records: `P` or `N` for a signed amount."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fse.norm.layout.columns.faces.lanes import Mask
from fse.norm.layout.columns.faces.latin import characters_of, padded
from fse.norm.layout.columns.faces.target import Target
from fse.norm.layout.columns.faces.writing import any_of, given_in

_PLUS, _MINUS = b"PN"


def write_signs(amounts: NDArray[np.int64], signs: Any | None, target: Target) -> Mask | None:
    """The signs of amounts (n,), 0 where nothing is given; `signs`: those given as an Arrow array (n,) of strings.

    A sign that is not given is that of its amount, `P` for nothing. Doubtful: a sign that contradicts its amount, or
    that is none. Returns the doubtful rows, `None` for no row.
    """
    written = np.where(amounts < 0, np.uint8(_MINUS), np.uint8(_PLUS))
    doubtful = None
    if signs is not None and signs.null_count < len(signs):
        given = given_in(signs)
        found = characters_of(signs, ~given)
        texts = padded(found, any_of(found.refused, found.sizes > 1), 1, right=False)[:, 0]
        wrong = given & (texts != written)
        free = wrong & (amounts == 0) & (texts == _MINUS)
        written = np.where(free, texts, written)
        doubtful = wrong & ~free
    target.put(written)
    return doubtful if doubtful is not None and doubtful.any() else None
