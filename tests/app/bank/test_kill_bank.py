"""Statements received, killed around every change of the disk: the next run ends as a run that nothing stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fse.app.operations.practice import Practice
from tests.app.bank.practice import NEXT, bank_practice, credit, statement, take
from tests.app.bank.statements import Movement, cfonb
from tests.app.cabinet import reopen
from tests.app.emitted import derived, noe, rows
from tests.app.killing import KILLS, Disk, kill_everywhere, needs_fork

pytestmark = [needs_fork, pytest.mark.timeout(300)]

FIRST = statement(credit(5000), credit(6100))
SECOND = statement(
    Movement(NEXT + timedelta(1), 10, ("X",)), ouverture=FIRST.cloture, avant=NEXT, apres=NEXT + timedelta(1)
)
BROKEN = replace(SECOND, avant=SECOND.apres, apres=SECOND.apres + timedelta(1), ouverture=1, mouvements=())


def receive_all(practice: Practice) -> None:
    """Two statements that follow, one that does not, then the return that they prove."""
    take(practice, cfonb(FIRST, SECOND, BROKEN), noe())


def state(folder: Path) -> object:
    """All that must be the same, and a whole chain."""
    with reopen(folder) as practice:
        assert practice.journal.verify() == []
        facts = (
            "SELECT empreinte, verdict, motif FROM fichier_recu ORDER BY empreinte",
            "SELECT * FROM mouvement_bancaire ORDER BY fichier, rang",
            "SELECT * FROM citation_bancaire ORDER BY fichier, rang, fichier_virement, rang_virement",
            "SELECT genre, COUNT(*) AS nombre FROM evenement GROUP BY genre ORDER BY genre",
        )
        return [rows(practice, sql) for sql in facts], derived(practice)


@pytest.mark.parametrize("chosen", KILLS)
def test_the_next_run_carries_on(tmp_path: Path, chosen: Callable[[Disk], Sequence[int]]) -> None:
    kill_everywhere(tmp_path, chosen, bank_practice, reopen, receive_all, state)
