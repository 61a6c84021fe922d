"""Tasks that other processes can be given: they import this module by its name."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from fse.app.masse.ledger import Ledger
from fse.app.masse.work import run_units
from fse.base.errors import StorageError, UnreadableError


@dataclass(frozen=True, slots=True)
class Morceau:
    nom: str
    source: str = "1"
    poids: int = 1


@dataclass(frozen=True, slots=True)
class Tasks:
    """Each writes a line in `trace` when it starts."""

    trace: Path
    lent: float = 0.0
    casse: tuple[str, ...] = ()
    tue: tuple[str, ...] = ()
    plein: tuple[str, ...] = ()

    def __call__(self, unit: Morceau) -> dict[str, int | str]:
        with self.trace.open("a") as file:
            file.write(f"{unit.nom}\n")
        time.sleep(self.lent)
        if unit.nom in self.casse:
            raise UnreadableError("essai.casse", "Cassé.", action="Réparer.", lieu=unit.nom)
        if unit.nom in self.tue:
            os.kill(os.getpid(), signal.SIGKILL)
        if unit.nom in self.plein:
            raise StorageError("essai.plein", "Plein.", action="Vider.")
        return {"carre": int(unit.nom[1:]) ** 2, "processus": os.getpid()}


def started(trace: Path) -> list[str]:
    return trace.read_text().split() if trace.exists() else []


def slow_run(folder: str) -> None:
    """What a test kills: eight units of a tenth of a second on two processes."""
    place = Path(folder)
    units = [Morceau(f"u{n}") for n in range(8)]
    run_units(units, Tasks(place / "trace", lent=0.1), Ledger(place / "registre"), processus=2)
