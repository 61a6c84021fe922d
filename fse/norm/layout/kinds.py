"""The kinds of field (`genre` in TOML): each says once how its text is read and how its value is written.

A kind is strict in both directions. `parse` returns `Unparsed` for any text that `build` would not have written,
`build` raises `ValueError` (French, no personal data) for a value that the field cannot carry: nothing is ever cut.
To add a kind, write a class and name it in `KINDS`; a layout can then use it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Protocol

from fse.base.dates import format_aammjj, parse_aammjj
from fse.norm.layout.fields import Field
from fse.norm.layout.values import Unparsed, Value


class Kind(Protocol):
    """How one kind of field is read and written. `text` has exactly `field.longueur` characters."""

    def parse(self, text: str, field: Field) -> Value: ...

    def build(self, value: Value, field: Field) -> str: ...


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


class Text:
    """Text, left-aligned and filled with blanks; `cadrage = "droite"`: right-aligned and filled with zeros."""

    def parse(self, text: str, field: Field) -> Value:
        return (text.lstrip("0") if field.cadrage == "droite" else text.rstrip(" ")) or None

    def build(self, value: Value, field: Field) -> str:
        text = "" if value is None else value
        if not isinstance(text, str):
            raise ValueError("un texte est attendu")
        if len(text) > field.longueur:
            raise ValueError(f"trop long : {len(text)} caractères pour {field.longueur}")
        if not text.isprintable() or not all(character <= "\xff" for character in text):
            raise ValueError("caractère hors de l'alphabet du fichier")
        if field.cadrage == "droite":
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


class Digits:
    """A number that is a name (provider, fund): its digits are kept as text."""

    def parse(self, text: str, field: Field) -> Value:
        if not _is_digits(text):
            return Unparsed(text)
        return None if field.zeros == "absent" and not text.strip("0") else text

    def build(self, value: Value, field: Field) -> str:
        if value is None and field.zeros == "absent":
            return "0" * field.longueur
        if not isinstance(value, str) or len(value) != field.longueur or not _is_digits(value):
            raise ValueError(f"{field.longueur} chiffres sont attendus")
        if field.zeros == "absent" and not value.strip("0"):
            raise ValueError("des zéros veulent dire « absent » : ne rien donner")
        return value


class Integer:
    """A count, right-aligned and filled with zeros."""

    def parse(self, text: str, field: Field) -> Value:
        if not _is_digits(text):
            return Unparsed(text)
        value = int(text)
        return None if field.zeros == "absent" and value == 0 else value

    def build(self, value: Value, field: Field) -> str:
        if value is None and field.zeros == "absent":
            return "0" * field.longueur
        if not isinstance(value, int):
            raise ValueError("un nombre est attendu")
        if field.zeros == "absent" and value == 0:
            raise ValueError("zéro veut dire « absent » : ne rien donner")
        if value < 0:
            raise ValueError("un nombre négatif n'a pas de place ici")
        text = str(value)
        if len(text) > field.longueur:
            raise ValueError(f"trop grand : {len(text)} chiffres pour {field.longueur}")
        return text.rjust(field.longueur, "0")


class Amount(Integer):
    """Centimes, unsigned in the field; the layout adds the sign when a field carries it."""


class Number:
    """A number with implied decimals (`decimales`), such as a coefficient."""

    def parse(self, text: str, field: Field) -> Value:
        if not _is_digits(text):
            return Unparsed(text)
        return Decimal(int(text)).scaleb(-field.decimales)

    def build(self, value: Value, field: Field) -> str:
        if not isinstance(value, Decimal) or not value.is_finite() or value < 0:
            raise ValueError("un nombre décimal positif est attendu")
        scaled = value.scaleb(field.decimales)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"plus de {field.decimales} décimales")
        text = str(int(scaled))
        if len(text) > field.longueur:
            raise ValueError(f"trop grand : {len(text)} chiffres pour {field.longueur}")
        return text.rjust(field.longueur, "0")


class Day:
    """A date in six digits, AAMMJJ."""

    def parse(self, text: str, field: Field) -> Value:
        if not _is_digits(text):
            return Unparsed(text)
        if field.zeros == "absent" and not text.strip("0"):
            return None
        try:
            return parse_aammjj(text)
        except ValueError:
            return Unparsed(text)

    def build(self, value: Value, field: Field) -> str:
        if value is None and field.zeros == "absent":
            return "0" * field.longueur
        if not isinstance(value, date):
            raise ValueError("une date est attendue")
        return format_aammjj(value)


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
    "decimal": Number(),
    "date": Day(),
    "signe": Sign(),
}
