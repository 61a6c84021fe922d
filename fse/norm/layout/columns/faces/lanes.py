"""Digits eight at a time: eight bytes of text are one 64-bit lane, the last character in its highest byte.

Lanes are unsigned and read as little-endian whatever the machine; a text shorter than eight has zero bytes before it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Lanes = NDArray[np.uint64]
Mask = NDArray[np.bool_]

LANE = 8
"""Bytes of a lane."""

_ZEROS = np.uint64(0x3030303030303030)
_ABOVE_NINE = np.uint64(0x7676767676767676)
"""Takes 10 and more, and no digit, to the highest bit of its byte."""
_HIGHEST_BITS = np.uint64(0x8080808080808080)
_PAIRS = np.uint64(0x000000FF000000FF)
_TEN = np.uint64(10)
_BYTE, _TWO_BYTES, _HALF = np.uint64(8), np.uint64(16), np.uint64(32)
_HUNDRED_AND_MILLION = np.uint64(100 + (1_000_000 << 32))
_ONE_AND_TEN_THOUSAND = np.uint64(1 + (10_000 << 32))


def lane_of(text: bytes) -> np.uint64:
    """The lane of at most eight bytes."""
    return np.uint64(int.from_bytes(text.rjust(LANE, b"\0"), "little"))


def keep_last(width: int) -> np.uint64:
    """The mask that keeps the last `width` characters (1 to 8) of a lane."""
    return np.uint64((1 << 64) - (1 << (8 * (LANE - width))))


def fill_with_zeros(lanes: Lanes, width: int) -> Lanes:
    """The lanes of `width` characters with digits 0 before them."""
    return lanes if width == LANE else lanes | (_ZEROS & ~keep_last(width))


def are_digits(lanes: Lanes) -> Mask:
    """True where all eight characters are ASCII digits; nothing else passes."""
    found: Mask = (_strange(lanes) & _HIGHEST_BITS) == 0
    return found


def all_digits(lanes: Lanes) -> bool:
    """All characters of all lanes are ASCII digits."""
    return not np.bitwise_or.reduce(_strange(lanes)) & _HIGHEST_BITS


def _strange(lanes: Lanes) -> Lanes:
    """Lanes with a highest bit set where there is a character that is no digit.

    Its byte is above 9 less 0; what the subtraction borrows, or the sum carries, comes from such a byte.
    """
    values = lanes - _ZEROS
    found = values + _ABOVE_NINE
    found |= values
    return found


def number_of(lanes: Lanes) -> Lanes:
    """The number that eight digits write; anything when they are no digits."""
    value: Lanes = lanes - _ZEROS
    right = value >> _BYTE
    value *= _TEN
    value += right
    low = value & _PAIRS
    low *= _HUNDRED_AND_MILLION
    value >>= _TWO_BYTES
    value &= _PAIRS
    value *= _ONE_AND_TEN_THOUSAND
    value += low
    value >>= _HALF
    return value


def is_zero(lanes: Lanes) -> Mask:
    """True where all eight characters are the digit 0."""
    found: Mask = lanes == _ZEROS
    return found
