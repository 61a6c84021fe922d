"""A day on which every retention is over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.journal.scene import years_after


@pytest.fixture
def years_later() -> Iterator[None]:
    """Today is years after anything that the tests make."""
    with years_after():
        yield
