"""Columns to the records of one type, many at a time: what `Layout.build` writes one by one.

Rows that a face does not answer for are given to the record codec one by one, which writes or refuses them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from fse.base.errors import BuildError
from fse.norm.layout.columns.faces.block import Bytes
from fse.norm.layout.columns.faces.lanes import Mask
from fse.norm.layout.columns.faces.sources import Column, Signs, Source, rows_of, source_of
from fse.norm.layout.columns.faces.target import Target
from fse.norm.layout.columns.faces.writing import any_of
from fse.norm.layout.columns.plan import Longs
from fse.norm.layout.fields import Field
from fse.norm.layout.kinds import KINDS
from fse.norm.layout.layout import Layout
from fse.norm.layout.record import CHARSET

_ROWS = 8192
"""Records written at a time: they stay in the cache of the processor while their fields come one after the other."""


def build_records(layout: Layout, rows: int, columns: Mapping[str, Any]) -> Bytes:
    """The records of `rows` rows: uint8 (rows, `layout.longueur`), contiguous.

    `columns`: Arrow arrays or chunked arrays (rows,) by field name, of the types of `schema_of` (string, int64, date32,
    decimal128; a dictionary of strings is a column of strings). Row i is `layout.build` of the values of row i, `None`
    for a null; a field without a column takes its constant, its default, or is absent.
    Raises the `BuildError` (`champ.refuse`) of the first row that `Layout.build` refuses, `lieu` says which (from 1),
    or of a name that is unknown; `ValueError` when a column does not have so many rows.
    """
    if any(nom not in layout for nom in columns):
        layout.build(dict.fromkeys(columns))
    for nom, column in columns.items():
        if len(column) != rows:
            raise ValueError(f"column {nom}: {len(column)} rows, not {rows}")
    records = np.empty((rows, layout.longueur), np.uint8)
    if not rows:
        return records
    writing = _Writing(layout, rows, columns)
    for start in range(0, rows, _ROWS):
        writing.write(start, records[start : start + _ROWS])
    return records


class _Writing:
    """The columns of one layout on their way into records."""

    def __init__(self, layout: Layout, rows: int, columns: Mapping[str, Any]) -> None:
        self._layout = layout
        self._columns = columns
        self._sources = list(_sources(layout, rows, columns))
        written = {field.nom for field, _ in self._sources}
        common = _common_texts(layout)
        texts = [" " * field.longueur if field.nom in written else common[field.nom] for field in layout.champs]
        self._refused = None in texts
        """A field without a column has no writing: no row has one."""
        self._common = np.frombuffer("".join(text or "" for text in texts).encode(CHARSET), np.uint8)

    def write(self, start: int, records: Bytes) -> None:
        """The records of the rows from `start` on: uint8 (n, length), contiguous. Raises `BuildError`."""
        doubtful: Mask | None = None
        if self._refused:
            doubtful = np.ones(len(records), np.bool_)
        else:
            records[:] = self._common
            for field, source in self._sources:
                doubtful = any_of(doubtful, source.write(start, Target(records, field.debut - 1, field.longueur)))
        if doubtful is not None and doubtful.any():
            self._write_one_by_one(start, np.flatnonzero(doubtful), records)

    def _write_one_by_one(self, start: int, rows: Longs, records: Bytes) -> None:
        """These rows of those from `start` on, with the record codec."""
        values = {
            nom: rows_of(column, start, len(records)).take(pa.array(rows)).to_pylist()
            for nom, column in self._columns.items()
        }
        for place, row in enumerate(rows.tolist()):
            try:
                record = self._layout.build({nom: column[place] for nom, column in values.items()})
            except BuildError as error:
                lieu = f"{error.lieu}, ligne {start + row + 1}"
                raise BuildError(error.code, error.message, action=error.action, lieu=lieu) from None
            records[row] = np.frombuffer(record, np.uint8)


def _sources(layout: Layout, rows: int, columns: Mapping[str, Any]) -> Iterator[tuple[Field, Source]]:
    """What each field that has a column, or that signs an amount, is written from; n rows, n at least 1."""
    signed = {amount for _, amount in layout.signs}
    for field in layout.champs:
        column = columns.get(field.nom)
        if field.signe_de is not None:
            amount = layout.champ(field.signe_de)
            amounts = columns[amount.nom] if amount.nom in columns else _common_amounts(layout, amount, rows)
            yield field, Signs(Column(amount, amounts), None if column is None else Column(field, column))
        elif column is not None:
            yield field, source_of(field, column, signed=field.nom in signed)


@cache
def _common_texts(layout: Layout) -> Mapping[str, str | None]:
    """What stands in each field that has no column, `None` when nothing can; signs are written with their amounts."""
    return {field.nom: _common_text(field) for field in layout.champs if field.signe_de is None}


def _common_text(field: Field) -> str | None:
    text = field.constante if field.constante is not None else field.defaut
    if text is not None:
        return text
    try:
        return KINDS[field.genre].build(None, field)
    except ValueError:
        return None


def _common_amounts(layout: Layout, amount: Field, rows: int) -> Any:
    """The amounts (rows,) of a field without a column."""
    text = _common_texts(layout)[amount.nom]
    value = None if text is None else KINDS[amount.genre].parse(text, amount)
    return pa.repeat(pa.scalar(value, pa.int64()), rows)
