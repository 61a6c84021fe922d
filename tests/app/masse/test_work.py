"""Units on many processes: resumable at any instant, one failure stops no other, a full disk stops everything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fse.app.masse.ledger import Ledger
from fse.app.masse.work import run_units
from fse.base.errors import StorageError, UsageError
from tests.app.masse.tasks import Morceau, Tasks, started

UNITS = [Morceau(f"u{n}", poids=n) for n in range(5)]
SQUARES = {"u0": 0, "u1": 1, "u2": 4, "u3": 9, "u4": 16}


class Told:
    def __init__(self) -> None:
        self.said: list[tuple[str, int]] = []

    def start(self, total: int, finished: int) -> None:
        self.said += [("total", total), ("finished", finished)]

    def advance(self, poids: int) -> None:
        self.said.append(("one", poids))

    def end(self) -> None:
        self.said.append(("end", 0))


def test_each_unit_once_then_never_again(tmp_path: Path) -> None:
    trace, ledger, told = tmp_path / "trace", Ledger(tmp_path / "registre"), Told()
    first = run_units(UNITS, Tasks(trace), ledger, processus=2, progress=told)
    assert {name: one["carre"] for name, one in first.resultats.items()} == SQUARES
    assert list(first.resultats) == list(SQUARES)
    assert (first.reprises, first.echecs) == (0, ())
    assert os.getpid() not in {one["processus"] for one in first.resultats.values()}
    assert told.said[:2] == [("total", 10), ("finished", 0)]
    assert sorted(told.said[2:]) == [("end", 0), *(("one", n) for n in range(5))]
    again = run_units(UNITS, Tasks(trace), ledger, processus=2)
    assert (again.resultats, again.reprises) == (first.resultats, 5)
    assert sorted(started(trace)) == sorted(SQUARES)
    changed = [Morceau("u3", source="2"), *UNITS[:2]]
    assert run_units(changed, Tasks(trace), ledger, processus=1).reprises == 2
    assert started(trace)[5:] == ["u3"]


@pytest.mark.parametrize("processus", [1, 2])
def test_a_failing_unit_stops_no_other_and_is_tried_again(tmp_path: Path, processus: int) -> None:
    ledger = Ledger(tmp_path / "registre")
    run = run_units(UNITS, Tasks(tmp_path / "trace", casse=("u1",)), ledger, processus=processus)
    assert set(run.resultats) == set(SQUARES) - {"u1"}
    assert [(one.unite, one.code, one.lieu) for one in run.echecs] == [("u1", "essai.casse", "u1")]
    healed = run_units(UNITS, Tasks(tmp_path / "trace"), ledger, processus=processus)
    assert (set(healed.resultats), healed.reprises) == (set(SQUARES), 4)


@pytest.mark.long
def test_a_process_that_the_system_kills_costs_its_unit_alone(tmp_path: Path) -> None:
    run = run_units(UNITS, Tasks(tmp_path / "trace", tue=("u2",)), Ledger(tmp_path / "registre"), processus=2)
    assert set(run.resultats) == set(SQUARES) - {"u2"}
    assert [(one.unite, one.code) for one in run.echecs] == [("u2", "masse.processus_mort")]


@pytest.mark.parametrize("processus", [1, 2])
def test_a_full_disk_stops_everything_and_loses_nothing(tmp_path: Path, processus: int) -> None:
    ledger = Ledger(tmp_path / "registre")
    with pytest.raises(StorageError, match="Plein"):
        run_units(UNITS, Tasks(tmp_path / "trace", plein=("u2",)), ledger, processus=processus)
    assert {"u0", "u1"} <= set(ledger.finished()) <= set(SQUARES) - {"u2"}
    assert run_units(UNITS, Tasks(tmp_path / "trace"), ledger, processus=1).reprises >= 2


def test_a_torn_record_is_no_record(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.record("u1", "1", {"carre": 1})
    (tmp_path / "u2.json").write_bytes(b'{"source": "1", "resul')
    (tmp_path / "u3.json").write_bytes(b"[]")
    assert ledger.finished() == {"u1": ("1", {"carre": 1})}
    ledger.forget("u1")
    assert ledger.finished() == {}


def test_no_process_is_no_work(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        run_units(UNITS, Tasks(tmp_path / "trace"), Ledger(tmp_path), processus=0)
    with pytest.raises(ValueError, match="one name"):
        run_units([*UNITS, UNITS[0]], Tasks(tmp_path / "trace"), Ledger(tmp_path))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="SIGKILL")
@pytest.mark.parametrize("after", [1, *(pytest.param(one, marks=pytest.mark.long) for one in (0, 5))])
def test_a_killed_run_leaves_nobody_at_work_and_the_next_one_carries_on(tmp_path: Path, after: int) -> None:
    """Killed by SIGKILL when so many units are recorded: its processes die with it, nothing recorded is done again."""
    program = f"from tests.app.masse.tasks import slow_run; slow_run({str(tmp_path)!r})"
    command = [sys.executable, "-c", f"if __name__ == '__main__': exec({program!r})"]
    ledger, trace = Ledger(tmp_path / "registre"), tmp_path / "trace"
    with subprocess.Popen(command) as running:
        _until(lambda: len(ledger.finished()) >= after and len(started(trace)) > after)
        running.send_signal(signal.SIGKILL)
    time.sleep(0.2)  # what a process was recording when its parent died
    recorded = set(ledger.finished())
    time.sleep(0.3)
    assert set(ledger.finished()) == recorded
    before = len(started(trace))
    names = [f"u{n}" for n in range(8)]
    run = run_units([Morceau(name) for name in names], Tasks(trace), ledger, processus=1)
    assert (set(run.resultats), run.reprises) == (set(names), len(recorded))
    assert set(started(trace)[before:]) == set(names) - recorded


def _until(condition: object) -> None:
    assert callable(condition)
    for _ in range(600):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("never")
