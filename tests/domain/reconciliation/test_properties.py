"""What holds for every world: partition, conservation, the reference agrees, incremental equals full, no repetition."""

import os
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.reconciliation.world.agreement import assert_agrees, assert_conservation, assert_partition
from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.reference import Reference
from tests.domain.reconciliation.world.strategies import scripts
from tests.domain.reconciliation.world.values import Annulment, Facture, File, Mandate, Range, Step, Takeover

pytestmark = pytest.mark.timeout(1200)  # of the endurance lane
EXAMPLES = settings(max_examples=5_000) if os.environ.get("ENDURANCE") else settings()


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    """One database for all the examples of this module."""
    world = World()
    yield world
    world.close()


@EXAMPLES
@given(script=scripts())
def test_nothing_is_lost_and_money_in_is_money_explained(shared: World, script: list[Step]) -> None:
    shared.hold(script)
    assert_partition(shared)
    assert_conservation(shared)


@EXAMPLES
@given(script=scripts())
def test_reference_agrees(shared: World, script: list[Step]) -> None:
    shared.hold(script)
    assert_agrees(shared, Reference(shared.facts))


@EXAMPLES
@given(script=scripts(), seed=st.integers())
def test_incremental_equals_full_rebuild_after_each_step(shared: World, script: list[Step], seed: int) -> None:
    shared.clear()
    for step in lives(script, Random(seed)):
        shared.take(step)
        incremental = shared.stored()
        shared.rebuild()
        assert incremental == shared.stored()
    shared.touch_all()
    shared.compute_received()
    shared.ask_from("bloc", "blocs_touches")
    shared.compute_derived()
    assert incremental == shared.stored()


def lives(script: list[Step], random: Random) -> list[Step]:
    """The steps of a script in an order that a journal may live: an act comes after what it names.

    An invoice is secured, then leaves or is cancelled, at once or late; a file may be booked before it.
    """
    invoices = [step for step in script if isinstance(step, Facture)]
    final = [step for step in invoices if random.random() < 0.5]
    waiting = [replace(step, emise_le=0, lot=(0, 0), annulee=0) for step in invoices if step not in final]
    said = [step for step in script if isinstance(step, File | Mandate | Takeover | Range)]
    acts = [step for step in script if not isinstance(step, Facture | File | Mandate | Takeover | Range)]
    steps: list[Step] = []
    for stage in (
        [*final, *waiting, *said],
        [*invoices, *(act for act in acts if not isinstance(act, Annulment))],
        [act for act in acts if isinstance(act, Annulment)],
    ):
        random.shuffle(stage)
        steps += stage
    return steps
