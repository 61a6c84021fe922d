"""A practice whose nights have everything to do: an outbox, a folder of returns, a folder where files are dropped."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from fse.app.nightly.nuit import Nuit, nuit
from fse.app.operations.practice import Practice
from fse.infra.journal.facts import nuits
from fse.infra.journal.facts.nuits import EtapeRow
from tests.app.cabinet import MOT_DE_PASSE, new_practice, reopen
from tests.app.transmission import scene

DEPOTS = '\n[nuit]\ndossiers = ["depots"]\n'
RAPPORT = 'rapport = "matin"\n'
WAYS = DEPOTS + RAPPORT + scene.PAR_DOSSIER

STEPS = ["envoyer", "relever", "recevoir", "relancer", "renvoyer", "rapport"]


def with_folders(folder: Path) -> None:
    """The folders that `WAYS` names."""
    for name in ("oct", "arrivees", "depots"):
        (folder / name).mkdir(exist_ok=True)


def night_practice(folder: Path, ways: str = WAYS) -> Practice:
    """A practice with one file of two sheets to send, and a payer that can be answered for."""
    scene.practice_with_outbox(folder, ways=ways).close()
    with_folders(folder)
    return reopen(folder)


def dropping(folder: Path) -> Practice:
    """A practice without any exchange, but for a folder where files are dropped."""
    new_practice(folder).close()
    scene.describe(folder, ways=DEPOTS, encrypted=False, releve=False)
    with_folders(folder)
    return reopen(folder)


def night(practice: Practice, le: date) -> Nuit:
    return nuit(practice, mot_de_passe=lambda: MOT_DE_PASSE, mot_de_passe_cle=lambda: MOT_DE_PASSE, le=le)


def drop(practice: Practice, name: str, content: bytes) -> Path:
    """Put a file there that was written long ago, as one does that was copied whole."""
    path = practice.cabinet.folder / "depots" / name
    path.write_bytes(content)
    os.utime(path, (0, 0))
    return path


def issues(done: Nuit) -> dict[str, str]:
    return {one.etape: one.issue for one in done.etapes}


def counts(done: Nuit, etape: str) -> dict[str, int]:
    """What a step counted, without what is nought."""
    (found,) = (one for one in done.etapes if one.etape == etape)
    return {name: count for name, count in found.comptes.items() if count}


def recorded(practice: Practice, rang: int) -> tuple[EtapeRow, ...]:
    with practice.journal.reading() as reading:
        return nuits.steps(reading, rang)
