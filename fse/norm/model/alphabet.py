"""The B2 alphabet: capitals A-Z, digits and the space; and the one transliteration into it.

The model holds B2 text only. An input codec calls `to_b2` once, says so in a finding, and never cuts what is too long.
Source: b2.md 2 (capitals, no accents, no special characters), precisions.md "Alphabet".
"""

import re
import unicodedata

B2_TEXT = re.compile(r"[A-Z0-9]+(?: [A-Z0-9]+)*")
"""Words of capitals and digits, parted by single spaces: the only text that survives blank padding unchanged."""

_OUTSIDE = re.compile(r"[^A-Z0-9]+")
_LIGATURES = str.maketrans(
    {"Œ": "OE", "Æ": "AE", "ẞ": "SS", "Ø": "O", "Đ": "D", "Ð": "D", "Ł": "L", "Ħ": "H", "Þ": "TH"}
)
"""Capitals that no decomposition brings back to A-Z (ß becomes SS by capitalisation)."""


def to_b2(text: str) -> str:
    """The same words in the B2 alphabet; any other character parts words. It may be longer than `text`, or empty.

    >>> to_b2("Lefèvre-d’Œuvre"), to_b2("  Strauß   3"), to_b2("—")
    ('LEFEVRE D OEUVRE', 'STRAUSS 3', '')
    """
    if B2_TEXT.fullmatch(text):
        return text
    capitals = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).upper())
    plain = "".join(character for character in capitals if not unicodedata.combining(character))
    return _OUTSIDE.sub(" ", plain.translate(_LIGATURES)).strip()


def is_only_case(text: str) -> bool:
    """Whether `to_b2` changes nothing in `text` but its case and its blanks.

    >>> is_only_case(" Dupont "), is_only_case("Dupont-Durand")
    (True, False)
    """
    return " ".join(text.upper().split()) == to_b2(text)
