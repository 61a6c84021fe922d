"""A process killed at any point leaves nothing of a transaction, or all of it.

The points are enumerated by a first run: before and after each statement that reaches the database (BEGIN included,
where it is a statement), before COMMIT, after COMMIT. Each (on PostgreSQL every fifth) is then a child forked from this
warmed process, which opens the journal itself and dies there by `os._exit`, without any clean-up.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event, inspect

from fse.infra.journal import Journal
from fse.infra.journal.dialects import Place
from fse.infra.journal.facts import factures, lots
from fse.infra.journal.secrets import Coffre
from tests.infra.journal.conftest import Template
from tests.infra.journal.facts import CABINET, CLE, NOW, cancel, freeze_file, make_lot, mark_written, reopened, secure

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="fork is needed to kill a warmed process"),
    pytest.mark.long,
]

KILLED = 77
Scenario = Callable[[Journal], None]


def emit(journal: Journal) -> None:
    """One transaction that does a little of everything, upon three invoices already secured."""
    with journal.transaction(NOW) as transaction:
        secure(transaction, factures.allocate_numero(transaction, "essai") + 100)
        cancel(transaction, 3)
        number = lots.allocate_numero_lot(transaction, "001234561", 20514, lambda _: True)
        key = make_lot(transaction, number, [1, 2, 101])
        lots.sign(transaction, key, b"cms")
        freeze_file(transaction, "000001", [key])
        mark_written(transaction, "000001")


class Points:
    """Counts the points of a journal's life, and does something at each."""

    def __init__(self, journal: Journal, at_point: Callable[[int], None]) -> None:
        self._reached = 0
        self._at_point = at_point
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(journal.engine, name, self.reach)

    def reach(self, *_: object) -> None:
        self._reached += 1
        self._at_point(self._reached)


@pytest.fixture
def three_invoices(place: Place, journal: Journal) -> Template:
    with journal, journal.transaction(NOW) as transaction:
        for numero in (1, 2, 3):
            secure(transaction, numero)
    return place, journal.coffre


def state(place: Place, coffre: Coffre) -> list[tuple[str, int]]:
    """The number of rows of each table, after the chain is proved whole."""
    with reopened(place, coffre) as journal:
        assert journal.verify() == []
        with journal.reading() as reading:
            run = reading.connection.exec_driver_sql
            if reading.connection.dialect.name == "sqlite":
                assert run("PRAGMA integrity_check").scalar_one() == "ok"
                assert run("PRAGMA foreign_key_check").all() == []
            names = sorted(inspect(reading.connection).get_table_names())
            return [(name, run(f"SELECT COUNT(*) FROM {name}").scalar_one()) for name in names]


def run_and_die(place: Place, coffre: Coffre, point: int) -> int:
    """Exit status of a child that runs `emit` and dies at this point."""
    child = os.fork()
    if child == 0:
        try:
            journal = reopened(place, coffre)
            Points(journal, lambda reached: os._exit(KILLED) if reached == point else None)
            emit(journal)
            os._exit(KILLED if point == 0 else 1)
        finally:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_killed_transaction_is_nothing_or_all(
    three_invoices: Template, copy: Callable[[Place], Place], store: str
) -> None:
    place, coffre = three_invoices
    before = state(place, coffre)

    complete = copy(place)
    points: list[int] = []
    with reopened(complete, coffre) as journal:
        Points(journal, points.append)
        emit(journal)
    after = state(complete, coffre)
    assert after != before
    assert len(points) > 60

    for point in [*points[:: 1 if store == "sqlite" else 5], 0]:
        assert run_and_die(place, coffre, point) == KILLED
        assert state(place, coffre) == (after if point == 0 else before), f"killed at point {point} of {len(points)}"


def test_a_killed_transaction_can_be_done_again(three_invoices: Template) -> None:
    place, coffre = three_invoices
    assert run_and_die(place, coffre, 40) == KILLED
    with reopened(place, coffre) as journal:
        emit(journal)
        assert journal.verify() == []


def create_and_die(place: Place, point: int) -> int:
    """Exit status of a child that creates a journal and dies after this many statements."""
    child = os.fork()
    if child == 0:
        try:
            left = iter(range(point - 1))
            event.listen(Engine, "after_cursor_execute", lambda *_: next(left, None) is None and os._exit(KILLED))
            Journal.create(place, CABINET, CLE, "T", NOW)
            os._exit(1)
        finally:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_killed_creation_can_be_done_again(place: Place) -> None:
    for point in (1, 5, 20, 40):
        assert create_and_die(place, point) == KILLED
    with Journal.create(place, CABINET, CLE, "T", NOW) as journal:
        assert journal.verify() == []
