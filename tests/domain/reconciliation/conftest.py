"""One empty world for each test."""

from collections.abc import Iterator

import pytest

from tests.domain.reconciliation.world.database import World


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.close()
