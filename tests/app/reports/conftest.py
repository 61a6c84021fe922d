"""The pages of a busy month and of an empty one, written once for all the tests of a worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from fse.app.operations.practice import Practice
from fse.app.reports import write_report
from fse.app.reports.matin import RapportEcrit
from tests.app.cabinet import new_practice
from tests.app.reports.month import LE, busy_practice


@dataclass(frozen=True)
class Written:
    """A practice, and what was written of its morning."""

    practice: Practice
    done: RapportEcrit

    @property
    def html(self) -> str:
        return self.done.page.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    folder = tmp_path_factory.mktemp("charge")
    with busy_practice(folder / "cabinet") as practice:
        yield Written(practice, write_report(practice, folder / "page", LE))


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    folder = tmp_path_factory.mktemp("vide")
    with new_practice(folder / "cabinet") as practice:
        yield Written(practice, write_report(practice, folder / "page", LE))
