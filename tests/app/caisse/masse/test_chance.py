"""Draws of the mass simulator: splitmix64 as published, even, and independent of the order of keys."""

from __future__ import annotations

import numpy as np
import pytest

from fse.app.caisse.masse.chance import draw
from fse.app.caisse.masse.rates import TauxMasse

WORD = 2**64 - 1


def splitmix(state: int) -> int:
    """The first number of the generator of this state, retyped from its authors' C."""
    z = (state + 0x9E3779B97F4A7C15) & WORD
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & WORD
    return z ^ (z >> 31)


def test_the_oracle_gives_the_published_numbers() -> None:
    assert splitmix(0) == 0xE220A8397B1DCDAF
    assert splitmix(0x9E3779B97F4A7C15) == 0x6E789E6AA1B965F4


@pytest.mark.parametrize("graine", [0, 1, -7, 2**70 + 3])
def test_each_draw_is_that_of_its_key(graine: int) -> None:
    keys = [0, 1, 999_999_999_999_999_999, 1234566_000000001]
    found = draw(graine, 2, np.array(keys))
    word = splitmix((splitmix(graine & WORD) + 2) & WORD)
    assert found.tolist() == [(splitmix(key ^ word) >> 11) / 2**53 for key in keys]


def test_draws_are_even_and_those_of_two_ranks_differ() -> None:
    keys = 1_234_566 * 10**9 + np.arange(200_000)
    first, second = draw(5, 0, keys), draw(5, 1, keys)
    for one in (first, second):
        assert one.min() >= 0
        assert one.max() < 1
        shares = np.histogram(one, 20, (0, 1))[0] / len(keys)
        assert abs(shares - 0.05).max() < 0.003  # six standard deviations
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.01


def test_rates_are_probabilities() -> None:
    with pytest.raises(ValueError, match="at most 1"):
        TauxMasse(silence=0.9, rejet=0.2)
    with pytest.raises(ValueError, match="at most 1"):
        TauxMasse(silence=-0.1)
