"""The record codec that construct derives from the fields of a layout: one construct node for a whole record.

construct is untyped and without releases for years: nothing outside this module and `layout` sees it.
A node for each field costs twice the time of one node that cuts the record with `struct` and looks its texts up.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

import construct

from fse.norm.layout.fields import Field
from fse.norm.layout.kinds import KINDS
from fse.norm.layout.values import Unparsed, Value

CHARSET = "latin-1"
_REMEMBERED = 512
"""Texts whose value one field remembers: codes and dates come back, numbers do not."""


class _Values(dict[bytes, Value]):
    """The values of the texts of one field, read once each. Personal data is never remembered."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field
        self._parse = KINDS[field.genre].parse
        self._room = 0 if field.personnel else _REMEMBERED

    def __missing__(self, text: bytes) -> Value:
        value = self._parse(text.decode(CHARSET), self._field)
        if len(self) < self._room:
            self[text] = value
        return value


class RecordCodec(construct.Construct):  # type: ignore[misc]  # construct has no types
    """Bytes of one record to values by field name, and back. `parse` wants exactly the length of the record."""

    def __init__(self, champs: tuple[Field, ...]) -> None:
        super().__init__()
        self._champs = champs
        self._cut = struct.Struct("".join(f"{field.longueur}s" for field in champs))
        self._readers = tuple((field.nom, _Values(field)) for field in champs)

    def _parse(self, stream: Any, context: Any, path: str) -> dict[str, Value]:
        texts = self._cut.unpack(stream.read(self._cut.size))
        return {nom: values[text] for (nom, values), text in zip(self._readers, texts, strict=True)}

    def _build(self, values: Mapping[str, Value], stream: Any, context: Any, path: str) -> Mapping[str, Value]:
        stream.write("".join([write_text(values[field.nom], field) for field in self._champs]).encode(CHARSET))
        return values

    def _sizeof(self, context: Any, path: str) -> int:
        return self._cut.size


def write_text(value: Value, field: Field) -> str:
    """The text of a field. Raises `ValueError` (French) when the value does not fit."""
    if not isinstance(value, Unparsed):
        return KINDS[field.genre].build(value, field)
    if len(value.brut) != field.longueur or not all(character <= "\xff" for character in value.brut):
        raise ValueError(f"un texte brut prend exactement {field.longueur} caractères du fichier")
    return value.brut
