"""FINESS: the number of an establishment, 9 characters: département (2), 6 digits, a key.

B2 holds digits only. A Corsican number, `2A` or `2B` and two digits, then four digits and the key, is written there
`2001` or `2002`, the four digits and the key: what stands after the letter is dropped, so the way back is not made.
In that form the key is the Luhn digit of the other 8 (`prestataire`).

Source: b2.md 5 (one example, whose key holds).
"""

import re

_CORSICAN = re.compile(r"2([AB])[0-9]{2}([0-9]{5})", re.ASCII)
_IN_B2 = {"A": "2001", "B": "2002"}


def to_b2(numero: str) -> str:
    """The number as B2 writes it; one that is not Corsican stays as it is.

    >>> to_b2("2A0002689"), to_b2("001234566"), to_b2("2A000268")
    ('200102689', '001234566', '2A000268')
    """
    match = _CORSICAN.fullmatch(numero)
    return _IN_B2[match[1]] + match[2] if match else numero
