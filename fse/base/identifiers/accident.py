"""Accident: what names the accident in record 2, 9 digits.

For a work accident the general scheme gives a number: its date AAMMJJ, the regional fund (2), a key (1). Otherwise,
and for an accident of common law, it is `000` and the date AAMMJJ. How the key is computed is in no source of ours.

Source: b2.md 5 (example 000180831).
"""

from fse.base.dates import parse_aammjj

LENGTH = 9
_NO_NUMBER = "000"


def problem(numero: str) -> str | None:
    """What is wrong with a number or date of accident. Nine digits that start with `000` can be of the year 2000.

    >>> problem("000180831"), problem("180831751"), problem("000101751"), problem("18083175")
    (None, None, None, 'il a 9 chiffres')
    >>> problem("000183108")
    'il contient une date AAMMJJ, et celle-ci est impossible'
    """
    if not numero.isascii() or not numero.isdigit() or len(numero) != LENGTH:
        return "il a 9 chiffres"
    dates = [numero[:6], *([numero[3:]] if numero.startswith(_NO_NUMBER) else [])]
    return None if any(map(_is_date, dates)) else "il contient une date AAMMJJ, et celle-ci est impossible"


def _is_date(text: str) -> bool:
    try:
        parse_aammjj(text)
    except ValueError:
        return False
    return True
