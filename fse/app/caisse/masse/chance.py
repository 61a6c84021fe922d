"""Draws for many invoices at once, from a seed and what names each: no order, no process, no machine changes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fse.norm.layout.columns.plan import Longs

Draws = NDArray[np.float64]

_WORD = (1 << 64) - 1
_STEP, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
"""splitmix64 (Steele, Lea and Flood 2014)."""
_FRACTION_BITS = 53


def draw(graine: int, rang: int, cles: Longs) -> Draws:
    """A number from 0 to 1 excluded for each key (n,). `rang` tells draws of one seed apart."""
    words = cles.astype(np.uint64) ^ np.uint64(_mixed(_mixed(graine & _WORD) + rang & _WORD))
    words += np.uint64(_STEP)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(_FIRST)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(_SECOND)
    words ^= words >> np.uint64(31)
    fractions: Draws = (words >> np.uint64(64 - _FRACTION_BITS)).astype(np.float64)
    fractions /= float(1 << _FRACTION_BITS)
    return fractions


def _mixed(word: int) -> int:
    """The same of one word."""
    word = word + _STEP & _WORD
    word = (word ^ word >> 30) * _FIRST & _WORD
    word = (word ^ word >> 27) * _SECOND & _WORD
    return word ^ word >> 31
