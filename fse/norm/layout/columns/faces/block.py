"""Many records of one layout as bytes, and the lanes of their fields."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fse.norm.layout.columns.faces.lanes import LANE, Lanes, Mask, keep_last, lane_of
from fse.norm.layout.fields import Field
from fse.norm.layout.layout import Layout

Bytes = NDArray[np.uint8]

_BLANK, _DELETE, _BEYOND_ASCII = 0x20, 0x7F, 0x80


class Block:
    """`matrix` holds n records, one a row: uint8 (n, `layout.longueur`), contiguous, n at least 1.

    Raises `ValueError` when the layout is shorter than a lane.
    """

    def __init__(self, layout: Layout, matrix: Bytes) -> None:
        if layout.longueur < LANE:
            raise ValueError(f"record {layout.type}: shorter than {LANE} bytes")
        self.layout = layout
        self.matrix = matrix
        self.rows = len(matrix)

    @cached_property
    def is_plain(self) -> bool:
        """Nothing but the printable characters of ASCII; bytes below the first of them go round to the highest."""
        return bool((self.matrix - np.uint8(_BLANK)).max() < _DELETE - _BLANK)

    @cached_property
    def has_controls(self) -> bool:
        """A control code stands somewhere."""
        return not self.is_plain and bool(self.matrix.min() < _BLANK or (self.matrix == _DELETE).any())

    @cached_property
    def is_ascii(self) -> bool:
        """No byte beyond ASCII stands anywhere."""
        return self.is_plain or bool(self.matrix.max() < _BEYOND_ASCII)

    def view(self, field: Field) -> Bytes:
        """The bytes of a field: uint8 (n, `field.longueur`), a view."""
        return self.matrix[:, field.span]

    def packed(self, field: Field) -> Bytes:
        """The same bytes, contiguous: uint8 (n * `field.longueur`,), a copy."""
        items: Any = np.ndarray(
            (self.rows,), f"V{field.longueur}", self.matrix, offset=field.debut - 1, strides=(self.layout.longueur,)
        )
        copied: Bytes = items.copy().view(np.uint8)
        return copied

    def controls(self, field: Field) -> Mask | None:
        """The rows where a control code stands in the field (n,); `None` when there is none in the block."""
        if not self.has_controls:
            return None
        view = self.view(field)
        found: Mask = ((view < _BLANK) | (view == _DELETE)).any(axis=1)
        return found

    def beyond_ascii(self, field: Field) -> bool:
        """A byte beyond ASCII stands in this field of some row."""
        return not self.is_ascii and bool(self.view(field).max() >= _BEYOND_ASCII)

    def ends_everywhere(self, field: Field) -> bool:
        """No row has a blank at the end of the field."""
        return bool((self.matrix[:, field.fin - 1] != _BLANK).all())

    def used(self, field: Field) -> int:
        """How many characters of a field stand before the blanks that end it in every row."""
        left = field.longueur
        for lanes, width in self.lanes(field):
            others = int(np.bitwise_or.reduce(lanes ^ lane_of(b" " * width)))
            if others:
                return left - LANE + (others.bit_length() + 7) // 8
            left -= width
        return 0

    def lanes(self, field: Field) -> Iterator[tuple[Lanes, int]]:
        """The text of a field in lanes (n,), its last characters first, each with its number of characters."""
        for end in range(field.fin, field.debut - 1, -LANE):
            width = min(LANE, end - field.debut + 1)
            yield self._lane(end, width), width

    def equals(self, field: Field, text: bytes) -> Mask:
        """The rows (n,) whose field is exactly this text."""
        if field.longueur == 1:
            alike: Mask = self.matrix[:, field.debut - 1] == text[0]
            return alike
        end = field.longueur
        found: Mask | None = None
        for lanes, width in self.lanes(field):
            same: Mask = lanes == lane_of(text[end - width : end])
            found = same if found is None else found & same
            end -= width
        assert found is not None, "a field has at least one character"
        return found

    def _lane(self, end: int, width: int) -> Lanes:
        """The `width` characters that end at the 1-based position `end` of each record."""
        start = max(end - LANE, 0)
        strided: Any = np.ndarray(
            (self.rows,), np.dtype("<u8"), self.matrix, offset=start, strides=(self.layout.longueur,)
        )
        lanes: Lanes = strided.astype(np.uint64)
        if end < LANE:
            lanes <<= np.uint64(8 * (LANE - end))
        if width < LANE:
            lanes &= keep_last(width)
        return lanes
