"""The commands of a practice of several: taking over from previous software, emitting what one of them signs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.cabinet import JOUR
from tests.app.practices.group import INFIRMIERE, MEDECIN, opened
from tests.app.practices.test_reprise import HEADER, LAST, OPEN
from tests.app.practices.test_several_prestataires import DAY
from tests.app.test_cli import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    folder = tmp_path / "cabinet"
    opened(folder).close()
    (folder / "reprise.toml").write_text(LAST, encoding="utf-8")
    (folder / "ouvertes.csv").write_text("\n".join([HEADER, *OPEN]), encoding="utf-8")
    (folder / "visites.xml").write_bytes(DAY)
    return Shell(folder)


def test_previous_software_is_taken_over(shell: Shell) -> None:
    told = shell.ok("reprise", "reprise.toml", "--le", str(JOUR))
    assert "3 factures ouvertes reprises, demandé 81,00" in told
    assert f"praticien {MEDECIN} : dernière facture 000000006, dernier lot 001 du 05/10/2026" in told
    assert "déjà connues : 3" in shell.ok("reprise", "reprise.toml", "--le", str(JOUR))
    assert len(json.loads(shell.ok("reprise", "reprise.toml", "--le", str(JOUR), "--format", "json"))["factures"]) == 3
    assert "000000007" in shell.ok("securiser", "visites.xml", "--le", str(JOUR))
    shown = shell.ok("facture", "1", "--praticien", MEDECIN)
    assert "L…" in shown
    assert "LEFEVRE" not in shown


def test_what_is_wrong_is_told_with_its_line_and_its_key(shell: Shell) -> None:
    path = shell.folder / "ouvertes.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(";2100;900;", ";21,00;900;", 1), encoding="utf-8")
    done = shell.run("reprise", "reprise.toml", "--le", str(JOUR))
    assert done.returncode == 1
    assert "Ligne 2 de ouvertes.csv, clé « demande_amo » : la valeur attendue est un nombre entier" in done.stdout
    assert "rien n'est repris" in done.stdout


def test_one_card_signs_what_is_its_own(shell: Shell) -> None:
    (shell.folder / "praticien.p12").unlink()
    told = shell.ok("emettre", "visites.xml", "--sortie", "envoi", "--praticien", INFIRMIERE, "--le", str(JOUR))
    assert f"praticien {INFIRMIERE} : 2 factures" in told
    assert f"praticien {MEDECIN} : " not in told
    assert f"000000001  {MEDECIN}-0  30,00" in told, "the documents of all are secured"
    absent = shell.run("emettre", "--sortie", "envoi", "--le", str(JOUR))
    assert absent.returncode == 4, "without its card, the doctor's invoices still wait"
    unknown = shell.run("emettre", "--sortie", "envoi", "--praticien", "004567897")
    assert (unknown.returncode, "praticien.inconnu" in unknown.stderr) == (2, True)


def test_colliding_numbers_are_shown_with_their_practitioner(shell: Shell) -> None:
    told = shell.ok("securiser", "visites.xml", "--le", str(JOUR))
    assert told.count("000000001") == 3
    assert f"praticien {INFIRMIERE}" in told
