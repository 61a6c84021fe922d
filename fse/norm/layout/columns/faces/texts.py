"""Text of fixed width, latin-1, to Arrow strings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fse.norm.layout.columns.faces.arrays import bitmap, strings
from fse.norm.layout.columns.faces.block import Block, Bytes
from fse.norm.layout.columns.faces.lanes import Mask
from fse.norm.layout.fields import Field

_BLANK = 0x20


def whole(block: Block, field: Field, valid: Mask | None = None) -> Any:
    """The text of a field as it stands: strings (n,)."""
    return strings(*_utf8(block, field), valid)


def without_blanks(block: Block, field: Field, valid: Mask) -> Any:
    """The text of a field without the blanks on its right: strings (n,), null where not `valid`."""
    if not valid.any():
        return pa.nulls(block.rows, pa.string())
    view = block.view(field)
    if bool((view[:, -1] != _BLANK).all()):
        return whole(block, field)
    if field.longueur == 1 and not block.beyond_ascii(field):
        offsets = np.zeros(block.rows + 1, np.int32)
        np.cumsum(valid, out=offsets[1:])
        return strings(offsets, view[:, 0][valid], valid)
    return masked(pc.ascii_rtrim(whole(block, field), characters=" "), valid)


def masked(array: Any, valid: Mask) -> Any:
    """The same strings, null where not `valid`."""
    _, offsets, data = array.buffers()
    return pa.StringArray.from_buffers(len(array), offsets, data, bitmap(valid))


def _utf8(block: Block, field: Field) -> tuple[NDArray[np.int32], Bytes]:
    """Offsets (n + 1) and UTF-8 bytes of the text of a field."""
    if not block.beyond_ascii(field):
        offsets = np.arange(0, (block.rows + 1) * field.longueur, field.longueur, dtype=np.int32)
        return offsets, block.packed(field)
    return _from_latin1(block.view(field))


def _from_latin1(view: Bytes) -> tuple[NDArray[np.int32], Bytes]:
    """The same for bytes beyond ASCII, which take two bytes each."""
    high = view >= 0x80
    offsets = np.zeros(len(view) + 1, np.int32)
    np.cumsum(view.shape[1] + high.sum(axis=1), out=offsets[1:])
    sizes = 1 + high.ravel()
    data = np.repeat(view.ravel(), sizes)
    lead = (np.cumsum(sizes) - sizes)[high.ravel()]
    data[lead] = 0xC0 | (data[lead] >> 6)
    data[lead + 1] = 0x80 | (data[lead + 1] & 0x3F)
    return offsets, data
