"""Prestataire: the number under which a professional or a structure bills, 9 digits.

Composition: 8 digits and a key, which is the Luhn digit of the other 8. On a card a liberal structure has two more
digits, the rank of the practice. Numbers that start with `00` belong to nobody (there is no such département): all
our fixtures use them.

Source: b2.md 5 (the key holds for 10 of 10 test cards and both Corsican examples), precisions.md "Fictive
prestataires", noemie.md 1.3 bis "Prestataire of a return line". Luhn is python-stdnum's.

>>> is_valid("200102689"), is_valid("200102688")
(True, False)
>>> calc_key("20010268")
'9'
>>> is_fictive("001234566"), is_fictive("200102689")
(True, False)
"""

from functools import lru_cache

LENGTH = 9
_RANKED = 11
"""A structure on a card: the number and the rank of the practice."""


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def is_valid(numero: str) -> bool:
    """Whether these are 9 digits, not all zeros, of which the last is the Luhn key. Never raises."""
    return problem(numero) is None


def problem(numero: str) -> str | None:
    """What is wrong with a number.

    >>> problem("200102689"), problem("200102688"), problem("2A0002689")
    (None, 'sa clé est fausse', 'il a 9 chiffres, pas tous à zéro')
    """
    if not _is_digits(numero) or len(numero) != LENGTH or not numero.strip("0"):
        return "il a 9 chiffres, pas tous à zéro"
    from stdnum import luhn  # late: stdnum imports ssl

    return None if luhn.is_valid(numero) else "sa clé est fausse"


def calc_key(racine: str) -> str:
    """The ninth digit of 8. Raises `ValueError` on anything else."""
    if not _is_digits(racine) or len(racine) != LENGTH - 1:
        raise ValueError("8 digits are expected")
    from stdnum import luhn  # late: stdnum imports ssl

    return str(luhn.calc_check_digit(racine))


def is_fictive(numero: str) -> bool:
    """Whether this number belongs to nobody, whatever its key."""
    return numero.startswith("00")


@lru_cache(maxsize=1 << 14)
def reduce(brut: str) -> str:
    """The 9 characters of a prestataire named in a return, or `""` when the field holds none (a residue).

    After removing blanks: 9 digits are the number; zeros, then 9 digits, are the number written to the right of its
    field; 11 digits are the number and a rank. All zeros are an empty field.

    >>> reduce("200102689      "), reduce("00000200102689"), reduce("20010268901   ")
    ('200102689', '200102689', '200102689')
    >>> reduce("CPAM 349"), reduce(" "), reduce("00000000000000"), reduce("12345678")
    ('', '', '', '')

    Eleven digits that start with `00` can be read both ways. They are right-aligned, as the rule's order says, unless
    the keys prove the other reading: so a fictive structure keeps its rank.

    >>> reduce("00200102689"), reduce("00123456601")
    ('200102689', '001234566')
    """
    text = brut.strip()
    if not _is_digits(text) or not text.strip("0"):
        return ""
    first, head, last = text[:LENGTH], text[:-LENGTH], text[-LENGTH:]
    if len(text) == LENGTH:
        return text
    if head and not head.strip("0"):
        ranked = len(text) == _RANKED and is_valid(first) and not is_valid(last)
        return first if ranked else last
    return first if len(text) == _RANKED else ""
