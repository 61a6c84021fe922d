"""Ranges of numbers: the examples of the module, and what they promise of any range."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from fse.base import plages
from fse.base.plages import Plage


def test_the_examples_hold() -> None:
    assert doctest.testmod(plages).failed == 0


@st.composite
def _ranges(draw: st.DrawFn) -> Plage:
    first = draw(st.integers(1, 60))
    return Plage(first, draw(st.integers(first, 70)))


@given(_ranges(), _ranges())
def test_two_ranges_cross_when_a_number_is_of_both(one: Plage, other: Plage) -> None:
    shared = set(range(one.premier, one.dernier + 1)) & set(range(other.premier, other.dernier + 1))
    assert one.crosses(other) == other.crosses(one) == bool(shared)


@given(_ranges(), st.integers(0, 500))
def test_ordinals_that_follow_one_another_go_through_the_whole_range(one: Plage, start: int) -> None:
    given_numbers = [one.at(ordinal) for ordinal in range(start, start + one.taille)]
    assert sorted(given_numbers) == list(range(one.premier, one.dernier + 1))
    assert one.at(start + one.taille) == given_numbers[0]
