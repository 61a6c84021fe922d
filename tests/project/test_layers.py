"""The floors and rooms, checked a second time by an oracle that shares nothing with import-linter."""

from pathlib import Path

import pytest

layers = pytest.importorskip("tests.oracles.layers")

ROOT = Path(__file__).resolve().parents[2]


def test_no_import_goes_up_or_sideways() -> None:
    assert list(layers.violations(ROOT)) == []
