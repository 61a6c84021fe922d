"""The one way to compare two ways of doing the same work: rounds in turns, ratios of one round, quartiles, a verdict.

A machine that others use makes every absolute figure doubtful. So in each round each way does the work once, the ways
take turns to be first, a first round is not counted, and what is compared is the two figures of one round. A ratio is
told by its median and quartiles; its target is met only when the whole range from the first quartile to the third is on
the right side of it.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Literal, NamedTuple

LEAST = 5
"""Rounds that a verdict needs."""

AS_FAST, AS_LONG = "times as fast", "times as long"
"""Units of ratios."""

Round = Callable[[], float]
"""Does the work once; tells what a unit of it cost, in seconds."""
Costs = dict[str, tuple[float, ...]]
"""Seconds a unit of each way, one a round."""


def wall(task: Callable[[], object], units: int = 1) -> Round:
    """A round timed by the clock, for so many units of work."""
    return lambda: _timed(task, time.perf_counter) / units


def processor(task: Callable[[], object], units: int = 1) -> Round:
    """A round timed by the processor time of this thread, for work that waits for nothing."""
    return lambda: _timed(task, time.thread_time) / units


def _timed(task: Callable[[], object], clock: Callable[[], float]) -> float:
    gc.collect()  # what the other ways left is not for this one to pick up
    start = clock()
    result = task()
    elapsed = clock() - start
    del result
    return elapsed


def interleave(ways: Mapping[str, Round], rounds: int) -> Costs:
    """What each way costs, round after round. Raises `ValueError` for fewer rounds than a verdict needs."""
    if rounds < LEAST:
        raise ValueError(f"{rounds} rounds: at least {LEAST}")
    names = list(ways)
    costs: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds + 1):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            cost = ways[name]()
            if number:
                costs[name].append(cost)
    return {name: tuple(values) for name, values in costs.items()}


class Spread(NamedTuple):
    """First quartile, median, third quartile."""

    first: float
    median: float
    third: float


def spread(values: Sequence[float]) -> Spread:
    """Of at least two values."""
    return Spread(*quantiles(values, n=4, method="inclusive"))


class Target(NamedTuple):
    """What a measure must reach, or must not pass."""

    sense: Literal["at least", "at most"]
    value: float

    def met(self, found: Spread) -> bool:
        """Whether the whole range is on the right side."""
        return found.first >= self.value if self.sense == "at least" else found.third <= self.value

    def __str__(self) -> str:
        return f"{self.sense} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure or a ratio: what it says, its value in each round, its target when it has one."""

    says: str
    values: tuple[float, ...]
    target: Target | None
    unit: str

    @property
    def spread(self) -> Spread:
        return spread(self.values)

    @property
    def verdict(self) -> str:
        """`met`, `not met`; empty without target."""
        if self.target is None:
            return ""
        return "met" if self.target.met(self.spread) else "not met"


def faster(costs: Costs, ours: str, theirs: str, target: Target | None = None) -> Measure:
    """How many times as fast ours is, a unit of work for a unit of work."""
    values = tuple(other / own for own, other in zip(costs[ours], costs[theirs], strict=True))
    return Measure(f"{ours} beside {theirs}", values, target, AS_FAST)


def longer(costs: Costs, ours: str, theirs: str, target: Target | None = None) -> Measure:
    """How many times as long ours takes."""
    values = tuple(own / other for own, other in zip(costs[ours], costs[theirs], strict=True))
    return Measure(f"{ours} beside {theirs}", values, target, AS_LONG)


def rate(costs: Costs, name: str, unit: str, target: Target | None = None) -> Measure:
    """Units a second of a way."""
    return Measure(name, tuple(1 / cost for cost in costs[name]), target, unit)
