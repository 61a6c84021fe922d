"""A duplicate killed at each of its points: the same command again finishes, and the sheet has one duplicate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.cabinet import reopen
from tests.app.duplicata.world import events, files, make, recorded
from tests.app.emitted import derived, emitted_practice
from tests.app.killing import SHARES, kill_everywhere, needs_fork

pytestmark = [needs_fork, pytest.mark.timeout(300), pytest.mark.long]


def state(folder: Path) -> str:
    with reopen(folder) as practice:
        assert events(practice, "lecture_en_clair"), "read, and noted"
        written = {name: content.hex() for name, content in files(folder).items()}
        return json.dumps([derived(practice), recorded(practice), events(practice, "duplicata_edite"), written])


@pytest.mark.parametrize("share", SHARES)
def test_a_killed_duplicate_is_finished_by_the_same_command(tmp_path: Path, share: tuple[int, int]) -> None:
    kill_everywhere(
        tmp_path, share, emitted_practice, reopen, lambda practice: make(practice, 6, voie="patient"), state
    )
