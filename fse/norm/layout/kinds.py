"""The kinds of field (`genre` in TOML): each says once how its text is read and how its value is written.

A kind is strict in both directions. `parse` returns `Unparsed` for any text that `build` would not have written,
`build` raises `ValueError` (French, no personal data) for a value that the field cannot carry: nothing is ever cut.
To add a kind, write a class and name it in `KINDS`; a layout can then use it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from datetime import date
from decimal import Decimal
from typing import Protocol

from fse.base.dates import format_aammjj, parse_aammjj
from fse.norm.layout.fields import Field
from fse.norm.layout.values import Unparsed, Value

_NO_TEXT = re.compile(r"[^ -~\x80-\xff]")
"""Control codes are never text. Everything else of latin-1 is: real files carry accents, in several code pages."""


class Kind(Protocol):
    """How one kind of field is read and written. `text` has exactly `field.longueur` characters."""

    def parse(self, text: str, field: Field) -> Value: ...

    def build(self, value: Value, field: Field) -> str: ...


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


class Text:
    """Text, left-aligned and filled with blanks; `cadrage = "droite"`: right-aligned and filled with zeros."""

    def parse(self, text: str, field: Field) -> Value:
        if field.cadrage == "droite":
            value = text.lstrip("0")
            if value != value.strip(" "):
                return Unparsed(text)
        else:
            value = text.rstrip(" ")
        if not value:
            return None
        return Unparsed(text) if _NO_TEXT.search(value) else value

    def build(self, value: Value, field: Field) -> str:
        text = "" if value is None else value
        if not isinstance(text, str):
            raise ValueError("un texte est attendu")
        if len(text) > field.longueur:
            raise ValueError(f"trop long : {len(text)} caractères pour {field.longueur}")
        if _NO_TEXT.search(text):
            raise ValueError("caractère hors de l'alphabet du fichier")
        if field.cadrage == "droite":
            if text.lstrip("0").strip(" ") != text:
                raise ValueError("ni zéro de tête, ni espace autour : les zéros s'ajoutent à l'écriture")
            return text.rjust(field.longueur, "0")
        return text.ljust(field.longueur)


class Filler:
    """Blanks that carry nothing."""

    def parse(self, text: str, field: Field) -> Value:
        return Unparsed(text) if text.strip(" ") else None

    def build(self, value: Value, field: Field) -> str:
        if value is not None:
            raise ValueError("cette zone reste à blanc")
        return " " * field.longueur


class _Numeric(ABC):
    """What all digits have in common: they fill their field, and zeros may mean that nothing is given."""

    def parse(self, text: str, field: Field) -> Value:
        if not _is_digits(text):
            return Unparsed(text)
        if field.zeros == "absent" and not text.strip("0"):
            return None
        return self._read(text, field)

    def build(self, value: Value, field: Field) -> str:
        if value is None and field.zeros == "absent":
            return "0" * field.longueur
        text = self._write(value, field)
        if len(text) > field.longueur:
            raise ValueError(f"trop grand : {len(text)} chiffres pour {field.longueur}")
        if field.zeros == "absent" and not text.strip("0"):
            raise ValueError("des zéros veulent dire « absent » : ne rien donner")
        return text.rjust(field.longueur, "0")

    @abstractmethod
    def _read(self, text: str, field: Field) -> Value:
        """The value of these digits."""

    @abstractmethod
    def _write(self, value: Value, field: Field) -> str:
        """The digits of this value, without the zeros that fill the field. Raises `ValueError`."""


class Digits(_Numeric):
    """A number that is a name (provider, fund): its digits are kept as text."""

    def _read(self, text: str, field: Field) -> Value:
        return text

    def _write(self, value: Value, field: Field) -> str:
        if not isinstance(value, str) or len(value) != field.longueur or not _is_digits(value):
            raise ValueError(f"{field.longueur} chiffres sont attendus")
        return value


class Integer(_Numeric):
    """A count, right-aligned and filled with zeros."""

    def _read(self, text: str, field: Field) -> Value:
        return int(text)

    def _write(self, value: Value, field: Field) -> str:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError("un nombre est attendu")
        if value < 0:
            raise ValueError("un nombre négatif n'a pas de place ici")
        if value >= 10**field.longueur:
            raise ValueError(f"trop grand pour {field.longueur} chiffres")
        return str(value)


class Amount(Integer):
    """Centimes, unsigned in the field; the layout adds the sign when a field carries it."""


class Number(_Numeric):
    """A number with implied decimals (`decimales`), such as a coefficient."""

    def _read(self, text: str, field: Field) -> Value:
        return Decimal(int(text)).scaleb(-field.decimales)

    def _write(self, value: Value, field: Field) -> str:
        if not isinstance(value, Decimal) or not value.is_finite() or value < 0:
            raise ValueError("un nombre décimal positif est attendu")
        if value >= 10 ** (field.longueur - field.decimales):
            raise ValueError(f"trop grand pour {field.longueur} chiffres")
        scaled = value.scaleb(field.decimales)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"plus de {field.decimales} décimales")
        return str(int(scaled))


class Day(_Numeric):
    """A date in six digits, AAMMJJ."""

    def _read(self, text: str, field: Field) -> Value:
        try:
            return parse_aammjj(text)
        except ValueError:
            return Unparsed(text)

    def _write(self, value: Value, field: Field) -> str:
        if not isinstance(value, date):
            raise ValueError("une date est attendue")
        try:
            return format_aammjj(value)
        except ValueError:
            raise ValueError("l'année de cette date ne tient pas sur deux chiffres") from None


class DayFirst(Day):
    """A date in six digits, JJMMAA, as banks write it."""

    def _read(self, text: str, field: Field) -> Value:
        return super()._read(_day_last(text), field)

    def _write(self, value: Value, field: Field) -> str:
        return _day_last(super()._write(value, field))


def _day_last(text: str) -> str:
    """JJMMAA as AAMMJJ, and back."""
    return text[4:6] + text[2:4] + text[0:2]


class SignedAmount:
    """An amount whose last character is a digit and the sign in one (overpunch): `{` and `A` to `I` are +0 to +9,
    `}` and `J` to `R` are -0 to -9. A zero is written +0. Read in units of the last decimal that the amount has: the
    layout makes centimes of them when a field says how many decimals there are (`decimales_de`).
    """

    def parse(self, text: str, field: Field) -> Value:
        digits, last = text[:-1], text[-1]
        if last not in _OVERPUNCH or (digits and not _is_digits(digits)):
            return Unparsed(text)
        place = _OVERPUNCH.index(last)
        value = int(f"{digits}{place % 10}")
        if place < 10:
            return value
        return -value if value else Unparsed(text)

    def build(self, value: Value, field: Field) -> str:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError("un montant est attendu")
        digits = str(abs(value)).rjust(field.longueur, "0")
        if len(digits) > field.longueur:
            raise ValueError(f"trop grand pour {field.longueur} chiffres")
        return digits[:-1] + _OVERPUNCH[int(digits[-1]) + (10 if value < 0 else 0)]


_OVERPUNCH = "{ABCDEFGHI}JKLMNOPQR"
"""The last character of +0 to +9, then of -0 to -9."""


class Sign:
    """`P` or `N`, the sign of the amount that `signe_de` names."""

    def parse(self, text: str, field: Field) -> Value:
        return text if text in ("P", "N") else Unparsed(text)

    def build(self, value: Value, field: Field) -> str:
        if value not in ("P", "N"):
            raise ValueError("le signe est P ou N")
        return str(value)


KINDS: dict[str, Kind] = {
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

NUMERIC = frozenset(genre for genre, kind in KINDS.items() if isinstance(kind, _Numeric))
"""The kinds whose fields are made of digits: `zeros` has a meaning for them."""
