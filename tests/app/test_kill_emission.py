"""Emission killed around every change of the disk: the next run ends in the state of a run that nothing stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.infra.engines import of
from tests.app.cabinet import JOUR, document, facture, new_practice, reopen, signer
from tests.app.killing import KILLS, Disk, kill_everywhere, needs_fork

pytestmark = [needs_fork, pytest.mark.timeout(300)]


ENTREE = document(facture("V-1"), facture("V-2", patient=1, mode="F"), facture("V-3", patient=2, destinataire="00"))


def emit(practice: Practice) -> None:
    """The day of a practice: three sheets secured, two lots signed, one file written."""
    securiser(practice, ENTREE, le=JOUR)
    emettre(practice, practice.cabinet.folder / "envoi", lambda *_: signer(), le=JOUR)


def state(folder: Path) -> object:
    """All that must be the same: invoices, lots, files, states; the bytes of the B2 file; a whole chain."""
    with reopen(folder) as practice:
        assert practice.journal.verify() == []
        with practice.journal.reading() as reading:
            rows = [
                of(reading.connection).rows(query)
                for query in (
                    "SELECT * FROM facture_emise ORDER BY numero",
                    "SELECT prestataire, numero_lot, date_lot, ordre, numero FROM lot_facture ORDER BY numero",
                    "SELECT identifiant, centre, empreinte FROM fichier_emis",
                    "SELECT identifiant, nom FROM fichier_ecrit",
                    "SELECT * FROM etat_part ORDER BY numero, partie",
                    "SELECT * FROM etat_facture ORDER BY numero",
                    "SELECT genre, COUNT(*) AS nombre FROM evenement GROUP BY genre ORDER BY genre",
                )
            ]
        sent = sorted((practice.cabinet.folder / "envoi").iterdir())
        files = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in sent if path.suffix == ".b2"]
        return rows, files, [path.name for path in sent]


@pytest.mark.parametrize("chosen", KILLS)
def test_the_next_run_carries_on(tmp_path: Path, chosen: Callable[[Disk], Sequence[int]]) -> None:
    signer()
    kill_everywhere(tmp_path, chosen, new_practice, reopen, emit, state)
