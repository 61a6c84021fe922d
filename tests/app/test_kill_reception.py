"""Receiving killed at every point: the next run ends in the state of a run that nothing stopped, and books once."""

from __future__ import annotations

from pathlib import Path

import pytest

from fse.app.operations.practice import Practice
from tests.app.cabinet import reopen
from tests.app.emitted import derived, emitted_practice, noe, receive, renamed, rows
from tests.app.killing import count_points, die_at, needs_fork

pytestmark = needs_fork

PARTS = 4
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


@pytest.mark.parametrize("part", range(PARTS))
def test_the_next_run_carries_on(tmp_path: Path, part: int) -> None:
    """Each part kills at one point in `PARTS`, so that they run side by side."""
    whole = tmp_path / "entier"
    with emitted_practice(whole) as practice:
        points = count_points(practice, receive_all)
    expected = state(whole)
    for point in range(1 + part, points + 1, PARTS):
        folder = tmp_path / f"point-{point}"
        emitted_practice(folder).close()
        die_at(point, lambda folder=folder: reopen(folder), receive_all)
        with reopen(folder) as practice:
            receive_all(practice)
        assert state(folder) == expected, f"killed at point {point}"
    print(f"part {part} of {points} points")
