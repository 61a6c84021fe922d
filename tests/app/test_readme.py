"""The commands of the README, run as they are written there, on the practice of the demo."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from fse.app.cli import run

ROOT = Path(__file__).resolve().parents[2]


def commands(block: int) -> list[list[str]]:
    """The lines of a block of the section "Use it" that call `fse`, without their comments."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## Use it")[1].split("```")[2 * block + 1]
    return [shlex.split(line, comments=True)[1:] for line in section.splitlines() if line.startswith("fse ")]


def expanded(arguments: list[str]) -> list[str]:
    """Patterns of file names replaced by the files, as a shell does."""
    return [
        name
        for argument in arguments
        for name in (sorted(map(str, Path().glob(argument))) if re.search(r"\*", argument) else [argument])
    ]


@pytest.mark.parametrize(("block", "cabinet"), [(0, "cabinet.toml"), (1, "cabinet-concentrateur.toml")])
def test_each_command_of_the_readme_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, cabinet: str
) -> None:
    shutil.copy(ROOT / "fixtures" / "demo" / cabinet, tmp_path / "cabinet.toml")
    shutil.copy(ROOT / "fixtures" / "demo" / "visites-2026-10-05.xml", tmp_path / "visites.xml")
    for name in ("depart", "arrivee"):
        (tmp_path / "concentrateur" / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FSE_CLE_JOURNAL", "clé du journal")
    monkeypatch.setenv("FSE_MOT_DE_PASSE", "mot de passe de la clé")
    assert len(commands(block)) >= 9
    for arguments in commands(block):
        assert run(expanded(arguments)) == 0, arguments
