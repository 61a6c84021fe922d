"""An act killed at many points, its commit included: it is not done at all, and can be done again."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from fse.app.operations.actes.annuler_acte import annuler_acte
from fse.app.operations.actes.forcer import forcer
from fse.app.operations.actes.rattacher import rattacher
from fse.app.operations.actes.saisir import saisir
from fse.app.operations.practice import Practice
from tests.app.actes.world import LATER, SIGNED, events, everything, misnumbered, received
from tests.app.cabinet import reopen
from tests.app.emitted import emitted_practice
from tests.app.killing import die_at, disk_at_points, every_change, needs_fork

pytestmark = [needs_fork, pytest.mark.timeout(300), pytest.mark.long]

LINE = f"{sha256(misnumbered()).hexdigest()[:8]}:5"
PAPER = b"numero;partie;etat;montant\n5;AMO;payee;21,00\n5;AMC;rejetee;\n"

ACTS: dict[str, Callable[[Practice], object]] = {
    "rattacher": lambda one: rattacher(one, LINE, 1, le=LATER, **SIGNED),
    "saisir": lambda one: saisir(one, PAPER, piece="relevé", jour=LATER, le=LATER, **SIGNED),
    "annuler": lambda one: annuler_acte(one, [1], le=LATER, **SIGNED),
}


def prepared(folder: Path) -> Practice:
    """A lost line, and an act to take back."""
    practice = received(emitted_practice(folder), misnumbered())
    forcer(practice, 2, "AMO", "abandonnee", le=LATER, **SIGNED)
    return practice


def state(practice: Practice) -> str:
    return json.dumps([everything(practice), events(practice)])


@pytest.mark.parametrize("name", ACTS)
def test_a_killed_act_is_not_done_at_all(tmp_path: Path, name: str) -> None:
    act = ACTS[name]
    with prepared(tmp_path / "entier") as practice:
        before = state(practice)
        disk = disk_at_points(tmp_path / "entier", practice, act)
        after = state(practice)
    assert before != after
    killed = tmp_path / "tue"
    prepared(killed).close()
    for point in every_change(disk):
        die_at(point, partial(reopen, killed), act)
        with reopen(killed) as practice:
            assert state(practice) == before, f"killed at point {point} of {len(disk)}"
    with reopen(killed) as practice:
        act(practice)
        assert state(practice) == after
