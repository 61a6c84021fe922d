"""Whatever comes, in whatever order and however often: the stored rows are those of a full rebuild."""

import os
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.strategies import scripts
from tests.domain.reconciliation.world.values import Step

pytestmark = pytest.mark.timeout(1200)  # of the endurance lane
SCRIPTS = (
    [1_000]
    if os.environ.get("ENDURANCE")
    else [pytest.param(12, id="some"), pytest.param(80, id="a-thousand-orders", marks=pytest.mark.long)]
)
ORDERS = 13


@pytest.mark.parametrize("count", SCRIPTS)
def test_any_order_of_arrival_gives_the_same_rows(count: int) -> None:
    world = World()
    tried = 0

    @settings(max_examples=count)
    @given(scripts(), st.integers())
    def any_order_is_as_good(script: list[Step], seed: int) -> None:
        nonlocal tried
        random = Random(seed)
        world.hold(script)
        expected = world.stored()
        for _ in range(ORDERS):
            world.clear()
            for night in nights(script, random):
                world.take(*night)
            assert world.stored() == expected
            tried += 1

    any_order_is_as_good()
    world.close()
    assert tried >= count * (ORDERS - 1)


def nights(script: list[Step], random: Random) -> list[list[Step]]:
    """The steps in any order, some of them twice, cut into one to four transactions."""
    steps = [*script, *random.sample(script, len(script) // 3)]
    random.shuffle(steps)
    cuts = sorted(random.randrange(len(steps) + 1) for _ in range(random.randrange(4)))
    return [steps[start:end] for start, end in zip([0, *cuts], [*cuts, len(steps)], strict=True)]
