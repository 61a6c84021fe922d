"""Peers: pinned, each with its program; one that is absent or fails says so, and is not left out in silence."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from benchmarks.peers import installing, program
from benchmarks.peers.installing import PeerAbsentError
from benchmarks.suites import frames, reading


def test_every_version_is_pinned_and_the_peer_stands_first() -> None:
    for path in installing.REQUIREMENTS.glob("*.txt"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].split("==")[0] == path.stem
        assert [line for line in lines if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*==[\w.]+( {4}# .+)?", line)] == []


def test_every_peer_that_a_suite_names_has_its_environment_and_its_program() -> None:
    named = {one.name: one.program for one in reading.PEERS} | {name: f"records_{name}" for name in frames.PEERS}
    assert set(named) | {"endesive"} <= set(installing.names())
    assert [one for one in named.values() if not (program.PROGRAMS / f"{one}.py").is_file()] == []


def test_a_peer_that_is_not_installed_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing, "ENVIRONMENTS", tmp_path)
    with pytest.raises(PeerAbsentError, match="make peers"):
        installing.python_of("oxedi")
    (tmp_path / "oxedi.log").write_text("trying\nno version 0.6.0\n", encoding="utf-8")
    with pytest.raises(PeerAbsentError, match=r"no version 0\.6\.0"), program.running("oxedi", "read_oxedi", "x"):
        pass


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs, run by this Python."""
    serving = (program.PROGRAMS / "serving.py").read_text(encoding="utf-8")
    (tmp_path / "serving.py").write_text(serving, encoding="utf-8")
    monkeypatch.setattr(program, "PROGRAMS", tmp_path)
    monkeypatch.setattr(program, "python_of", lambda _: Path(sys.executable))
    return tmp_path


def test_a_program_works_when_asked_and_says_what_came_out(programs: Path) -> None:
    lines = ("import sys", "from serving import serve", "print('noise')")
    work = "serve(lambda: print('more noise') or len(sys.argv[1]), lambda size: {'claims': size})"
    (programs / "essai.py").write_text("\n".join((*lines[:2], work)), encoding="utf-8")
    with program.running("essai", "essai", "abc") as one:
        answers = [one.round(), one.round()]
    assert [answer["claims"] for answer in answers] == [3, 3]
    assert all(answer["seconds"] >= 0 for answer in answers)


def test_a_program_that_fails_says_its_last_words(programs: Path) -> None:
    (programs / "essai.py").write_text("from serving import serve\nserve(lambda: 1 / 0, dict)", encoding="utf-8")
    with program.running("essai", "essai") as one, pytest.raises(PeerAbsentError, match="division by zero"):
        one.round()


def test_a_program_that_cannot_start_says_why(programs: Path) -> None:
    (programs / "essai.py").write_text("import there_is_no_such_module", encoding="utf-8")
    with pytest.raises(PeerAbsentError, match="there_is_no_such_module"), program.running("essai", "essai"):
        pass
