"""Receiving killed around every change of the disk: the next run ends as a run that nothing stopped, and books once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from fse.app.operations.practice import Practice
from tests.app.cabinet import reopen
from tests.app.emitted import derived, emitted_practice, noe, receive, renamed, rows
from tests.app.killing import KILLS, Disk, kill_everywhere, needs_fork

pytestmark = [needs_fork, pytest.mark.timeout(300)]

CONTAINER = noe() + renamed("AUTRE1")[:-128] + renamed("AUTRE2")


def receive_all(practice: Practice) -> None:
    """Three logical files of one container: booked, set aside (cut), booked."""
    receive(practice, CONTAINER)


def state(folder: Path) -> object:
    """All that must be the same, and a whole chain."""
    with reopen(folder) as practice:
        assert practice.journal.verify() == []
        received = "SELECT empreinte, verdict, motif FROM fichier_recu ORDER BY empreinte"
        events = "SELECT genre, COUNT(*) AS nombre FROM evenement GROUP BY genre ORDER BY genre"
        entities = "SELECT fichier, rang, numero_facture FROM noemie_102 ORDER BY fichier, rang"
        return [rows(practice, sql) for sql in (received, events, entities)], derived(practice)


@pytest.mark.parametrize("chosen", KILLS)
def test_the_next_run_carries_on(tmp_path: Path, chosen: Callable[[Disk], Sequence[int]]) -> None:
    kill_everywhere(tmp_path, chosen, emitted_practice, reopen, receive_all, state)
