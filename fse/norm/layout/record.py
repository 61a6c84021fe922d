"""The record codec that construct derives from the fields of a layout: one construct node for a whole record.

A record is cut by `struct` and its texts are looked up: a node for each field costs twice the time. Whatever is done
field by field is done once for each text, or each value, that comes back. Personal data never does: it is read and
written anew each time. construct is untyped and without releases for years: nothing outside this module sees it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping
from operator import getitem, itemgetter
from typing import Any

import construct

from fse.norm.layout.fields import Field
from fse.norm.layout.kinds import KINDS
from fse.norm.layout.values import Unparsed, Value

CHARSET = "latin-1"
_REMEMBERED = 512
"""Texts whose value one field remembers, and values whose text: codes and dates come back, numbers do not."""


class _Values(dict[bytes, Value]):
    """The values of the texts of one field, read once each."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field
        self._parse = KINDS[field.genre].parse
        self._room = _room(field)

    def __missing__(self, text: bytes) -> Value:
        value = self._parse(text.decode(CHARSET), self._field)
        if len(self) < self._room:
            self[text] = value
        return value


class _Texts(dict[tuple[type, Value], str]):
    """The texts of the values of one field, written once each. By type too: `True` equals 1, and is refused."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field
        self._room = _room(field)

    def __missing__(self, key: tuple[type, Value]) -> str:
        text = write_text(key[1], self._field)
        if len(self) < self._room:
            self[key] = text
        return text


def _room(field: Field) -> int:
    return 0 if field.personnel else _REMEMBERED


class RecordCodec(construct.Construct):  # type: ignore[misc]  # construct has no types
    """Bytes of one record to values by field name, and back: a construct, which may stand in another.

    A record alone is read and written without a stream, whose care takes construct half of the time.
    """

    def __init__(self, champs: tuple[Field, ...]) -> None:
        super().__init__()
        self._names = tuple(field.nom for field in champs)
        self._given = all_at(self._names)
        self._cut = struct.Struct("".join(f"{field.longueur}s" for field in champs))
        self._values = tuple(_Values(field) for field in champs)
        self._texts = tuple(_Texts(field) for field in champs)

    def parse(self, record: bytes) -> dict[str, Value]:
        """The values of a record of exactly the right length."""
        read = map(getitem, self._values, self._cut.unpack(record))
        return dict(zip(self._names, read))  # noqa: B905  one each by construction, and `strict` costs a tenth

    def build(self, values: Mapping[str, Value]) -> bytes:
        """The record of a value for each field. Raises `ValueError` or `TypeError` when one does not fit."""
        given = self._given(values)
        texts = map(getitem, self._texts, zip(map(type, given), given))  # noqa: B905  see `parse`
        return "".join(texts).encode(CHARSET)

    def _parse(self, stream: Any, context: Any, path: str) -> dict[str, Value]:
        return self.parse(stream.read(self._cut.size))

    def _build(self, values: Mapping[str, Value], stream: Any, context: Any, path: str) -> Mapping[str, Value]:
        stream.write(self.build(values))
        return values

    def _sizeof(self, context: Any, path: str) -> int:
        return self._cut.size


def all_at(places: Iterable[str | slice]) -> Callable[[Any], tuple[Any, ...]]:
    """Gets what the bytes of a record, or its values, hold at each of these places."""
    several = tuple(places)
    return itemgetter(*several) if len(several) > 1 else lambda holder: tuple(holder[place] for place in several)


def write_text(value: Value, field: Field) -> str:
    """The text of a field. Raises `ValueError` (French) when the value does not fit."""
    if not isinstance(value, Unparsed):
        return KINDS[field.genre].build(value, field)
    if len(value.brut) != field.longueur or not all(character <= "\xff" for character in value.brut):
        raise ValueError(f"un texte brut prend exactement {field.longueur} caractères du fichier")
    return value.brut
