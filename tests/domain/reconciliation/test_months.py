"""Random months, of twelve files at least, lived day by day: what holds of small worlds holds of these.

Seeds are in the names of the tests. `ENDURANCE=1` lives a thousand months.
"""

import os
from collections.abc import Iterator
from random import Random

import pytest

from fse.domain.reconciliation.life_cycle import PART, TASKS
from fse.domain.reconciliation.policies import MOVEMENT_RESIDUES, POLICIES, TRANSFER_RESIDUES
from tests.domain.reconciliation.world.agreement import assert_agrees, assert_conservation, assert_partition
from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.months import FILES, month
from tests.domain.reconciliation.world.reference import Reference
from tests.domain.reconciliation.world.values import DAY, File, Step

MONTHS = 1_000 if os.environ.get("ENDURANCE") else 25


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    world = World()
    yield world
    world.close()


def live(world: World, steps: list[Step]) -> None:
    """What is known first in one go, then each file, invoice and act as it comes."""
    world.clear()
    first = next(place for place, step in enumerate(steps) if isinstance(step, File))
    world.take(*steps[:first])
    for step in steps[first:]:
        world.take(step)


@pytest.mark.parametrize("seed", range(MONTHS))
def test_month(shared: World, seed: int) -> None:
    steps = month(seed)
    assert sum(isinstance(step, File) for step in steps) >= FILES
    live(shared, steps)
    shared.today(DAY + 20)
    assert_partition(shared)
    assert_conservation(shared)
    assert_agrees(shared, Reference(shared.facts))
    lived = shared.stored()
    shared.rebuild()
    assert shared.stored() == lived
    others = list(steps)
    Random(seed).shuffle(others)
    live(shared, [*others, *(step for step in others if isinstance(step, File))])
    assert shared.stored() == lived


def test_months_meet_every_policy_residue_state_and_task(shared: World) -> None:
    """Else the months above would prove less than they say. A line out of any transfer is a case of its own."""
    seen: set[object] = set()
    for seed in range(25):
        live(shared, month(seed))
        shared.today(DAY + 20)
        for relation, name in (("appariement", "politique"), ("residu", "nature"), ("etat_part", "etat")):
            seen |= {row[0] for row in shared.rows(relation, name)}
        seen |= {row["nature"] for row in shared.answer("suivi")}
    policies = {policy.nom for policy in POLICIES}
    of_bank = {residue.nom for residue in (*TRANSFER_RESIDUES, *MOVEMENT_RESIDUES)}
    assert (policies | set(PART) | set(TASKS)) - seen - of_bank == {
        "ligne_sans_virement",
        "creance_a_contester",  # said of days, by the application
        "a_reemettre",  # no lot is refused in these months
    }
