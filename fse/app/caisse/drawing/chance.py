"""Chance from a seed: only draws that every version of Python repeats."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")


class Chance:
    """`random.Random.random` is the one draw that the language promises never to change for a seed."""

    def __init__(self, graine: int) -> None:
        self._draw = random.Random(graine).random

    def happens(self, probability: float) -> bool:
        return self._draw() < probability

    def between(self, first: int, last: int) -> int:
        """A whole number, both ends included; `first` when the range is empty."""
        return first + int(self._draw() * max(1, last - first + 1))

    def pick(self, items: Sequence[_Item]) -> _Item:
        return items[self.between(0, len(items) - 1)]

    def one_of(self, probabilities: Mapping[str, float]) -> str | None:
        """One of these, or none of them with what is left of 1."""
        drawn = self._draw()
        for name, probability in probabilities.items():
            if drawn < probability:
                return name
            drawn -= probability
        return None
