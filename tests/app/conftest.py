"""A fresh practice for each test of floor 5; passwords that are soon stretched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.app.operations.practice import Practice
from tests.app.cabinet import little_stretching, new_practice


@pytest.fixture(autouse=True, scope="module")
def passwords() -> Iterator[None]:
    with little_stretching():
        yield


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with new_practice(tmp_path / "cabinet") as opened:
        yield opened
