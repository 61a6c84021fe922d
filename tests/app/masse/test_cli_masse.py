"""The command: its text, its JSON, its exit status, its silence when nobody looks; Spark matches the same."""

from __future__ import annotations

import io
import json
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
