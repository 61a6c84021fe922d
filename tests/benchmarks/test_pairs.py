"""What a comparison says is arithmetic: turns, ratios of one round, quartiles, a verdict on the whole range."""

from __future__ import annotations

import pytest

from benchmarks.pairs import Measure, Spread, Target, faster, interleave, longer, rate, spread

TURNS = 5


class Scripted:
    """Ways whose costs are given, and the order in which they were asked."""

    def __init__(self, **costs: list[float]) -> None:
        self.asked: list[str] = []
        self.ways = {name: self._way(name, list(values)) for name, values in costs.items()}

    def _way(self, name: str, values: list[float]):
        def one() -> float:
            self.asked.append(name)
            return values.pop(0)

        return one


def test_the_first_round_is_not_counted_and_each_way_is_first_in_its_turn() -> None:
    scripted = Scripted(ours=[99, 1, 2, 3, 4, 5], theirs=[99, 10, 10, 30, 30, 30])
    costs = interleave(scripted.ways, TURNS)
    assert costs == {"ours": (1, 2, 3, 4, 5), "theirs": (10, 10, 30, 30, 30)}
    assert scripted.asked == ["ours", "theirs", "theirs", "ours"] * 3


def test_a_ratio_compares_the_figures_of_one_round() -> None:
    costs = {"ours": (1.0, 2.0, 4.0), "theirs": (10.0, 10.0, 10.0)}
    assert faster(costs, "ours", "theirs").values == (10, 5, 2.5)
    assert longer(costs, "ours", "theirs").values == (0.1, 0.2, 0.4)
    assert rate(costs, "ours", "rec/s").values == (1, 0.5, 0.25)


def test_fewer_than_five_pairs_are_no_measure() -> None:
    with pytest.raises(ValueError, match="at least 5"):
        interleave(Scripted(ours=[1] * 9).ways, 4)


def test_quartiles_are_those_of_the_values_themselves() -> None:
    assert spread([5, 1, 4, 2, 3]) == Spread(2, 3, 4)
    assert spread([1, 2, 3, 4]) == Spread(1.75, 2.5, 3.25)


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        (Target("at least", 2), "met"),
        (Target("at least", 2.01), "not met"),  # the median 3 is above it, the first quartile 2 is not
        (Target("at most", 4), "met"),
        (Target("at most", 3.99), "not met"),  # the median 3 is below it, the third quartile 4 is not
        (None, ""),
    ],
)
def test_a_range_that_crosses_its_target_does_not_meet_it(target: Target | None, verdict: str) -> None:
    assert Measure("ours beside theirs", (1, 2, 3, 4, 5), target, "times as fast").verdict == verdict
