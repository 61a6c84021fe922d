"""Where the texts of one field go: the bytes of many records that are being written, a few characters at a time."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from fse.norm.layout.columns.faces.block import Bytes
from fse.norm.layout.columns.faces.lanes import Mask

_WORDS = (8, 4, 2, 1)
"""Characters that numpy moves as one number."""
_MOST_WORDS = 2
"""Above, one copy of bytes costs less."""


class Target(NamedTuple):
    """The texts of one field in n records: `longueur` characters from the 0-based `debut` of each row of `matrix`.

    `matrix` is uint8 (n, length of a record), contiguous, n at least 1.
    """

    matrix: Bytes
    debut: int
    longueur: int

    def put(self, texts: Any, place: int = 0, skipped: int = 0, width: int | None = None) -> None:
        """Write `width` characters (all of them by default) of each text at the 0-based `place` of the field.

        `texts` is contiguous and holds n texts of equal size, whatever its type and shape; the first `skipped`
        characters of each are left out.
        """
        rows, length = self.matrix.shape
        size = texts.nbytes // rows
        for start, item in _parts(self.longueur if width is None else width):
            written: Any = np.ndarray((rows,), item, self.matrix, offset=self.debut + place + start, strides=(length,))
            written[...] = np.ndarray((rows,), item, texts, offset=skipped + start, strides=(size,))


def are_zeros(texts: Bytes) -> Mask:
    """The texts (n, width), contiguous, that are digits 0 from end to end."""
    rows, width = texts.shape
    found = np.ones(rows, np.bool_)
    for start, word in _words(width):
        zeros = np.frombuffer(b"0" * word, f"u{word}")[0]
        found &= np.ndarray((rows,), f"u{word}", texts, offset=start, strides=(width,)) == zeros
    return found


@cache
def _parts(width: int) -> tuple[tuple[int, str], ...]:
    """What so many characters are moved in: where each part starts, and its numpy type."""
    words = _words(width)
    return tuple((start, f"u{word}") for start, word in words) if len(words) <= _MOST_WORDS else ((0, f"V{width}"),)


def _words(width: int) -> list[tuple[int, int]]:
    """So many characters cut into numbers: where each starts, and its size."""
    found: list[tuple[int, int]] = []
    start = 0
    for word in _WORDS:
        while width - start >= word:
            found.append((start, word))
            start += word
    return found
