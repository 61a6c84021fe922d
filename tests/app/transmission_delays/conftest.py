"""A practice that sends its files itself, for each test of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.app.operations.practice import Practice
from tests.app.transmission_delays.scene import practice_at


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with practice_at(tmp_path / "cabinet") as opened:
        yield opened
