"""Backup, restoration, rotation, purge, each killed (SIGKILL) at every step: what was there is whole, or all is done.

The steps are enumerated by a first run: before each statement that reaches a database, at each commit, before and after
each file copied, flushed or named. A child forked from this warmed process dies at each of them.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from fse.app.operations.journal.archives import purger_archives
from fse.app.operations.journal.opening import open_journal
from fse.app.operations.journal.purger import purger_personne
from fse.app.operations.journal.rotation import tourner_cle
from fse.app.operations.journal.sauvegarder import restaurer_journal
from fse.app.operations.journal.sauvegarder import sauvegarder_journal as sauvegarder
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice
from fse.base.errors import StorageError
from fse.infra.journal import secrets
from fse.infra.journal.upkeep import destruction
from tests.app.cabinet import CLE, new_practice, reopen
from tests.app.emitted import emitted_practice, noe, receive, rows
from tests.app.journal.scene import AFTER, emit, settle_all
from tests.app.killing import needs_fork

pytestmark = needs_fork

NOUVELLE = "la nouvelle clé du journal"
ON_DISK: tuple[tuple[Any, str], ...] = (
    (Path, "rename"),
    (Path, "replace"),
    (os, "link"),
    (os, "fsync"),
    (shutil, "copyfile"),
    (sqlite3, "connect"),
    (destruction, "empty_log"),
)


@contextmanager
def points(at_point: Callable[[], None]) -> Iterator[None]:
    """Call this at each step."""

    def listener(*_: object) -> None:
        at_point()

    names = ("before_cursor_execute", "commit")
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            event.listen(Engine, name, listener)
        try:
            for owner, name in ON_DISK:
                patch.setattr(owner, name, _around(getattr(owner, name), at_point))
            yield
        finally:
            for name in names:
                event.remove(Engine, name, listener)


def _around(function: Callable[..., Any], at_point: Callable[[], None]) -> Callable[..., Any]:
    def wrapped(*arguments: Any, **options: Any) -> Any:
        at_point()
        done = function(*arguments, **options)
        at_point()
        return done

    return wrapped


def count(operation: Callable[[], object]) -> int:
    reached = 0

    def reach() -> None:
        nonlocal reached
        reached += 1

    with points(reach):
        operation()
    return reached


def kill(point: int, operation: Callable[[], object]) -> None:
    """A child that runs the operation and is killed at this step, counted from 1."""
    child = os.fork()
    if child == 0:
        left = iter(range(point - 1))
        try:
            with points(lambda: next(left, None) is None and os.kill(os.getpid(), signal.SIGKILL)):
                operation()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL, f"point {point} was not reached"


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Envelopes that cost nothing to open: the stretching is not what is killed here."""
    monkeypatch.setitem(secrets._SCRYPT, "n", 16)


def quick(practice: Practice) -> None:
    tourner_cle(practice, CLE, NOUVELLE, auteur="essai", motif="essai")
    tourner_cle(practice, NOUVELLE, CLE, auteur="essai", motif="essai")


def opens(practice: Practice, cle: str) -> bool:
    with suppress(StorageError), open_journal(practice.cabinet, cle):
        return True
    return False


def test_a_killed_backup_is_absent_or_whole(tmp_path: Path) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        emit(practice, "V-1")
        head = practice.journal.head()
    path = tmp_path / "s.sqlite"

    def run() -> None:
        with reopen(tmp_path / "cabinet") as opened:
            sauvegarder(opened, path)

    steps = count(run)
    path.unlink()
    assert steps > 8
    for point in range(1, steps + 1):
        kill(point, run)
        if not path.exists():
            run()
        assert sorted(one.name for one in tmp_path.iterdir()) == ["cabinet", "s.sqlite"], f"killed at {point}"
        elsewhere = shutil.copytree(tmp_path / "cabinet", tmp_path / "copie")
        shutil.copy(path, elsewhere / "journal.sqlite")
        with reopen(elsewhere) as restored:
            assert restored.journal.head() == head
            assert restored.journal.verify() == []
        shutil.rmtree(elsewhere)
        path.unlink()


