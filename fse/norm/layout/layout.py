"""A layout: the fields of one record type, proved contiguous, with the codec that construct derives from them.

The record codec is one `construct.Struct` a layout. construct is untyped and without releases for years: it stays
behind this module. Amounts are signed here: a sign field is read into the amount it names and written from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import construct

from fse.base.errors import BuildError
from fse.norm.layout.fields import Field
from fse.norm.layout.kinds import KINDS
from fse.norm.layout.values import Unparsed, Value

CHARSET = "latin-1"


class _FieldCodec(construct.Construct):  # type: ignore[misc]
    """One field as a construct node: bytes to value by the kind of the field, and back."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field
        self._kind = KINDS[field.genre]

    def _parse(self, stream: Any, context: Any, path: str) -> Value:
        text = stream.read(self._field.longueur).decode(CHARSET)
        return self._kind.parse(text, self._field)

    def _build(self, value: Value, stream: Any, context: Any, path: str) -> Value:
        text = value.brut if isinstance(value, Unparsed) else self._kind.build(value, self._field)
        if len(text) != self._field.longueur:
            raise ValueError(f"{len(text)} caractères pour {self._field.longueur}")
        stream.write(text.encode(CHARSET))
        return value

    def _sizeof(self, context: Any, path: str) -> int:
        return self._field.longueur


class Layout:
    """The fields of one record type, in order, from position 1 to `longueur` without a gap.

    Raises `ValueError` at construction when the fields do not touch, overlap, or do not sum to the length.
    """

    def __init__(self, *, type: str, libelle: str, longueur: int, champs: tuple[Field, ...]) -> None:
        self.type = type
        self.libelle = libelle
        self.longueur = longueur
        self.champs = champs
        self._by_name = {field.nom: field for field in champs}
        self._prove()
        self._signs = tuple((field.nom, field.signe_de) for field in champs if field.signe_de)
        self._missing = {field.nom: self._when_missing(field) for field in champs}

    def champ(self, nom: str) -> Field:
        """The field of this name. Raises `KeyError`."""
        return self._by_name[nom]

    def __contains__(self, nom: str) -> bool:
        return nom in self._by_name

    def span(self, nom: str) -> slice:
        """0-based slice of the bytes of a field in its record."""
        field = self._by_name[nom]
        return slice(field.debut - 1, field.fin)

    def raw(self, record: bytes, field: Field) -> str:
        """The text of a field in a record, as read."""
        return record[field.debut - 1 : field.fin].decode(CHARSET)

    def parse(self, record: bytes) -> dict[str, Value]:
        """Values by field name. `record` has exactly `longueur` bytes; never raises on their content."""
        if len(record) != self.longueur:
            raise ValueError(f"record {self.type}: {len(record)} bytes, not {self.longueur}")
        parsed = self._codec.parse(record)
        values: dict[str, Value] = {field.nom: parsed[field.nom] for field in self.champs}
        for sign, amount in self._signs:
            magnitude = values[amount]
            if values[sign] == "N" and isinstance(magnitude, int):
                values[amount] = -magnitude
        return values

    def build(self, values: Mapping[str, Value]) -> bytes:
        """The record of these values; what is missing takes its constant, its default, or is absent.

        Raises `BuildError` (`champ.refuse`) naming the field, when a value does not fit or a name is unknown.
        """
        unknown = set(values) - set(self._by_name)
        if unknown:
            raise self._refusal(sorted(unknown)[0], "champ inconnu de cet enregistrement")
        complete = self._missing | dict(values)
        for sign, amount in self._signs:
            self._split_sign(complete, sign, amount)
        try:
            return bytes(self._codec.build(complete))
        except ValueError:
            raise self._first_refusal(complete) from None

    @cached_property
    def _codec(self) -> Any:
        return construct.Struct(*(field.nom / _FieldCodec(field) for field in self.champs)).compile()

    def _split_sign(self, values: dict[str, Value], sign: str, amount: str) -> None:
        signed = values[amount]
        if isinstance(signed, int) and signed != 0:
            expected = "N" if signed < 0 else "P"
            if values[sign] not in (None, expected) and not isinstance(values[sign], Unparsed):
                raise self._refusal(sign, "le signe contredit le montant")
            values[amount] = abs(signed)
            values[sign] = values[sign] or expected
        elif values[sign] is None:
            values[sign] = "P"

    def _first_refusal(self, values: Mapping[str, Value]) -> BuildError:
        for field in self.champs:
            value = values[field.nom]
            if not isinstance(value, Unparsed):
                try:
                    KINDS[field.genre].build(value, field)
                except ValueError as reason:
                    return self._refusal(field.nom, str(reason))
        raise AssertionError("a field refused its value, then took it")

    def _refusal(self, nom: str, reason: str) -> BuildError:
        field = self._by_name.get(nom)
        where = f"positions {field.debut}-{field.fin}" if field else "hors de l'enregistrement"
        return BuildError(
            "champ.refuse",
            f"Le champ {nom} ne peut pas s'écrire : {reason}.",
            action="Corriger cette valeur dans le logiciel, puis recommencer.",
            lieu=f"enregistrement {self.type}, {where}",
        )

    def _when_missing(self, field: Field) -> Value:
        text = field.constante if field.constante is not None else field.defaut
        if text is None:
            return None
        return KINDS[field.genre].parse(text, field)

    def _prove(self) -> None:
        following = 1
        for field in self.champs:
            if field.debut != following or field.fin - field.debut + 1 != field.longueur:
                raise ValueError(f"record {self.type}: field {field.nom} does not start at {following} or lies")
            following = field.fin + 1
        if following != self.longueur + 1:
            raise ValueError(f"record {self.type}: fields end at {following - 1}, not {self.longueur}")
        if len(self._by_name) != len(self.champs):
            raise ValueError(f"record {self.type}: a field name stands twice")
        for field in self.champs:
            if field.genre not in KINDS:
                raise ValueError(f"record {self.type}: field {field.nom} has the unknown kind {field.genre}")
            if field.signe_de is not None and field.signe_de not in self._by_name:
                raise ValueError(f"record {self.type}: {field.nom} signs an absent field")
