"""NIR: the number that identifies an insured person, 13 characters, and its key of 2 digits.

Composition: sex (1), year (2) and month (2) of birth, département (2: digits, `2A` or `2B`), commune (3),
order (3). Key = 97 − (number modulo 97) on two digits; for Corsica `2A` counts as 19 and `2B` as 18 before the
modulo. An anonymous NIR is sex + `555555` + fund (3) + case (3), with the key by the normal formula.
Months above 12 are legal, so nothing but the key and the shape is checked here.

Source: b2.md 5 (test vectors recomputed there). The key is computed by python-stdnum.

>>> check("2951099126111", "93"), check("253072A073004", "43"), check("253072B073004", "70")
(True, True, True)
>>> check("2951099126111", "94")
False
>>> calc_key("1555555331042")
'64'
>>> is_anonymous("1555555331042")
True
"""

import re

from stdnum.fr import nir as _stdnum

_SHAPE = re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{6}")
_ANONYMOUS = re.compile(r"[12]555555([0-9]{3})[0-9]{3}")


def is_well_formed(nir: str) -> bool:
    """Whether these are 13 characters of a NIR: digits, or `2A`/`2B` as département.

    >>> is_well_formed("253072A073004"), is_well_formed("253072C073004"), is_well_formed("25307")
    (True, False, False)
    """
    return _SHAPE.fullmatch(nir) is not None


def reads_as_nir(text: str) -> bool:
    """Whether a text that should name nobody is a NIR, with or without its key and separators.

    >>> reads_as_nir("2 51 09 99 126 111"), reads_as_nir("253072a07300443"), reads_as_nir("V-1001"), reads_as_nir("")
    (True, True, False, False)
    """
    bare = "".join(character for character in text.upper() if character.isalnum())
    return len(bare) in (13, 15) and is_well_formed(bare[:13]) and bare[:1] in "1278"


def calc_key(nir: str) -> str:
    """The key of a well formed NIR, two digits. Raises `ValueError` on another shape, without printing it."""
    if not is_well_formed(nir):
        raise ValueError("a NIR has 13 characters: digits, or 2A/2B as département")
    return _stdnum.calc_check_digits(nir)


def check(nir: str, cle: str) -> bool:
    """Whether `nir` is well formed and `cle` is its key. Never raises."""
    return is_well_formed(nir) and calc_key(nir) == cle


def problem(nir: str, cle: str) -> str | None:
    """What is wrong with a NIR and its key.

    >>> problem("2951099126111", "93"), problem("2951099126111", "94"), problem("295109912611", "93")
    (None, 'sa clé est fausse', 'il a 13 chiffres, ou 2A ou 2B pour le département')
    """
    if not is_well_formed(nir):
        return "il a 13 chiffres, ou 2A ou 2B pour le département"
    return None if check(nir, cle) else "sa clé est fausse"


def is_anonymous(nir: str) -> bool:
    """Whether this NIR stands for nobody (anonymous care): persons must not be told apart or joined by it.

    >>> is_anonymous("2951099126111")
    False
    """
    return _ANONYMOUS.fullmatch(nir) is not None


def anonymous_fund(nir: str) -> str:
    """The fund (3 digits) that an anonymous NIR names; `""` for the NIR of a person.

    >>> anonymous_fund("1555555331042"), anonymous_fund("2951099126111")
    ('331', '')
    """
    match = _ANONYMOUS.fullmatch(nir)
    return match[1] if match else ""


def fingerprint_input(nir: str) -> str | None:
    """The 13 characters from which the journal computes a fingerprint; none when blank or anonymous.

    Source: architecture, decision 11. The key is not part of it.

    >>> fingerprint_input("2951099126111"), fingerprint_input("1555555331042"), fingerprint_input(" " * 13)
    ('2951099126111', None, None)
    """
    return None if not nir.strip(" 0") or is_anonymous(nir) else nir
