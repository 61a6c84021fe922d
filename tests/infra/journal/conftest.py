"""An empty journal to write in: a copy of one made once, for making a key is slow on purpose."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.infra.journal import Journal
from fse.infra.journal.secrets import Coffre
from tests.infra.journal.facts import CABINET, CLE, NOW, reopened


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Coffre]:
    path = tmp_path_factory.mktemp("journal") / "vide.sqlite"
    with Journal.create(path, CABINET, CLE, "T", NOW) as journal:
        return path, journal.coffre


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal may be created, and where `journal` is."""
    return tmp_path / "journal.sqlite"


@pytest.fixture
def journal(path: Path, empty: tuple[Path, Coffre]) -> Iterator[Journal]:
    template, coffre = empty
    shutil.copy(template, path)
    with reopened(path, coffre) as opened:
        yield opened
