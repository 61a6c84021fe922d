"""The codes of many records at once: which of their files hold one that its list does not know."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fse.norm.codec.noemie.columns.window import Longs, Returns
from fse.norm.referentiels.codes import CodeLists


def unknown_codes(window: Returns, days: list[date | None], codes: CodeLists) -> set[int]:
    """The files, by their place in the window, with a code that is not in its list on the day of the file, `days`."""
    known = {day for day in days if day is not None}
    found: set[int] = set()
    for rows in window.rows.values():
        for field, table in rows.layout.coded:
            column = rows.table.column(field.nom)
            for value in distinct(column):
                wrong = {day for day in known if codes.code_at(table, value, day) is None}
                if wrong:
                    files = window.files_of(rows.records[_places(column, value)]).tolist()
                    found.update(file for file in files if days[file] in wrong)
    return found


def distinct(column: Any) -> list[str]:
    """The values of a column of strings, each once, without null. Codes of one or two characters are counted."""
    size = len(column) - column.null_count
    if not size:
        return []
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    first, last = int(ends[0]), int(ends[-1])
    width = (last - first) // size
    if width * size == last - first and (width == 1 or (width == 2 and bool((np.diff(ends) == width).all()))):
        unit: Any = np.dtype(f"<u{width}")
        return _counted(np.frombuffer(data, unit, size, first))
    return [value for value in pc.unique(column).to_pylist() if value is not None]


def _counted(units: Any) -> list[str]:
    """The distinct texts of units of as many bytes each."""
    alike = bool((units == units[0]).all())
    found = units[:1] if alike else np.flatnonzero(np.bincount(units)).astype(units.dtype)
    return [one.tobytes().decode("utf-8") for one in found]


def _places(column: Any, value: str) -> Longs:
    return np.flatnonzero(pc.equal(column, pa.scalar(value)).fill_null(False).to_numpy(zero_copy_only=False))
