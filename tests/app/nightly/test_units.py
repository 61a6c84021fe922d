"""The units of systemd, judged by systemd: they are valid, they start at the right hour, they hold no secret."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from fse.app.nightly.units import NOMS, Unite, fill_units
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.cabinet.description import Nuit
from fse.base.errors import UsageError
from tests.app.cabinet import CABINET, CLE, MOT_DE_PASSE, write_cabinet
from tests.app.test_cli import Shell

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(
    ANALYZE is None and "CI" not in os.environ, reason="needs systemd-analyze (Debian package systemd)"
)


def analyze(*arguments: str) -> str:
    done = subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def units(folder: Path, heure: str = "05:00") -> list[Unite]:
    write_cabinet(folder)
    return fill_units(load_cabinet(folder / "cabinet.toml"), (folder / "cabinet.toml").resolve(), heure)


@needs_systemd
@pytest.mark.parametrize("name", ["cabinet", 'le cabinet à 100 % $HOME "d\'essai" \\x41'])
def test_systemd_takes_them_as_they_are(tmp_path: Path, name: str) -> None:
    for unit in units(tmp_path / name):
        (tmp_path / unit.nom).write_text(unit.texte, encoding="utf-8")
    said = analyze("verify", "--man=no", *(str(tmp_path / nom) for nom in NOMS))
    assert "fse-nuit" not in said, said


@needs_systemd
def test_the_program_is_found_wherever_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """systemd looks for the file that the line names."""
    bin_folder = tmp_path / "a 100 % $HOME"
    bin_folder.mkdir()
    monkeypatch.setattr("sys.executable", str(bin_folder / "python"))
    program = bin_folder / "fse"
    program.touch(mode=0o755)
    service, _ = units(tmp_path / "cabinet")
    path = tmp_path / "fse-nuit.service"
    path.write_text(service.texte, encoding="utf-8")
    analyze("verify", "--man=no", str(path))
    program.unlink()
    verify = ["systemd-analyze", "verify", "--man=no", str(path)]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert f"{program} is not executable" in done.stderr


def test_a_path_of_two_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        units(tmp_path / "a\nUser=root")
    assert raised.value.code == "nuit.chemin"


@needs_systemd
def test_it_starts_each_night_in_the_zone_of_the_practice(tmp_path: Path) -> None:
    _, timer = units(tmp_path, "02:30")
    (calendar,) = re.findall(r"(?m)^OnCalendar=(.*)$", timer.texte)
    assert calendar == "*-*-* 02:30:00 Europe/Paris"
    told = analyze("calendar", "--base-time=2026-10-05 12:00:00 UTC", "--iterations=2", calendar)
    assert "2026-10-06 00:30:00 UTC" in told
    assert "2026-10-07 00:30:00 UTC" in told


def test_they_are_of_this_machine_and_hold_no_secret(tmp_path: Path) -> None:
    service, timer = units(tmp_path)
    assert f"User={getpass.getuser()}\n" in service.texte
    assert f'ReadWritePaths="-{tmp_path}"\n' in service.texte
    for unit in (service, timer):
        assert "@" not in unit.texte
        assert CLE not in unit.texte
        assert MOT_DE_PASSE not in unit.texte
        assert not re.search(r"(?m)^Environment=", unit.texte)


def test_every_folder_that_a_night_writes_in_is_named_once(tmp_path: Path) -> None:
    cabinet = write_cabinet(tmp_path / "cabinet")
    nuit = Nuit(dossiers=("depots", "../banque", "../banque/jour"), rapport="/srv/matin")
    (service, _) = fill_units(replace(cabinet, nuit=nuit), tmp_path / "cabinet" / "cabinet.toml", "05:00")
    (line,) = re.findall(r"(?m)^ReadWritePaths=(.*)$", service.texte)
    assert line == f'"-{tmp_path}/cabinet" "-{tmp_path}/banque" "-/srv/matin"'


@pytest.mark.parametrize("heure", ["24:00", "5:00", "05:60", "05h00", "05:00\nUser=root"])
def test_an_hour_that_is_none_is_refused(tmp_path: Path, heure: str) -> None:
    with pytest.raises(UsageError) as raised:
        units(tmp_path, heure)
    assert raised.value.code == "nuit.heure"


def test_they_are_shown_or_written(tmp_path: Path) -> None:
    write_cabinet(tmp_path)
    shell = Shell(tmp_path)
    shown = shell.ok("nuit", "--installer", "systemd", "--heure", "04:15")
    written = shell.ok("nuit", "--installer", "systemd", "--heure", "04:15", "--sortie", "unites")
    assert written.count("Écrit : ") == 2
    for nom in NOMS:
        assert (tmp_path / "unites" / nom).read_text(encoding="utf-8") in shown
    other = shell.run("nuit", "--installer", "systemd", "--heure", "04:20", "--sortie", "unites")
    assert (other.returncode, "sortie.differente" in other.stderr) == (5, True), "nothing is overwritten"
    assert shell.run("nuit", "--sortie", "x").returncode == 2


def test_what_the_units_need_and_is_not_there_is_told(tmp_path: Path) -> None:
    """The page is made in the practice by the night itself, elsewhere it cannot be."""
    users = '\n[[utilisateurs]]\nnom = "claude"\n'
    night = '\n[nuit]\ndossiers = ["depots", "la"]\nrapport = "{}"\n'
    (tmp_path / "cabinet" / "la").mkdir(parents=True)
    write_cabinet(tmp_path / "cabinet", CABINET + users + night.format(tmp_path / "matin"))
    shell = Shell(tmp_path / "cabinet")
    assert shell.run("nuit", "--installer", "systemd").stderr.splitlines() == [
        f"Avant la première nuit : créer le dossier {tmp_path}/cabinet/depots.",
        f"Avant la première nuit : créer le dossier {tmp_path}/matin.",
        f"Avant la première nuit : déclarer le compte {getpass.getuser()} dans [[utilisateurs]], sans « praticiens ».",
    ]
    (tmp_path / "cabinet" / "depots").mkdir()
    write_cabinet(tmp_path / "cabinet", CABINET + night.format("matin"))
    assert shell.run("nuit", "--installer", "systemd").stderr == ""
