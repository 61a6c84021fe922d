"""Money: the rounding against exact fractions, the French writing."""

import doctest
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.base import money

NARROW = "\N{NARROW NO-BREAK SPACE}"


def test_examples_of_the_module_hold():
    assert doctest.testmod(money).failed == 0


@given(st.integers(0, 10**10), st.integers(0, 100) | st.decimals(0, 100, places=3))
def test_part_is_half_up_as_decimal_does_it(base, taux):
    exact = Decimal(base) * Decimal(taux) / 100
    assert money.part_of(base, taux) == int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("base", "taux", "attendu"),
    [(2650, 70, 1855), (1005, 50, 503), (1015, 50, 508), (1, 50, 1), (1, 49, 0), (0, 100, 0), (2500, 100, 2500)],
)
def test_part_of_known_amounts(base, taux, attendu):
    assert money.part_of(base, taux) == attendu


@pytest.mark.parametrize(("base", "taux"), [(-1, 70), (100, -1)])
def test_negative_is_refused(base, taux):
    with pytest.raises(ValueError, match="negative"):
        money.part_of(base, taux)


@pytest.mark.parametrize(
    ("centimes", "attendu"),
    [
        (0, "0,00_€"),
        (5, "0,05_€"),
        (-5, "-0,05_€"),
        (123450, "1_234,50_€"),
        (-123456789, "-1_234_567,89_€"),
    ],
)
def test_french_writing(centimes, attendu):
    assert money.format_euros(centimes) == attendu.replace("_", NARROW)
