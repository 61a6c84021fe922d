"""Money: integer centimes, and the roundings of the rules. No float ever enters or leaves this module.

A rate is a percentage given as `int` or `Decimal`; exact arithmetic until the one rounding. Each function that rounds
says which rule it follows. Thresholds compare exact fractions elsewhere; what is formatted here is for display only.
"""

from decimal import Decimal
from fractions import Fraction

_NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"


def part_of(base: int, taux: int | Decimal) -> int:
    """The centimes of `taux` percent of `base` centimes, rounded half up to the centime, once per line.

    The public sources give "half up on two decimals, per line" from vendors' tests (regles.md E.2, third party); which
    of half up and half even the payers use is not published: half up is our choice. Both arguments are ≥ 0, so half
    up and half away from zero are the same; a negative one raises `ValueError`.

    >>> part_of(2650, 70), part_of(1005, 50), part_of(1, 50), part_of(945, Decimal("25"))
    (1855, 503, 1, 236)
    """
    if base < 0 or taux < 0:
        raise ValueError("base and rate are not negative")
    exact = Fraction(base) * Fraction(taux) / 100
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def amount_of(coefficient: Fraction, valeur: int, pour_cent: int = 100) -> int:
    """The centimes of a line: coefficient × value of the letter, at `pour_cent` percent, rounded half up once.

    Halving a coefficient before the one rounding is our reading (regles.md E.2): AMI 1.5 at half is AMI 0.75. Raises
    `ValueError` on a negative argument.

    >>> amount_of(Fraction("1.5"), 315), amount_of(Fraction("0.75"), 315), amount_of(Fraction(40), 260, 70)
    (473, 236, 7280)
    """
    if coefficient < 0 or valeur < 0 or pour_cent < 0:
        raise ValueError("coefficient, value and rate are not negative")
    numerator, denominator = coefficient.numerator * valeur * pour_cent, coefficient.denominator * 100
    return (2 * numerator + denominator) // (2 * denominator)


def format_euros(centimes: int) -> str:
    """The amount as French readers write it: `1 234,50 €`, with narrow no-break spaces.

    >>> format_euros(123450).replace(_NARROW_SPACE, "_"), format_euros(-5).replace(_NARROW_SPACE, "_")
    ('1_234,50_€', '-0,05_€')
    """
    euros, rest = divmod(abs(centimes), 100)
    sign = "-" if centimes < 0 else ""
    grouped = f"{euros:,}".replace(",", _NARROW_SPACE)
    return f"{sign}{grouped},{rest:02d}{_NARROW_SPACE}€"
