"""The commands of the README, run as they are written there, on the practice of the demo."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from fse.app.cli import run

ROOT = Path(__file__).resolve().parents[2]


def commands() -> list[list[str]]:
    """The lines of the section "Use it" that call `fse`, without their comments."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## Use it")[1].split("```")[1]
    return [shlex.split(line, comments=True)[1:] for line in section.splitlines() if line.startswith("fse ")]


def expanded(arguments: list[str]) -> list[str]:
    """Patterns of file names replaced by the files, as a shell does."""
    return [
        name
        for argument in arguments
        for name in (sorted(map(str, Path().glob(argument))) if re.search(r"\*", argument) else [argument])
    ]


def test_each_command_of_the_readme_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "fixtures" / "demo" / "cabinet.toml", tmp_path)
    shutil.copy(ROOT / "fixtures" / "demo" / "visites-2026-10-05.xml", tmp_path / "visites.xml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FSE_CLE_JOURNAL", "clé du journal")
    monkeypatch.setenv("FSE_MOT_DE_PASSE", "mot de passe de la clé")
    assert len(commands()) >= 9
    for arguments in commands():
        assert run(expanded(arguments)) == 0, arguments
