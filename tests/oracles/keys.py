"""Check keys written by hand: NIR (97 minus the remainder by 97) and Luhn for the numbers of 8 digits and one key.

Source: B2 5, identifiers and keys (public check-digit algorithms, recomputed). No validation of anything but digits.
"""

from __future__ import annotations

# (13 characters, key): the vectors printed in B2 5
NIR_VECTORS: tuple[tuple[str, str], ...] = (
    ("253072A073004", "43"),
    ("253072B073004", "70"),
    ("2951099126111", "93"),
)

# Number of 9 digits whose Luhn key is right: the one example printed in B2 5 (a Corsican FINESS 2A0002689 as B2 writes
# it, "2001" + last four digits + key). The numbers of test cards quoted there as a count are not ours to print.
NUMBER_VECTORS: tuple[str, ...] = ("200102689",)

# (FINESS, what B2 writes): the example printed in B2 5, and the other letter by the same rule
CORSICAN_VECTORS: tuple[tuple[str, str], ...] = (("2A0002689", "200102689"), ("2B0002687", "200202687"))

# What names an accident (B2 5): the example printed there, and a number of the general scheme made up on its rule
ACCIDENT_VECTORS: tuple[str, ...] = ("000180831", "180831751")

# Anonymous NIR (B2 5): sex, 555555, fund, case (042 contraception of minors, 333 screening): (13 characters, fund)
ANONYMOUS_VECTORS: tuple[tuple[str, str], ...] = (("1555555331042", "331"), ("2555555971333", "971"))


def nir_key(nir: str) -> str:
    """Key of two digits of a NIR of 13 characters: 97 - (NIR mod 97); Corsica 2A counts as 19, 2B as 18 (B2 5).

    The département is at 6-7. Raises ValueError when the 13 characters do not make a number.
    """
    departement = {"2A": "19", "2B": "18"}.get(nir[5:7], nir[5:7])
    digits = nir[:5] + departement + nir[7:]
    if len(digits) != 13 or not (digits.isascii() and digits.isdigit()):
        raise ValueError("a NIR has 13 digits, 2A and 2B being allowed at 6-7")
    return f"{97 - int(digits) % 97:02d}"


def luhn_key(number: str) -> str:
    """Luhn key (one digit) of the 8 digits of a provider, ADELI, AM or FINESS number (B2 5).

    Raises ValueError when `number` is not 8 digits.
    """
    if len(number) != 8 or not (number.isascii() and number.isdigit()):
        raise ValueError("the key is computed over 8 digits")
    return luhn_digit(number)


def luhn_digit(number: str) -> str:
    """The digit that completes these digits: from the right, one in two is doubled and the digits of the result are
    added; the key completes the sum to a multiple of ten."""
    total = 0
    for rank, character in enumerate(reversed(number)):
        value = int(character) * (2 if rank % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)


def number_with_key(number: str) -> str:
    """The 9 characters of a number: 8 digits and their Luhn key (B2 5)."""
    return number + luhn_key(number)