@pytest.mark.long
def test_a_killed_restoration_leaves_a_journal_old_or_restored(tmp_path: Path) -> None:
    source = tmp_path / "source"
    with new_practice(source) as practice:
        quick(practice)
        emit(practice, "V-1")
        sauvegarder(practice, tmp_path / "s.sqlite")
        backup = practice.journal.head()
        emit(practice, "V-2")
        old = practice.journal.head()
        cabinet = practice.cabinet
    for name in ("-wal", "-shm"):
        cabinet.journal_path.with_name(f"journal.sqlite{name}").unlink(missing_ok=True)

    def run_in(folder: Path) -> Callable[[], object]:
        here = replace(cabinet, folder=folder)
        return lambda: (
            restaurer_journal(here, tmp_path / "s.sqlite", CLE, auteur="e", motif="e", mettre_de_cote=True) and None
        )

    shutil.copytree(source, tmp_path / "entier")
    steps = count(run_in(tmp_path / "entier"))
    assert steps > 20
    seen = set()
    for point in range(1, steps + 1):
        folder = tmp_path / f"point-{point}"
        shutil.copytree(source, folder)
        kill(point, run_in(folder))
        assert (folder / "journal.sqlite").exists(), "never absent"
        with reopen(folder) as practice:
            assert practice.journal.verify() == []
            is_old = practice.journal.head() == old
            assert is_old or rows(practice, "SELECT COUNT(*) AS n FROM suspension") == [{"n": 1}]
            seen.add(is_old)
        if is_old:
            run_in(folder)()
        with reopen(folder) as practice:
            assert practice.journal.head().rang == backup.rang + 1
            assert practice.journal.verify() == [], f"killed at {point}"
        kept = list(folder.glob("journal.sqlite.mis-de-cote-*"))
        assert kept
        shutil.rmtree(folder)
    assert seen == {True, False}


def test_a_killed_rotation_leaves_one_key_that_opens(tmp_path: Path) -> None:
    source = tmp_path / "source"
    with new_practice(source) as practice:
        quick(practice)
        emit(practice, "V-1")

    def run_in(folder: Path) -> Callable[[], None]:
        def run() -> None:
            with reopen(folder) as opened:
                tourner_cle(opened, CLE, NOUVELLE, auteur="essai", motif="essai")

        return run

    shutil.copytree(source, tmp_path / "entier")
    steps = count(run_in(tmp_path / "entier"))
    assert steps > 8
    turned = []
    for point in range(1, steps + 1):
        folder = tmp_path / f"point-{point}"
        shutil.copytree(source, folder)
        kill(point, run_in(folder))
        with reopen(folder) as practice:
            turned.append(opens(practice, NOUVELLE))
            assert opens(practice, CLE) is not turned[-1], f"killed at {point}"
            assert practice.journal.verify() == []
        shutil.rmtree(folder)
    assert turned == sorted(turned)
    assert set(turned) == {True, False}


@pytest.mark.usefixtures("years_later")
@pytest.mark.long
def test_a_killed_purge_is_nothing_or_all(tmp_path: Path) -> None:
    source = tmp_path / "source"
    with emitted_practice(source) as practice:
        receive(practice, noe())
        settle_all(practice)
        purger_archives(practice, auteur="essai", motif="essai", le=AFTER)

    def run_in(folder: Path) -> Callable[[], None]:
        def run() -> None:
            with reopen(folder) as opened:
                purger_personne(opened, 1, auteur="essai", motif="essai", le=AFTER)

        return run

    shutil.copytree(source, tmp_path / "entier")
    steps = count(run_in(tmp_path / "entier"))
    for point in range(1, steps + 1, 7):
        folder = tmp_path / f"point-{point}"
        shutil.copytree(source, folder)
        kill(point, run_in(folder))
        with reopen(folder) as practice:
            assert verifier_journal(practice).intact, f"killed at {point}"
        shutil.rmtree(folder)
