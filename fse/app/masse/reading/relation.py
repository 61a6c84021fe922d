"""Entity rows as their relation holds them: whole numbers, texts, no personal column, nothing that only frames."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from fse.app.operations.practice import entity_tables

KEY = ("cabinet", "fichier")
"""The columns that come first, which a file alone does not give."""


@cache
def columns_of(type: str) -> tuple[tuple[str, Any], ...]:
    """The columns of the relation of an entity type, after its key: name, Arrow type."""
    table = entity_tables().table(type)
    return tuple(
        (one.name, pa.int64() if one.type.python_type is int else pa.string())
        for one in table.columns
        if one.name not in KEY
    )


def relation_name(type: str) -> str:
    """`noemie_102`…"""
    return entity_tables().table(type).name


def as_relation(type: str, rows: Any) -> Any:
    """The `pyarrow.Table` of these rows (a table of `schema_of`), key left out: days and centimes are whole numbers,
    decimals counted in their last decimal, no parent is 0.
    """
    arrays = [
        _whole(rows[name], nothing=name == "rang_parent") if kind == pa.int64() else rows[name]
        for name, kind in columns_of(type)
    ]
    return pa.table(arrays, names=[name for name, _ in columns_of(type)])


def _whole(column: Any, *, nothing: bool) -> Any:
    """A column of numbers or dates as int64."""
    kind = column.type
    if pa.types.is_date32(kind):
        return column.cast(pa.int32()).cast(pa.int64())
    if pa.types.is_decimal(kind):
        return pa.chunked_array([_scaled(chunk) for chunk in column.chunks], pa.int64())
    whole = column.cast(pa.int64())
    return whole.fill_null(0) if nothing else whole


def _scaled(column: Any) -> Any:
    """The unscaled values of decimals, that 64 bits hold."""
    low = np.frombuffer(column.buffers()[1], np.int64)[::2][column.offset : column.offset + len(column)]
    return pa.array(low, mask=np.asarray(column.is_null()))
