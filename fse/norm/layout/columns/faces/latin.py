"""Arrow strings as texts of a file: one latin-1 byte a character, no control code."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fse.norm.layout.columns.faces.arrays import strings
from fse.norm.layout.columns.faces.block import Bytes
from fse.norm.layout.columns.faces.lanes import Mask

Offsets = NDArray[np.int32]

_BLANK, _DELETE, _BEYOND_ASCII, _LEAD = 0x20, 0x7F, 0x80, 0xC0
_LEADS_OF_LATIN1 = (0xC2, 0xC3)


class Characters(NamedTuple):
    """Texts (n,): their bytes end to end, where each starts (n + 1), and those that no file can hold."""

    data: Bytes
    offsets: Offsets
    refused: Mask | None

    @property
    def sizes(self) -> Offsets:
        """Characters of each text (n,)."""
        sizes: Offsets = self.offsets[1:] - self.offsets[:-1]
        return sizes

    def begin_with(self, any_of: bytes) -> Mask:
        """The texts (n,) whose first character is one of these."""
        return self._have_at(self.offsets[:-1], any_of)

    def end_with(self, any_of: bytes) -> Mask:
        """The texts (n,) whose last character is one of these."""
        return self._have_at(self.offsets[1:] - 1, any_of)

    def _have_at(self, places: Offsets, any_of: bytes) -> Mask:
        found = self.sizes > 0
        found[found] = np.isin(self.data[places[found]], list(any_of))
        return found


def characters_of(array: Any, missing: Mask | None) -> Characters:
    """The texts of a string array (n,), empty where they are `missing` (null). Refused: control codes, what latin-1
    does not have.
    """
    _, offsets_buffer, data_buffer = array.buffers()
    offsets: Offsets = np.frombuffer(offsets_buffer, np.int32)[array.offset : array.offset + len(array) + 1]
    if missing is not None and (missing & (offsets[1:] != offsets[:-1])).any():
        return characters_of(array.fill_null(""), None)
    first, end = int(offsets[0]), int(offsets[-1])
    if first == end:
        return Characters(np.empty(0, np.uint8), np.zeros(len(array) + 1, np.int32), None)
    data: Bytes = np.frombuffer(data_buffer, np.uint8)[first:end]
    found = Characters(data, offsets - offsets[0] if first else offsets, None)
    if data.max() >= _BEYOND_ASCII:
        found = _from_utf8(found)
    if found.data.min() < _BLANK or (found.data == _DELETE).any():
        controls = _texts_with((found.data < _BLANK) | (found.data == _DELETE), found.offsets)
        found = found._replace(refused=controls if found.refused is None else found.refused | controls)
    return found


def padded(found: Characters, left_out: Mask | None, width: int, *, right: bool) -> Bytes:
    """The same texts, each in `width` characters: uint8 (n, width), contiguous. Nothing of those that are left out.

    `right`: on the right, behind zeros; otherwise on the left, before blanks. The others have at most `width`.
    """
    count = len(found.offsets) - 1
    if left_out is None and len(found.data) == count * width and bool((found.sizes == width).all()):
        return found.data.reshape(count, width)
    array = strings(found.offsets, found.data)
    if left_out is not None:
        array = pc.if_else(pa.array(left_out), "", array)
    array = pc.ascii_lpad(array, width, "0") if right else pc.ascii_rpad(array, width, " ")
    return np.frombuffer(array.buffers()[2], np.uint8)[: count * width].reshape(count, width)


def _from_utf8(found: Characters) -> Characters:
    """UTF-8 to latin-1: the two bytes of a character become one; a text with a longer one is refused."""
    data = found.data
    leads = data >= _LEAD
    strange = leads & (data != _LEADS_OF_LATIN1[0]) & (data != _LEADS_OF_LATIN1[1])
    refused = _texts_with(strange, found.offsets) if strange.any() else None
    places = np.flatnonzero(leads)
    latin1 = data.copy()
    latin1[places + 1] = ((data[places] & 0x03) << 6) | (data[places + 1] & 0x3F)
    lost = np.zeros(len(data) + 1, np.int32)
    np.cumsum(leads, out=lost[1:])
    return Characters(latin1[~leads], found.offsets - lost[found.offsets], refused)


def _texts_with(marked: Mask, offsets: Offsets) -> Mask:
    """The texts (n,) that hold one of the marked bytes."""
    found = np.zeros(len(offsets) - 1, np.bool_)
    found[np.searchsorted(offsets, np.flatnonzero(marked), side="right") - 1] = True
    return found
