"""A duplicate killed around each change of the disk: the same command again finishes, and there is one duplicate."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.app.cabinet import reopen
from tests.app.duplicata.world import events, files, make, recorded
from tests.app.emitted import derived, emitted_practice
from tests.app.killing import KILLS, Disk, kill_everywhere, needs_fork

pytestmark = [needs_fork, pytest.mark.timeout(300), pytest.mark.long]


def state(folder: Path) -> str:
    with reopen(folder) as practice:
        assert events(practice, "lecture_en_clair"), "read, and noted"
        written = {name: content.hex() for name, content in files(folder).items()}
        return json.dumps([derived(practice), recorded(practice), events(practice, "duplicata_edite"), written])


@pytest.mark.parametrize("chosen", KILLS)
def test_a_killed_duplicate_is_finished_by_the_same_command(
    tmp_path: Path, chosen: Callable[[Disk], Sequence[int]]
) -> None:
    kill_everywhere(
        tmp_path, chosen, emitted_practice, reopen, lambda practice: make(practice, 6, voie="patient"), state
    )
