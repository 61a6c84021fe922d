"""Writers at once, in threads and in processes: numbers are given once, the chain does not fork."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from sqlalchemy import select

from fse.base.errors import StorageError
from fse.infra.journal import Journal
from fse.infra.journal.dialects import Place
from fse.infra.journal.facts import factures
from fse.infra.journal.schema.fact_tables import facture
from fse.infra.journal.schema.tables import evenement
from tests.infra.journal.facts import CABINET, CLE, NOW, PRESTATAIRE, mostly_on_sqlite, secure

THREADS = 3
PROCESSES = 2
EACH = 8


def secure_some(journal: Journal) -> list[int]:
    given = []
    for _ in range(EACH):
        with journal.transaction(NOW) as transaction:
            numero = factures.allocate_numero(transaction, PRESTATAIRE)
            secure(transaction, numero)
            given.append(numero)
    return given


def open_and_secure_some(place: Place) -> list[int]:
    with Journal.open(place, CABINET, CLE) as journal:
        return secure_some(journal)


def assert_each_once(journal: Journal, given: list[int]) -> None:
    expected = sorted(given)
    assert expected == list(range(1, len(given) + 1))
    with journal.reading() as reading:
        assert sorted(reading.connection.execute(select(facture.c.numero)).scalars()) == expected
        assert list(reading.connection.execute(select(evenement.c.rang).order_by("rang")).scalars()) == expected
    assert journal.verify() == []
    assert journal.head().rang == len(expected)


def test_threads_share_a_journal(journal: Journal) -> None:
    with ThreadPoolExecutor(THREADS) as threads:
        given = [number for some in threads.map(secure_some, [journal] * THREADS) for number in some]
    assert_each_once(journal, given)


@mostly_on_sqlite
def test_processes_open_their_own(place: Place, journal: Journal) -> None:
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as processes:
        given = [number for some in processes.map(open_and_secure_some, [place] * PROCESSES) for number in some]
    assert_each_once(journal, given)


def test_two_creations_at_once_make_one_journal(place: Place) -> None:
    with ThreadPoolExecutor(THREADS) as threads:
        made = list(threads.map(try_to_create, [place] * THREADS))
    assert sorted(made) == ["created", *["journal.existe"] * (THREADS - 1)]


def try_to_create(place: Place) -> str:
    try:
        Journal.create(place, CABINET, CLE, "T", NOW).close()
    except StorageError as error:
        return error.code
    return "created"
