"""An empty reader of SoftHSM2, which is that of this process while a test runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.keys.soft_card import SoftReader, soft_reader


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[SoftReader]:
    reader = soft_reader(tmp_path / "reader")
    with reader.plugged():
        yield reader
