"""The column face of each kind of field: what `fse.norm.layout.kinds` reads one text at a time, n texts at a time.

A face reads what stands there plainly and says which rows it does not answer for; those are read again with the
record codec. The law (`tests/norm/layout/columns`): a row that is not doubtful has exactly the value of
`Layout.parse`, and `field_findings` says nothing of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fse.base.dates import parse_aammjj, to_days
from fse.norm.layout.columns.faces import texts
from fse.norm.layout.columns.faces.arrays import decimals, numbers
from fse.norm.layout.columns.faces.block import Block
from fse.norm.layout.columns.faces.lanes import (
    LANE,
    Lanes,
    Mask,
    all_digits,
    are_digits,
    fill_with_zeros,
    is_zero,
    number_of,
)
from fse.norm.layout.fields import Field
from fse.norm.layout.kinds import KINDS
from fse.norm.layout.record import CHARSET

Values = NDArray[np.int64]

MOST_DIGITS = 18
"""Digits that always fit 64 signed bits."""


class Column(NamedTuple):
    """One field of n records. `doubtful` (n,): the rows not answered for, `None` for no row. `build`: Arrow (n,)."""

    doubtful: Mask | None
    build: Callable[[], Any]


class Face(Protocol):
    """How one kind of field is read from many records, and its Arrow type."""

    def type(self, field: Field) -> Any: ...

    def decode(self, block: Block, field: Field) -> Column: ...


def read_field(block: Block, field: Field) -> Column:
    """The column of a field; a constant is only compared."""
    if field.constante is None:
        return FACES[field.genre].decode(block, field)
    constant, value = field.constante, KINDS[field.genre].parse(field.constante, field)
    scalar = pa.scalar(value, FACES[field.genre].type(field))
    return Column(~block.equals(field, constant.encode(CHARSET)), lambda: pa.repeat(scalar, block.rows))


class Text:
    """Strings. Doubtful: a control code, a mandatory text left blank."""

    def type(self, field: Field) -> Any:
        return pa.string()

    def decode(self, block: Block, field: Field) -> Column:
        if field.cadrage == "droite":
            return self._right(block, field)
        part, blank = _before_blanks(block, field)
        doubtful = _any_of(block.controls(field), blank if field.presence == "O" else None)
        if part is None:
            return Column(doubtful, lambda: pa.nulls(block.rows, pa.string()))
        if blank is None:
            return Column(doubtful, lambda: texts.whole(block, part))
        return Column(doubtful, lambda: texts.without_blanks(block, part, ~blank))

    def _right(self, block: Block, field: Field) -> Column:
        """Filled with zeros on its left. Doubtful besides: a blank at either end of what is left."""
        array = pc.ascii_ltrim(texts.whole(block, field), characters="0")
        _, offsets_buffer, data_buffer = array.buffers()
        offsets = np.frombuffer(offsets_buffer, np.int32, block.rows + 1)
        valid = offsets[1:] > offsets[:-1]
        doubtful = np.zeros(block.rows, np.bool_) if field.presence == "F" else ~valid
        if data_buffer is not None and len(data_buffer):
            data = np.frombuffer(data_buffer, np.uint8)
            doubtful[valid] |= data[offsets[:-1][valid]] == 0x20
            doubtful |= block.view(field)[:, -1] == 0x20
        return Column(_any_of(block.controls(field), doubtful), lambda: texts.masked(array, valid))


class Filler:
    """Blanks that carry nothing. Doubtful: anything else."""

    def type(self, field: Field) -> Any:
        return pa.string()

    def decode(self, block: Block, field: Field) -> Column:
        doubtful = ~block.equals(field, b" " * field.longueur)
        return Column(doubtful, lambda: pa.nulls(block.rows, pa.string()))


class Sign:
    """`P` or `N`. Doubtful: anything else, and `N` on zero (the amount says it)."""

    def type(self, field: Field) -> Any:
        return pa.string()

    def decode(self, block: Block, field: Field) -> Column:
        signs = block.view(field)[:, 0]
        doubtful = signs != ord("P")
        if doubtful.any():
            doubtful &= signs != ord("N")
        return Column(doubtful, lambda: texts.whole(block, field))


class _Numeric(ABC):
    """Digits only. Doubtful: anything else, and a mandatory number whose zeros mean that nothing is given."""

    @abstractmethod
    def type(self, field: Field) -> Any: ...

    def decode(self, block: Block, field: Field) -> Column:
        lanes = [fill_with_zeros(lane, width) for lane, width in block.lanes(field)]
        readable = None if all(map(all_digits, lanes)) else _all_of([are_digits(one) for one in lanes])
        given = ~_all_of([is_zero(one) for one in lanes]) if field.zeros == "absent" else None
        column = self._read(block, field, lanes, readable, given)
        absent = ~given if given is not None and field.presence == "O" else None
        return Column(_any_of(column.doubtful, None if readable is None else ~readable, absent), column.build)

    @abstractmethod
    def _read(
        self, block: Block, field: Field, lanes: list[Lanes], readable: Mask | None, given: Mask | None
    ) -> Column:
        """The values where `readable` (`None`: everywhere); null where not `given` (`None`: always given)."""


class Digits(_Numeric):
    """A number that is a name: its digits as strings."""

    def type(self, field: Field) -> Any:
        return pa.string()

    def _read(
        self, block: Block, field: Field, lanes: list[Lanes], readable: Mask | None, given: Mask | None
    ) -> Column:
        return Column(None, lambda: texts.whole(block, field, given))


class Integer(_Numeric):
    """int64."""

    def type(self, field: Field) -> Any:
        return pa.int64()

    def _read(
        self, block: Block, field: Field, lanes: list[Lanes], readable: Mask | None, given: Mask | None
    ) -> Column:
        values = _number(lanes, field)
        return Column(None, lambda: numbers(pa.int64(), values, given))


class Amount(_Numeric):
    """int64, centimes, with the sign that a field of the record gives. Doubtful: a negative zero."""

    def type(self, field: Field) -> Any:
        return pa.int64()

    def _read(
        self, block: Block, field: Field, lanes: list[Lanes], readable: Mask | None, given: Mask | None
    ) -> Column:
        values = _number(lanes, field)
        doubtful = None
        for sign, amount in block.layout.signs:
            if amount == field.nom:
                negative = block.matrix[:, block.layout.span(sign).start] == ord("N")
                if negative.any():
                    doubtful = negative & (values == 0)
                    np.negative(values, out=values, where=negative)
        return Column(doubtful, lambda: numbers(pa.int64(), values, given))


class Number(_Numeric):
    """decimal128 of as many digits as the field."""

    def type(self, field: Field) -> Any:
        return pa.decimal128(field.longueur, field.decimales)

    def _read(
        self, block: Block, field: Field, lanes: list[Lanes], readable: Mask | None, given: Mask | None
    ) -> Column:
        units = _number(lanes, field)
        return Column(None, lambda: decimals(self.type(field), units, given))


class Day(_Numeric):
    """date32. Doubtful: a day that is not in the calendar."""

    def type(self, field: Field) -> Any:
        return pa.date32()

    def _read(
        self, block: Block, field: Field, lanes: list[Lanes], readable: Mask | None, given: Mask | None
    ) -> Column:
        if field.longueur != _DATE_DIGITS:
            raise ValueError(f"{field.nom}: a date has {_DATE_DIGITS} digits")
        numbers_read = _number(lanes, field)
        days = _calendar()[numbers_read if readable is None else np.where(readable, numbers_read, 0)]
        doubtful = days == _NO_DAY
        if given is not None:
            doubtful &= given
        return Column(doubtful, lambda: numbers(pa.date32(), days, given))


class Apart(ABC):
    """A kind that no mass file holds: every row is doubtful, hence read with the record codec."""

    @abstractmethod
    def type(self, field: Field) -> Any: ...

    def decode(self, block: Block, field: Field) -> Column:
        return Column(np.ones(block.rows, np.bool_), lambda: pa.nulls(block.rows, self.type(field)))


class SignedAmount(Apart):
    """int64, centimes."""

    def type(self, field: Field) -> Any:
        return pa.int64()


class DayFirst(Apart):
    """date32."""

    def type(self, field: Field) -> Any:
        return pa.date32()


FACES: dict[str, Face] = {
    "texte": Text(),
    "code": Text(),
    "blanc": Filler(),
    "chiffres": Digits(),
    "entier": Integer(),
    "montant": Amount(),
    "montant_signe": SignedAmount(),
    "decimal": Number(),
    "date": Day(),
    "jour": DayFirst(),
    "signe": Sign(),
}
"""The same names as `fse.norm.layout.kinds.KINDS`."""

_DATE_DIGITS = 6
_NO_DAY = np.iinfo(np.int32).min


@cache
def _calendar() -> NDArray[np.int32]:
    """Days since 1970-01-01 of every six digits AAMMJJ (1 000 000,), `_NO_DAY` where there is no such day."""
    table = np.full(10**_DATE_DIGITS, _NO_DAY, np.int32)
    for year in range(100):
        first, last = (to_days(parse_aammjj(f"{year:02}{day}")) for day in ("0101", "1231"))
        days = np.arange(first, last + 1).astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        digits = 10_000 * year + 100 * (months.astype(np.int64) % 12 + 1) + (days - months).astype(np.int64) + 1
        table[digits] = days.astype(np.int64)
    return table


def _before_blanks(block: Block, field: Field) -> tuple[Field | None, Mask | None]:
    """The part of a text before the blanks that end it in every row, and the rows (n,) that are blank (`None`: none).

    `None` for the part when all rows are blank. When no row is blank here, none has a blank at the end of the part.
    """
    if block.ends_everywhere(field):
        return field, None
    used = block.used(field)
    if not used:
        return None, np.ones(block.rows, np.bool_)
    part = replace(field, fin=field.debut + used - 1, longueur=used)
    return part, None if block.ends_everywhere(part) else block.equals(part, b" " * used)


def _number(lanes: list[Lanes], field: Field) -> Values:
    """The number of these lanes. Raises `ValueError` when its digits do not fit 64 bits."""
    if field.longueur > MOST_DIGITS:
        raise ValueError(f"{field.nom}: more than {MOST_DIGITS} digits")
    total = number_of(lanes[0])
    for place, one in enumerate(lanes[1:], start=1):
        total = total + number_of(one) * np.uint64(10 ** (LANE * place))
    return total.view(np.int64)


def _all_of(masks: list[Mask]) -> Mask:
    found = masks[0]
    for mask in masks[1:]:
        found = found & mask
    return found


def _any_of(*masks: Mask | None) -> Mask | None:
    """The rows of any of these masks; `None` when there is no mask."""
    found: Mask | None = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else found | mask
    return found
