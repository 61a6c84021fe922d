"""The writing face of each kind of field: what `fse.norm.layout.kinds` writes one value at a time, n values at a time.

A face writes what it can and says which rows it does not answer for; those are given to the record codec, which
writes or refuses them. The law (`tests/norm/layout/columns`): a row that is not doubtful has exactly the text that
`Kind.build` gives for its value, `None` for a null. What stands in a doubtful row is anything.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fse.base.dates import format_aammjj, from_days, parse_aammjj, to_days
from fse.norm.layout.columns.faces.kinds import MOST_DIGITS
from fse.norm.layout.columns.faces.lanes import Mask
from fse.norm.layout.columns.faces.latin import characters_of, padded
from fse.norm.layout.columns.faces.target import Target, are_zeros
from fse.norm.layout.fields import Field

Units = NDArray[np.uint64]


class WritingFace(Protocol):
    """How one kind of field is written in many records: the doubtful rows (n,), `None` for no row.

    `array` is an Arrow array (n,), n at least 1, of the type that the field is read to, without dictionary.
    """

    def write(self, array: Any, field: Field, target: Target) -> Mask | None: ...


class Text:
    """Doubtful: too long, a control code, what latin-1 does not have; zeros or blanks around what zeros fill."""

    def write(self, array: Any, field: Field, target: Target) -> Mask | None:
        found = characters_of(array, _missing_in(array))
        doubtful = any_of(found.refused, _some(found.sizes > field.longueur))
        right = field.cadrage == "droite"
        if right:
            doubtful = any_of(doubtful, _some(found.begin_with(b"0 ") | found.end_with(b" ")))
        target.put(padded(found, doubtful, field.longueur, right=right))
        return doubtful


class Filler:
    """Doubtful: whatever is not null."""

    def write(self, array: Any, field: Field, target: Target) -> Mask | None:
        target.put(np.full((len(array), field.longueur), ord(" "), np.uint8))
        return _some(given_in(array))


class Digits:
    """Doubtful: anything but as many digits as the field has; zeros or a null where the other is meant."""

    def write(self, array: Any, field: Field, target: Target) -> Mask | None:
        missing = _missing_in(array)
        found = characters_of(array, missing)
        wrong = found.sizes != field.longueur
        if missing is not None:
            wrong &= ~missing
        doubtful = any_of(found.refused, _some(wrong))
        texts = padded(found, doubtful, field.longueur, right=True)
        if texts.min() < ord("0") or texts.max() > ord("9"):
            strange: Any = ((texts < ord("0")) | (texts > ord("9"))).any(axis=1)
            doubtful = any_of(doubtful, strange)
        target.put(texts)
        zeros = are_zeros(texts) if field.zeros == "absent" else None
        return any_of(doubtful, _misplaced(field, missing, zeros))


class Integer:
    """A count, or an amount without its sign. Doubtful: negative, too great; zero or a null for the other."""

    def write(self, array: Any, field: Field, target: Target) -> Mask | None:
        units = buffer_of(array, np.dtype("<u8"))
        missing = _missing_in(array)
        return _write_units(units if missing is None else np.where(missing, 0, units), missing, field, target)


class Number:
    """A decimal of as many digits and decimals as the field. Doubtful: negative; zero or a null for the other."""

    def write(self, array: Any, field: Field, target: Target) -> Mask | None:
        units: Units = buffer_of(array, np.dtype("2<u8"))[:, 0].copy()  # a type of 18 digits: negative is above them
        missing = _missing_in(array)
        return _write_units(units if missing is None else np.where(missing, 0, units), missing, field, target)


class Day:
    """Doubtful: a day whose year two digits cannot tell; a null where a date is wanted."""

    def write(self, array: Any, field: Field, target: Target) -> Mask | None:
        if field.longueur != _DATE_DIGITS:
            return np.ones(len(array), np.bool_)
        first, texts = _days()
        none = len(texts) - 1
        missing = _missing_in(array)
        places = (buffer_of(array, np.dtype("<i4")) - np.int32(first)).view(np.uint32)
        if missing is not None:
            places = np.where(missing, np.uint32(none), places)
        outside = None
        if places.max() >= none:
            outside = places >= none if missing is None else (places >= none) & ~missing
            places = np.minimum(places, np.uint32(none))
        target.put(texts.take(places), skipped=_WORD - _DATE_DIGITS)
        return any_of(outside, _misplaced(field, missing, None))


class Apart:
    """A kind that no mass file holds: every row is doubtful, hence written with the record codec."""

    def write(self, array: Any, field: Field, target: Target) -> Mask | None:
        return np.ones(len(array), np.bool_)


WRITING_FACES: dict[str, WritingFace] = {
    "texte": Text(),
    "code": Text(),
    "blanc": Filler(),
    "chiffres": Digits(),
    "entier": Integer(),
    "montant": Integer(),
    "montant_signe": Apart(),
    "decimal": Number(),
    "date": Day(),
    "jour": Apart(),
}
"""The names of `fse.norm.layout.kinds.KINDS`, but for the sign, which is written with its amount (`signs`)."""

_LIMB = 4
"""Digits spelled by one look-up."""
_WORD = 8
"""Characters of the spelling of one day, of which the last are the date."""
_DATE_DIGITS = 6


def any_of(*masks: Mask | None) -> Mask | None:
    """The rows of any of these masks; `None` when there is no mask."""
    found: Mask | None = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else found | mask
    return found


def given_in(array: Any) -> Mask:
    """The rows (n,) that are not null."""
    bits = array.buffers()[0]
    if bits is None:
        return np.full(len(array), array.null_count == 0)
    start, shift = divmod(array.offset, 8)
    found = np.unpackbits(np.frombuffer(bits, np.uint8, offset=start), count=shift + len(array), bitorder="little")
    given: Mask = found[shift:].view(np.bool_)
    return given


def buffer_of(array: Any, type: np.dtype[Any]) -> NDArray[Any]:
    """The values (n,) of an array of fixed width, as they stand, a view; anything where it is null."""
    found: NDArray[Any] = np.frombuffer(array.buffers()[1], type)[array.offset : array.offset + len(array)]
    return found


def _missing_in(array: Any) -> Mask | None:
    """The rows (n,) that are null; `None` for no row."""
    return ~given_in(array) if array.null_count else None


def _some(mask: Mask) -> Mask | None:
    """This mask, `None` when it marks no row."""
    return mask if mask.any() else None


def _misplaced(field: Field, missing: Mask | None, zeros: Mask | None) -> Mask | None:
    """The rows whose zeros should have been nulls, or whose nulls have no writing. `zeros` may hold the nulls too."""
    if field.zeros != "absent":
        return missing
    if zeros is None:
        return None
    return _some(zeros if missing is None else zeros & ~missing)


def _write_units(units: Units, missing: Mask | None, field: Field, target: Target) -> Mask | None:
    """Unsigned numbers (n,), 0 where they are missing, as digits behind zeros. Returns the doubtful rows."""
    if field.longueur > MOST_DIGITS:
        return np.ones(len(units), np.bool_)
    limit = np.uint64(10**field.longueur)
    doubtful = None
    if units.max() >= limit:
        doubtful = units >= limit
        units = np.where(doubtful, np.uint64(0), units)
    place = field.longueur
    rest = units
    while place > 0:
        width = min(_LIMB, place)
        place -= width
        above = rest // np.uint64(10**_LIMB) if place else None
        limb = rest if above is None else rest - above * np.uint64(10**_LIMB)
        target.put(_limbs().take(limb.view(np.int64)), place, _LIMB - width, width)
        rest = rest if above is None else above
    zeros = units == 0 if field.zeros == "absent" else None
    if zeros is not None and doubtful is not None:
        zeros &= ~doubtful
    return any_of(doubtful, _misplaced(field, missing, zeros))


@cache
def _limbs() -> NDArray[np.uint32]:
    """The digits of 0 to 9999 behind zeros (10 000,): four characters each."""
    return np.frombuffer("".join(f"{number:04}" for number in range(10**_LIMB)).encode("ascii"), np.uint32)


@cache
def _days() -> tuple[int, Units]:
    """The first day that AAMMJJ can tell (days since 1970-01-01); the writing of each day from there on, then zeros."""
    first, last = (to_days(parse_aammjj(text)) for text in ("800101", "791231"))
    texts = [format_aammjj(from_days(day)).rjust(_WORD) for day in range(first, last + 1)]
    return first, np.frombuffer("".join([*texts, "0" * _WORD]).encode("ascii"), np.uint64)
