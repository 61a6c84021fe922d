"""What a return costs on PostgreSQL follows its lines, whatever is stored, from the first day: counted in rows read.

The server has no time to gather statistics by itself: it does so each minute.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict

import pytest
from sqlalchemy import insert

from fse.app.operations import states
from fse.app.operations.practice import entity_tables
from fse.domain.reconciliation import statements
from fse.infra.journal import Journal, Transaction
from fse.infra.journal.dialects import Place
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.schema.fact_tables import facture
from tests.infra.journal.facts import CABINET, CLE, NOW, PRESTATAIRE, TODAY, on_postgresql, secure
from tests.infra.journal.writer import answer

pytestmark = pytest.mark.long

FILE = 100
STORED = 3_000
READ = (
    "SELECT CAST(COALESCE(SUM(seq_tup_read + idx_tup_fetch), 0) AS BIGINT) "
    "FROM pg_stat_xact_user_tables WHERE schemaname = 'public'"
)


def book(transaction: Transaction, first: int, count: int) -> float:
    """Secure these invoices and book the return that pays them; the rows read to book it, by line."""
    model = {"cabinet": CABINET} | asdict(secure(transaction, first, mode="papier"))
    others = range(first + 1, first + count)
    transaction.connection.execute(
        insert(facture),
        [model | {"numero": numero, "racine": numero, "reference": f"ref-{numero}"} for numero in others],
    )
    fichier = hashlib.sha256(str(first).encode()).hexdigest()
    rows = list(answer(PRESTATAIRE, LotKey(PRESTATAIRE, 0, TODAY), [first, *others]))
    entity_tables().insert(transaction.connection, CABINET, fichier, rows)
    before = transaction.connection.exec_driver_sql(READ).scalar_one()
    states.book(transaction, fichier, rows)
    return float(transaction.connection.exec_driver_sql(READ).scalar_one() - before) / count


@on_postgresql
def test_a_return_costs_the_same_on_the_first_day_and_on_top_of_many(place: Place) -> None:
    views = {computation.relation.name: computation.sql for computation in statements.views()}
    cost = []
    with Journal.create(place, CABINET, CLE, "T", NOW, entites=[entity_tables()], vues=views) as journal:
        for first, count in ((1, FILE), (1_000, STORED), (10_000, FILE), (20_000, FILE)):
            with journal.transaction(NOW) as transaction:
                cost.append(book(transaction, first, count))
    assert cost[2] == pytest.approx(cost[0], rel=0.2)
    assert cost[3] == pytest.approx(cost[2], rel=0.2)
    assert max(cost) < 60, cost
