"""The commands of supporting documents, as a practice calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.cabinet import reopen
from tests.app.journal.exchanges import acknowledge, emit, folder_practice, send
from tests.app.pieces.paper import MARK, pdf
from tests.app.test_cli import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    folder = tmp_path / "cabinet"
    with folder_practice(folder) as practice:
        send(practice, emit(practice))
    (folder / "oct").mkdir()
    (folder / "ordonnance.pdf").write_bytes(pdf(text=MARK))
    (folder / "photo.pdf").write_bytes(b"\xff\xd8\xff\xe0")
    return Shell(folder)


def test_from_the_deposit_to_the_acceptance(shell: Shell) -> None:
    day = ("--le", "2026-10-07")
    assert "Aucune pièce en attente." in shell.ok("piece", "suivre", *day)
    told = shell.ok("piece", "deposer", "1", "ordonnance.pdf", "--nature", "ordonnance", *day)
    assert "pièce 1  facture 000000001  ordonnance (prescription), organisme 998 : Attend que la caisse" in told
    assert "Aucune pièce à envoyer." in shell.ok("piece", "envoyer", *day)
    with reopen(shell.folder) as practice:
        acknowledge(practice, 1)
    assert "Envoyée, pas encore acceptée" in shell.ok("piece", "envoyer", *day)
    assert "fse piece accepter" in shell.ok("piece", "suivre", *day)
    assert "Refusée par la caisse" in shell.ok("piece", "refuser", "1", "--motif", "trop noir", *day)
    assert "trop noir" in shell.ok("piece", "suivre", *day)
    assert "Acceptée" in shell.ok("piece", "accepter", "1", *day)
    (one,) = json.loads(shell.ok("piece", "suivre", "--toutes", "--format", "json", *day))
    assert (one["piece"], one["etat"], one["deposee_le"]) == (1, "acceptee", "2026-10-07")


def test_what_did_not_leave_is_an_exit_status(shell: Shell) -> None:
    with reopen(shell.folder) as practice:
        acknowledge(practice, 1)
    shell.ok("piece", "deposer", "1", "ordonnance.pdf", "--nature", "ordonnance", "--le", "2026-10-07")
    (shell.folder / "oct").rmdir()
    done = shell.run("piece", "envoyer", "--le", "2026-10-07")
    assert (done.returncode, "réessayé jusqu'au 12/10/2026" in done.stdout) == (1, True)
    done = shell.run("piece", "suivre", "--le", "2026-10-13")
    assert "fse piece papier 1" in done.stdout
    assert "Envoyée sur papier" in shell.ok("piece", "papier", "1", "--le", "2026-10-13")


def test_a_refusal_is_in_french_with_what_to_do(shell: Shell) -> None:
    done = shell.run("piece", "deposer", "1", "photo.pdf", "--nature", "ordonnance")
    assert (done.returncode, "piece.pas_un_pdf" in done.stderr, "PDF" in done.stderr) == (3, True, True)
    done = shell.run("piece", "deposer", "1", "--nature", "ordonnance")
    assert (done.returncode, "piece.contenu" in done.stderr) == (2, True)
    assert shell.run("piece", "accepter", "9").returncode == 2
