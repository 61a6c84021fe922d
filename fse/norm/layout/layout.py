"""A layout: the fields of one record type, proved contiguous, with the codec that construct derives from them.

Amounts are signed centimes here: a sign field is read into the amount it names and written from it, and an amount of
other decimals than two, which another field states, is brought to centimes and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from fse.base.errors import BuildError
from fse.norm.layout.fields import Field
from fse.norm.layout.kinds import KINDS
from fse.norm.layout.proofs import prove_fields
from fse.norm.layout.record import CHARSET, RecordCodec, all_at, write_text
from fse.norm.layout.values import Unparsed, Value


class Layout:
    """The fields of one record type, in order, from position 1 to `longueur` without a gap.

    Raises `ValueError` at construction when the fields do not hold together (`fse.norm.layout.proofs`).
    """

    def __init__(self, *, type: str, libelle: str, longueur: int, champs: tuple[Field, ...]) -> None:
        prove_fields(type, longueur, champs)
        self.type = type
        self.libelle = libelle
        self.longueur = longueur
        self.champs = champs
        self._by_name = {field.nom: field for field in champs}
        self._missing = {field.nom: _when_missing(field) for field in champs}
        constants = [(field.span, field.constante) for field in champs if field.constante is not None]
        self._at_constants = all_at(span for span, _ in constants)
        self._constants = tuple(text.encode(CHARSET) for _, text in constants)
        self._mandatory = all_at(field.nom for field in champs if field.presence == "O" and not field.is_filler)
        self.signs = tuple((field.nom, field.signe_de) for field in champs if field.signe_de)
        """Each sign field with the amount it names."""
        self._scaled = tuple((field, field.decimales_de) for field in champs if field.decimales_de)
        self.coded = tuple((field, field.table) for field in champs if field.table and not field.ouverte)
        """Each field whose code list is complete, with the name of the list."""
        self.codes_of = all_at(field.nom for field, _ in self.coded)
        """The values of these fields in a record."""

    def champ(self, nom: str) -> Field:
        """The field of this name. Raises `KeyError`."""
        return self._by_name[nom]

    def __contains__(self, nom: str) -> bool:
        return nom in self._by_name

    def span(self, nom: str) -> slice:
        """0-based slice of the bytes of a field in its record."""
        return self._by_name[nom].span

    def raw(self, record: bytes, field: Field) -> str:
        """The text of a field in a record, as read."""
        return record[field.debut - 1 : field.fin].decode(CHARSET)

    def parse(self, record: bytes) -> dict[str, Value]:
        """Values by field name. `record` has exactly `longueur` bytes; never raises on their content."""
        if len(record) != self.longueur:
            raise ValueError(f"record {self.type}: {len(record)} bytes, not {self.longueur}")
        values = self._codec.parse(record)
        for sign, amount in self.signs:
            if values[sign] == "N" and isinstance(magnitude := values[amount], int):
                values[amount] = -magnitude
        for field, scale in self._scaled:
            values[field.nom] = _to_centimes(values[field.nom], values[scale], self.raw(record, field))
        return values

    def is_plain(self, record: bytes, values: Mapping[str, Value]) -> bool:
        """True when nothing in this record deserves a finding of a field: the quick answer for most records."""
        if Unparsed in map(type, values.values()) or None in self._mandatory(values):
            return False
        if self._at_constants(record) != self._constants:
            return False
        for sign, amount in self.signs:  # noqa: SIM110  a generator costs as much as the rest
            if values[sign] == "N" and values[amount] == 0:
                return False
        return True

    def build(self, values: Mapping[str, Value]) -> bytes:
        """The record of these values; what is missing takes its constant, its default, or is absent.

        Raises `BuildError` (`champ.refuse`) naming the field, when a value does not fit or a name is unknown.
        """
        complete = {**self._missing, **values}
        if len(complete) > len(self._missing):
            unknown = complete.keys() - self._missing.keys()
            raise self._refusal(sorted(unknown)[0], "champ inconnu de cet enregistrement")
        for sign, amount in self.signs:
            self._split_sign(complete, sign, amount)
        for field, scale in self._scaled:
            complete[field.nom] = self._from_centimes(field, complete[field.nom], complete[scale])
        try:
            return self._codec.build(complete)
        except (ValueError, TypeError):  # what a dictionary cannot hold is no value of a field either
            raise self._first_refusal(complete) from None

    @cached_property
    def _codec(self) -> RecordCodec:
        return RecordCodec(self.champs)

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

    def _from_centimes(self, field: Field, value: Value, decimals: Value) -> Value:
        """The amount in units of its last decimal, as the record states how many there are."""
        if not isinstance(value, int):
            return value
        shift = _decimals(decimals) - _CENTIMES
        if shift < 0 and value % 10 ** abs(shift):
            raise self._refusal(field.nom, "il a plus de décimales que l'enregistrement n'en annonce")
        power: int = 10 ** abs(shift)
        return value * power if shift >= 0 else value // power

    def _first_refusal(self, values: Mapping[str, Value]) -> BuildError:
        for field in self.champs:
            try:
                write_text(values[field.nom], field)
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


_CENTIMES = 2


def _decimals(stated: Value) -> int:
    """How many decimals a field states: two when it is blank."""
    return int(stated) if isinstance(stated, str) and stated.isascii() and stated.isdigit() else _CENTIMES


def _to_centimes(value: Value, decimals: Value, raw: str) -> Value:
    """Centimes of an amount in units of its last decimal; what is finer than a centime is not read."""
    if not isinstance(value, int):
        return value
    shift = _decimals(decimals) - _CENTIMES
    power: int = 10 ** abs(shift)
    if shift <= 0:
        return value * power
    return Unparsed(raw) if value % power else value // power


def _when_missing(field: Field) -> Value:
    text = field.constante if field.constante is not None else field.defaut
    return None if text is None else KINDS[field.genre].parse(text, field)
