"""How a payer writes the code of a reject: 4 digits, and 3 more digits that make it precise.

Seen on documents of the caisses: "0250 050", four digits, a space, three digits. Entity 290 has room for it (10
characters); entity 294 holds the first four only, and the whole may then stand at the head of its label. Both are read
when they are written exactly so; nothing else is taken for a precision.

Source: noemie.md 2.2 (the format: one memo of the Assurance maladie; its place in 290 and 294: inferred).
"""

from __future__ import annotations

import re

_WHOLE = re.compile(r"([0-9]{4}) ([0-9]{3})", re.ASCII)
_HEAD = re.compile(r"([0-9]{4}) ([0-9]{3})(?: |$)", re.ASCII)


def split(codification: str, libelle: str) -> tuple[str, str]:
    """The code and the precision ("" when none is given) of a reject, from its code field and its label.

    >>> split("0250 050", "ASSURE INCONNU"), split("0250", "0250 050 ASSURE INCONNU")
    (('0250', '050'), ('0250', '050'))

    A label that names another code, or is not written so, says nothing of this one.

    >>> split("0250", "0317 051 NATURE D'ASSURANCE"), split("0250", "0250-050 ASSURE"), split("0250", "0250 0501")
    (('0250', ''), ('0250', ''), ('0250', ''))
    """
    whole = _WHOLE.fullmatch(codification)
    if whole:
        return whole[1], whole[2]
    head = _HEAD.match(libelle)
    return codification, head[2] if head and head[1] == codification else ""
