"""Text of fixed width, latin-1, to Arrow strings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fse.norm.layout.columns.faces.arrays import bitmap, strings
from fse.norm.layout.columns.faces.block import Block
from fse.norm.layout.columns.faces.lanes import Mask
from fse.norm.layout.fields import Field
from fse.norm.layout.record import CHARSET

_BEYOND_ASCII = 0x80


def whole(block: Block, field: Field, valid: Mask | None = None) -> Any:
    """The text of a field as it stands: strings (n,)."""
    return _utf8(block, field, _raw(block, field, valid))


def without_blanks(block: Block, field: Field, valid: Mask) -> Any:
    """The text of a field without the blanks on its right: strings (n,), null where not `valid`."""
    view = block.view(field)
    if field.longueur == 1 and not block.beyond_ascii(field):
        offsets = np.zeros(block.rows + 1, np.int32)
        np.cumsum(valid, out=offsets[1:])
        return strings(offsets, view[:, 0][valid], valid)
    return _utf8(block, field, masked(pc.ascii_rtrim(_raw(block, field), characters=" "), valid))


def masked(array: Any, valid: Mask) -> Any:
    """The same strings, null where not `valid`."""
    _, offsets, data = array.buffers()
    return pa.StringArray.from_buffers(len(array), offsets, data, bitmap(valid))


def _raw(block: Block, field: Field, valid: Mask | None = None) -> Any:
    """The bytes of a field as if they were UTF-8: strings (n,)."""
    offsets = np.arange(0, (block.rows + 1) * field.longueur, field.longueur, dtype=np.int32)
    return strings(offsets, block.packed(field), valid)


def _utf8(block: Block, field: Field, raw: Any) -> Any:
    """The same strings, their latin-1 bytes in UTF-8: those beyond ASCII take two."""
    if not block.beyond_ascii(field):
        return raw
    validity, starts, content = raw.buffers()
    offsets, data = np.frombuffer(starts, np.int32, len(raw) + 1), np.frombuffer(content, np.uint8)
    high = np.flatnonzero(data[: offsets[-1]] >= _BEYOND_ASCII)
    wide = data[: offsets[-1]].tobytes().decode(CHARSET).encode("utf-8")
    moved = offsets + np.searchsorted(high, offsets).astype(np.int32)
    return pa.StringArray.from_buffers(len(raw), pa.py_buffer(moved), pa.py_buffer(wide), validity)
