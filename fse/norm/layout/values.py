"""What a field can hold once read: a few plain types, and `Unparsed` for everything else.

The law of the whole engine: for any bytes of the right length, `build(parse(raw)) == raw`. Each kind of field
therefore accepts only the canonical writing of a value; any other text is kept as it stands in an `Unparsed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unparsed:
    """The text of a field that its kind cannot read (latin-1 code points, never trimmed)."""

    brut: str

    @property
    def is_blank(self) -> bool:
        """Nothing but blanks where the canonical "nothing" is zeros: for a reader of values, absent."""
        return not self.brut.strip(" ")


Value = str | int | Decimal | date | None | Unparsed
"""`None` is "nothing given": blanks in a text, zeros in a number whose layout says `zeros = "absent"`."""


def printable(text: str) -> str:
    """Raw text fit for a message: what is not a character (it could move the cursor) becomes a middle dot."""
    return "".join(character if character.isprintable() else "·" for character in text)
