"""Eight workstations of two practices write into one PostgreSQL database while they are killed at random.

For 3 seconds; 60 in a lane of its own in CI (WRITERS_SECONDS), 600 where ENDURANCE is set. What must be true at the end
is counted with SQL over the tables, not with the functions that wrote them.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from fse.app.operations import states
from fse.app.operations.practice import entity_tables
from fse.domain.reconciliation import statements
from fse.domain.reconciliation.relations import STORED
from fse.infra.journal import Journal
from fse.infra.journal.dialects import Place
from fse.infra.journal.schema import relations
from tests.infra.journal.facts import CLE, NOW, PRESTATAIRE, on_postgresql
from tests.infra.journal.writer import DEMANDE, EVERY, work_for_ever

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="fork is needed to start warmed writers")

SECONDS = 600 if os.environ.get("ENDURANCE") else int(os.environ.get("WRITERS_SECONDS", "3"))
WRITERS = {"cabinet-un": 5, "cabinet-deux": 3}
KILLS_A_SECOND = 4


@dataclass
class Workstation:
    """One process, and the pipe on which it says what it committed."""

    journal: Journal
    pid: int = 0
    pipe: int = 0

    def start(self) -> None:
        self.pipe, report = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.journal.engine.dispose(close=False)  # the connections are the parent's
                work_for_ever(self.journal, report)
            finally:
                traceback.print_exc()
                os._exit(1)
        os.close(report)

    def kill(self) -> list[int]:
        """Kill it, and return the numbers that it said were committed."""
        os.kill(self.pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        with os.fdopen(self.pipe, "rb") as pipe:
            said = pipe.read()
        assert status == -signal.SIGKILL, "a writer must not end by itself"
        return [int.from_bytes(said[at : at + 8], "big") for at in range(0, len(said), 8)]


@dataclass
class Run:
    """What the writers said, by practice."""

    said: dict[str, list[int]] = field(default_factory=lambda: {cabinet: [] for cabinet in WRITERS})
    kills: int = 0


@contextmanager
def practices(place: Place) -> Iterator[dict[str, Journal]]:
    """The journals of the practices, in one database."""
    views = {computation.relation.name: computation.sql for computation in statements.views()}
    journals = {}
    for cabinet in WRITERS:
        journal = Journal.create(place, cabinet, CLE, "T", NOW, entites=[entity_tables()], vues=views)
        with journal.transaction(NOW) as transaction:
            known = {"prestataire": PRESTATAIRE, "premier_numero": 0, "dernier_numero": 0}
            relations.declare(transaction.connection, cabinet, [known], [])
        journals[cabinet] = journal
    yield journals
    for journal in journals.values():
        journal.close()


def let_them_work(journals: dict[str, Journal], chance: random.Random) -> Run:
    run = Run()
    stations = [Workstation(journals[cabinet]) for cabinet, count in WRITERS.items() for _ in range(count)]
    for station in stations:
        station.start()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        time.sleep(chance.expovariate(KILLS_A_SECOND))
        victim = chance.choice(stations)
        run.said[victim.journal.cabinet] += victim.kill()
        run.kills += 1
        victim.start()
    for station in stations:
        run.said[station.journal.cabinet] += station.kill()
    return run


@on_postgresql
@pytest.mark.timeout(2 * SECONDS + 120)
def test_writers_that_are_killed_lose_nothing_and_double_nothing(place: Place) -> None:
    seed = random.SystemRandom().randrange(2**32)
    with practices(place) as journals:
        run = let_them_work(journals, random.Random(seed))
        for cabinet, journal in journals.items():
            committed = check(journal, run.said[cabinet])
            print(f"{cabinet}: {committed} invoices, {len(run.said[cabinet])} reported, {WRITERS[cabinet]} writers")
    print(f"{run.kills} kills in {SECONDS} s, seed {seed}")
    assert run.kills > SECONDS


def check(journal: Journal, said: list[int]) -> int:
    """The number of invoices of a practice, once everything about them was found true."""
    assert journal.verify() == []
    with journal.reading() as reading:

        def column(sql: str) -> list[object]:
            return list(reading.connection.exec_driver_sql(sql.format(cabinet=journal.cabinet)).scalars())

        numeros = column("SELECT numero FROM facture WHERE cabinet = '{cabinet}'")
        events = column("SELECT contenu FROM evenement WHERE cabinet = '{cabinet}' AND genre = 'facture_securisee'")
        rangs = column("SELECT rang FROM evenement WHERE cabinet = '{cabinet}' ORDER BY rang")
        genres = Counter(column("SELECT genre FROM evenement WHERE cabinet = '{cabinet}'"))
        paid = column("SELECT paye FROM etat_part WHERE cabinet = '{cabinet}' AND partie = 'AMO' ORDER BY numero")
        identifiants = column("SELECT identifiant FROM fichier_ecrit WHERE cabinet = '{cabinet}'")
    count = len(numeros)
    assert len(said) == len(set(said))
    assert set(said) <= set(numeros)
    assert sorted(numeros) == list(range(1, count + 1))  # the counter moves with what it numbers
    assert sorted(json.loads(str(event))["numero"] for event in events) == sorted(numeros)
    assert rangs == list(range(1, len(rangs) + 1))
    assert journal.head().rang == len(rangs)
    sent = count // EVERY
    told = ("lot_constitue", "lot_signe", "fichier_ecrit", "fichier_recu")
    assert genres == Counter({"facture_securisee": count} | dict.fromkeys(told, sent))
    assert sorted(map(str, identifiants)) == [f"{one:06d}" for one in range(1, sent + 1)]
    assert paid == [DEMANDE] * (sent * EVERY) + [0] * (count - sent * EVERY)
    assert derived(journal) == rebuilt(journal)
    assert sent > 0
    return count


def derived(journal: Journal) -> dict[str, list[object]]:
    """Every stored row that follows from the facts."""
    with journal.reading() as reading:
        run = reading.connection.exec_driver_sql
        return {
            one.name: sorted(map(tuple, run(f"SELECT * FROM {one.name} WHERE cabinet = '{journal.cabinet}'")), key=repr)
            for one in STORED
        }


def rebuilt(journal: Journal) -> dict[str, list[object]]:
    """The same, computed again from the facts alone."""
    with journal.transaction(NOW) as transaction:
        states.rebuild(transaction)
    return derived(journal)
