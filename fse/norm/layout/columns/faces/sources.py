"""What one field of many records is written from: its column, brought to what its face takes; the amount it signs."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from fse.norm.layout.columns.faces.kinds import FACES
from fse.norm.layout.columns.faces.lanes import Mask
from fse.norm.layout.columns.faces.signs import write_signs
from fse.norm.layout.columns.faces.target import Target
from fse.norm.layout.columns.faces.writing import WRITING_FACES, buffer_of
from fse.norm.layout.fields import Field


class Source(Protocol):
    """Writes its field in as many rows as the target has, those from `start` on. Returns the doubtful ones."""

    def write(self, start: int, target: Target) -> Mask | None: ...


class Column:
    """An Arrow column (array or chunked) whose values are those of a field, stored in that type or in a like one."""

    def __init__(self, field: Field, column: Any) -> None:
        self._column = column
        self._type = FACES[field.genre].type(field)

    def rows(self, start: int, count: int) -> Any | None:
        """So many values as one array of the type of the field; `None` when a type is not like it, or does not fit.

        Nothing is converted but the width of numbers and the way strings are stored.
        """
        array = rows_of(self._column, start, count)
        if types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if array.type == self._type:
            return array
        if not _are_alike(array.type, self._type):
            return None
        try:
            return array.cast(self._type)
        except pa.ArrowInvalid:
            return None


class Plain:
    """A column; of an amount that another field signs, its magnitude."""

    def __init__(self, field: Field, column: Any, *, signed: bool) -> None:
        self._field = field
        self._column = Column(field, column)
        self._signed = signed

    def write(self, start: int, target: Target) -> Mask | None:
        array = self._column.rows(start, len(target.matrix))
        if array is None:
            return np.ones(len(target.matrix), np.bool_)
        face = WRITING_FACES[self._field.genre]
        return face.write(pc.abs(array) if self._signed else array, self._field, target)


class Coded:
    """A column of strings with one dictionary: each of its texts is written once, the rows are looked up."""

    def __init__(self, field: Field, column: Any, dictionary: Any) -> None:
        self._column = column
        words = pa.concat_arrays([dictionary, pa.nulls(1, pa.string())])
        texts = np.empty((len(words), field.longueur), np.uint8)
        self._doubtful = WRITING_FACES[field.genre].write(words, field, Target(texts, 0, field.longueur))
        self._texts = texts.view(f"V{field.longueur}").ravel()

    def write(self, start: int, target: Target) -> Mask | None:
        indices = rows_of(self._column, start, len(target.matrix)).indices.cast(pa.int64())
        places = indices.fill_null(len(self._texts) - 1).to_numpy()
        target.put(self._texts.take(places))
        return None if self._doubtful is None else self._doubtful[places]


class Signs:
    """The sign of an amount: that of the column of the amount, or that of its own column where nothing is due."""

    def __init__(self, amounts: Column, signs: Column | None) -> None:
        self._amounts = amounts
        self._signs = signs

    def write(self, start: int, target: Target) -> Mask | None:
        rows = len(target.matrix)
        amounts = self._amounts.rows(start, rows)
        signs = None if self._signs is None else self._signs.rows(start, rows)
        if amounts is None or (signs is None and self._signs is not None):
            return np.ones(rows, np.bool_)
        values = buffer_of(amounts.fill_null(0) if amounts.null_count else amounts, np.dtype("<i8"))
        return write_signs(values, signs, target)


def source_of(field: Field, column: Any, *, signed: bool) -> Source:
    """What a field with a column (n,), n at least 1, is written from; `signed`: another field carries its sign."""
    if (
        types.is_dictionary(column.type)
        and _is_text(column.type.value_type)
        and _is_text(FACES[field.genre].type(field))
    ):
        unified = column.unify_dictionaries() if isinstance(column, pa.ChunkedArray) else column
        dictionary = rows_of(unified, 0, 1).dictionary
        if len(dictionary) < len(column):
            return Coded(field, unified, dictionary.cast(pa.string()))
    return Plain(field, column, signed=signed)


def rows_of(column: Any, start: int, count: int) -> Any:
    """So many rows of a column (array or chunked), as one array."""
    part = column.slice(start, count)
    if not isinstance(part, pa.ChunkedArray):
        return part
    return part.chunk(0) if part.num_chunks == 1 else part.combine_chunks()


def _are_alike(given: Any, wanted: Any) -> bool:
    pairs = ((_is_text, types.is_string), (types.is_integer, types.is_int64), (types.is_decimal, types.is_decimal))
    return bool(types.is_null(given) or any(one(given) and other(wanted) for one, other in pairs))


def _is_text(type: Any) -> bool:
    return bool(types.is_string(type) or types.is_large_string(type) or types.is_string_view(type))
