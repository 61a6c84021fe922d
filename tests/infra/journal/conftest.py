"""An empty journal to write in, on each database that holds journals: a copy of one made once, for making a key is slow
on purpose.

A test of what a journal does runs on both. One of what is particular to SQLite is marked `on_sqlite`, and so on.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fse.infra.journal import Journal
from fse.infra.journal.dialects import Place
from fse.infra.journal.secrets import Coffre
from tests.infra.journal.facts import CABINET, CLE, NOW, reopened
from tests.infra.journal.postgres_server import Server, running

Template = tuple[Place, Coffre]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The PostgreSQL server of this process."""
    with running() as started:
        yield started


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Template:
    place = tmp_path_factory.mktemp("journal") / "vide.sqlite"
    with Journal.create(place, CABINET, CLE, "T", NOW) as journal:
        return place, journal.coffre


@pytest.fixture(scope="session")
def empty_postgresql(server: Server) -> Template:
    place = server.create()
    with Journal.create(place, CABINET, CLE, "T", NOW) as journal:
        coffre = journal.coffre
    server.keep(place)
    return place, coffre


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> str:
    """The database that the test uses."""
    return str(request.param)


@pytest.fixture
def empty(store: str, request: pytest.FixtureRequest) -> Template:
    """Where there is an empty journal that nobody uses, and what opens it without its key."""
    template: Template = request.getfixturevalue(f"empty_{store}")
    return template


@pytest.fixture
def copy(store: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Place], Place]:
    """Copies a whole database that nobody uses."""

    def copy_to(place: Place) -> Place:
        if store == "postgresql":
            return server_of(request).create(str(place))
        return Path(shutil.copy(place, tmp_path / f"copie-{len([*tmp_path.iterdir()])}.sqlite"))

    return copy_to


@pytest.fixture
def place(store: str, request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a journal may be created, and where `journal` is when the test asks for it."""
    template: Place | None = request.getfixturevalue("empty")[0] if "journal" in request.fixturenames else None
    if store == "sqlite":
        path = tmp_path / "journal.sqlite"
        return path if template is None else shutil.copy(template, path)
    if template is None:
        return server_of(request).create()
    server_of(request).restore(str(template))
    return template


@pytest.fixture
def journal(place: Place, empty: Template) -> Iterator[Journal]:
    with reopened(place, empty[1]) as opened:
        yield opened


def server_of(request: pytest.FixtureRequest) -> Server:
    """The server, started at its first use."""
    started: Server = request.getfixturevalue("server")
    return started
