"""The command: its text, its JSON, its exit status, its silence when nobody looks; Spark matches the same."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fse.app.cli.masse_progress import Bar
from tests.app.masse.scene import read_stored, scene
from tests.app.test_cli import Shell
from tests.infra.engines.sail import sail_server


def test_the_command_says_what_was_read_set_aside_and_matched(tmp_path: Path) -> None:
    entree, archive, _, stored = scene()
    shell, sortie = Shell(tmp_path), str(tmp_path / "sortie")
    done = shell.run("masse", str(entree), "--sortie", sortie, "--envois", str(archive), "--processus", "1")
    assert (done.returncode, done.stderr) == (1, "")
    assert "retours reçus : 2 ; déjà reçus : 1 ; mis de côté : 2 ; pas des retours : 2" in done.stdout
    assert "Mis de côté : caisse-b/04.noe, octet 0 [reception.identite_reprise]" in done.stdout
    assert "Total non tenu" not in done.stdout
    told = shell.run(
        "masse", str(entree), "--sortie", sortie, "--envois", str(archive), "--processus", "1", "--format", "json"
    )
    found = json.loads(told.stdout)
    assert found["etat"] == 1
    assert found["rapprochement"]["lignes"]["lignes"] == found["lignes"] == len(stored["ligne_retour"])


@pytest.mark.long
def test_spark_gives_the_same_rows(tmp_path: Path) -> None:
    entree, archive, _, stored = scene()
    shell, sortie = Shell(tmp_path), tmp_path / "sortie"
    arguments = ("masse", str(entree), "--sortie", str(sortie), "--envois", str(archive), "--processus", "1")
    done = shell.run(*arguments, "--spark", sail_server())
    assert done.returncode == 1, done.stderr
    assert "Total non tenu" not in done.stdout
    assert read_stored(sortie) == stored


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_for_terminals_and_says_what_is_left() -> None:
    silent, seen = io.StringIO(), Terminal()
    for stream in (silent, seen):
        bar = Bar("Lecture", "octets", stream)
        bar.start(10_000_000, 1_000_000)
        bar.advance(4_000_000)
        assert bar.line(2.0) == "Lecture : 50 %, 2 000 000 octets/s, reste 3 s"
        bar.advance(1)
        bar.end()
    assert silent.getvalue() == ""
    assert "Lecture : 10 %" in seen.getvalue()
    assert seen.getvalue().endswith("\r\x1b[K")


def test_the_text_tells_failures_findings_and_names_and_fakes_no_zeros(tmp_path: Path) -> None:
    """An archive given twice in two copies; a name that would move the cursor; a link to a folder."""
    source, archive, _, _ = scene()
    entree, sortie = tmp_path / "retours", str(tmp_path / "sortie")
    entree.mkdir()
    shutil.copyfile(source / "caisse-a/01.noe", entree / "01.noe")
    (entree / "\x1b[31mrouge\n\u202e.noe").write_bytes((source / "caisse-b/05.noe").read_bytes())
    (entree / "lien").symlink_to(tmp_path)
    shutil.copytree(archive, tmp_path / "copie")
    shell = Shell(tmp_path)
    done = shell.run(
        "masse", str(entree), "--sortie", sortie, "--envois", str(archive), "--envois", str(tmp_path / "copie")
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "RAPPROCHEMENT INCOMPLET : 1 tranche de cabinets en échec, 0 faite" in done.stdout
    assert "Demandé" not in done.stdout
    assert "Total non tenu" not in done.stdout
    assert "Totaux du rapprochement non contrôlés" in done.stdout
    assert "Pas lu : lien : " in done.stdout
    assert "Mis de côté : ·[31mrouge··.noe, octet 0" in done.stdout
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    alone = shell.run("masse", str(entree), "--sortie", sortie, "--envois", str(archive)).stdout
    assert "marques des retours reçus (T : test, D : démonstration) : T 1" in alone
    assert "rapprochée : même prestataire, même numéro de facture, même lot et même date de lot : " in alone
    assert "Erreur [cadrage.fin_absente], 1 fois, d'abord dans ·[31mrouge··.noe : " in alone


@pytest.mark.long
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full")
def test_an_output_that_takes_no_more_is_said(tmp_path: Path) -> None:
    (tmp_path / "retours").mkdir()
    code = "from fse.app.cli import main; main()"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code, "masse", str(tmp_path / "retours"), "--sortie", str(tmp_path / "s")],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 5
    assert done.stderr.startswith("Erreur : ")
    assert "[masse.affichage]" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert (tmp_path / "s" / "rapport.json").is_file()
