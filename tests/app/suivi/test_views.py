"""Who sees what at the command line: a practitioner their own, a secretary all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fse.app.operations.securiser import securiser
from tests.app.cabinet import CABINET, JOUR, document
from tests.app.practices.group import INFIRMIERE, MEDECIN, OTHERS, opened, visit
from tests.app.test_cli import Shell

USERS = f"""
[[utilisateurs]]
nom = "sacha"
praticiens = ["{INFIRMIERE}"]

[[utilisateurs]]
nom = "accueil"
"""
LATE = str(date(2026, 11, 20))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A doctor with two invoices, a nurse with one: their first ones bear the same number."""
    with opened(tmp_path, CABINET + OTHERS + USERS) as practice:
        visits = [visit(MEDECIN, "V-1"), visit(MEDECIN, "V-2"), visit(INFIRMIERE, "V-3")]
        securiser(practice, document(*visits), le=JOUR)
    return Shell(tmp_path)


def test_a_secretary_sees_all(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FSE_UTILISATEUR", "accueil")
    assert "En attente d'un lot : 3" in shell.ok("suivi", "--le", LATE)
    assert "En attente d'un lot : 1" in shell.ok("suivi", "--le", LATE, "--praticien", INFIRMIERE)
    assert "Facture 000000002 (V-2)" in shell.ok("facture", "2")
    assert "Plusieurs praticiens" in shell.run("facture", "1").stderr


def test_a_practitioner_sees_their_own(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FSE_UTILISATEUR", "Sacha")
    told = shell.ok("suivi", "--le", LATE)
    assert "En attente d'un lot : 1" in told
    assert "1 praticien" in told
    assert "Facture 000000001 (V-3)" in shell.ok("facture", "1")
    for arguments in (("facture", "2"), ("suivi", "--praticien", MEDECIN), ("facture", "1", "--praticien", MEDECIN)):
        refused = shell.run(*arguments)
        assert refused.returncode == 2, refused
        assert "V-1" not in refused.stdout


def test_whoever_is_not_declared_sees_nothing(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FSE_UTILISATEUR", "passant")
    for arguments in (("suivi",), ("facture", "2"), ("reclamer", "--sortie", "la")):
        refused = shell.run(*arguments)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "utilisateur.inconnu" in refused.stderr
