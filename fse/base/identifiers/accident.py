"""Accident: what names the accident in record 2, 9 digits.

For a work accident the general scheme gives a number: its date AAMMJJ, the regional fund (2), a key (1). Otherwise,
and for an accident of common law, it is `000` and the date AAMMJJ. How the key is computed is in no source of ours.

Source: b2.md 5 (example 000180831).
"""

import re

from fse.base.dates import parse_aammjj

_SHAPE = re.compile(r"000([0-9]{6})|([0-9]{6})[0-9]{3}", re.ASCII)


def problem(numero: str) -> str | None:
    """What is wrong with a number or date of accident.

    >>> problem("000180831"), problem("180831751"), problem("000183108")
    (None, None, 'il contient une date AAMMJJ, et celle-ci est impossible')
    >>> problem("18083175")
    'il a 9 chiffres'
    """
    match = _SHAPE.fullmatch(numero)
    if match is None:
        return "il a 9 chiffres"
    try:
        parse_aammjj(match[1] or match[2])
    except ValueError:
        return "il contient une date AAMMJJ, et celle-ci est impossible"
    return None
