"""Arrow arrays from numpy buffers, without a copy of the values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fse.norm.layout.columns.faces.lanes import Mask


def bitmap(valid: Mask | None) -> Any:
    """The validity buffer of a mask (n,); `None` (all valid) for `None`."""
    return None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little"))


def numbers(type: Any, values: NDArray[Any], valid: Mask | None = None) -> Any:
    """An array of a type of fixed width from its values (n,) of the same width."""
    return pa.Array.from_buffers(type, len(values), [bitmap(valid), pa.py_buffer(values)])


def decimals(type: Any, units: NDArray[np.int64], valid: Mask | None = None) -> Any:
    """A decimal128 array from its unscaled values (n,), not negative."""
    words = np.zeros((len(units), 2), np.dtype("<i8"))
    words[:, 0] = units
    return pa.Array.from_buffers(type, len(units), [bitmap(valid), pa.py_buffer(words)])


def strings(offsets: NDArray[np.int32], data: NDArray[np.uint8], valid: Mask | None = None) -> Any:
    """A string array from the UTF-8 `data` and where each value starts in it (n + 1)."""
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data), bitmap(valid))
