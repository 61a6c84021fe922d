"""The folder of an OCT: what is put there is whole, and nothing is lost in it."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import time
from pathlib import Path

import pytest

from fse.base.errors import FseError, StorageError
from fse.infra.transport.directory import deposit, pending, remove


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def names(folder: Path) -> list[str]:
    return [one.nom for one in pending(folder)]


def everything(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def code(caught: pytest.ExceptionInfo[FseError]) -> str:
    assert caught.value.action
    return caught.value.code


def test_put_found_removed(tmp_path: Path) -> None:
    deposit(tmp_path, "b.p7m", b"two")
    deposit(tmp_path, "a.p7m", b"one")
    deposit(tmp_path, "a.p7m", b"one")
    assert [(one.nom, one.taille, one.contenu) for one in pending(tmp_path)] == [
        ("a.p7m", 3, b"one"),
        ("b.p7m", 3, b"two"),
    ]
    assert not remove(tmp_path, "a.p7m", digest(b"two"))
    assert remove(tmp_path, "a.p7m", digest(b"one"))
    assert remove(tmp_path, "a.p7m", digest(b"one"))
    assert everything(tmp_path) == ["b.p7m"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    deposit(tmp_path, "a.p7m", b"one")
    with pytest.raises(StorageError) as caught:
        deposit(tmp_path, "a.p7m", b"two")
    assert code(caught) == "transport.nom_pris"
    assert everything(tmp_path) == ["a.p7m"]
    (tmp_path / "d").mkdir()
    (tmp_path / "l").symlink_to(tmp_path / "nowhere")
    for taken in ("d", "l"):
        with pytest.raises(StorageError):
            deposit(tmp_path, taken, b"one")
    assert not (tmp_path / "nowhere").exists()


def test_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    test_put_found_removed(tmp_path)
    (tmp_path / "b.p7m").unlink()
    test_nothing_is_overwritten(tmp_path)


@pytest.mark.parametrize("name", ["", ".a", "a.tmp", "a.PART", "../a", "a/b", "a\\b", "a\0", " a", "a" * 200])
def test_names_that_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FseError) as caught:
        deposit(tmp_path, name, b"x")
    assert code(caught) == "transport.nom_de_fichier"


def test_what_is_not_ready_or_not_a_file_is_left(tmp_path: Path) -> None:
    for name in (".cache", "a.tmp", "a.part", "A.TMP"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / ".cache")
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe")
    assert names(tmp_path) == []
    assert not remove(tmp_path, "link", digest(b"x"))
    assert (tmp_path / ".cache").exists()


def test_a_file_above_the_bound_is_told_and_left(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 11)
    (tmp_path / "fair").write_bytes(b"x" * 10)
    assert [(one.nom, one.taille, one.contenu) for one in pending(tmp_path, taille_max=10)] == [
        ("big", 11, None),
        ("fair", 10, b"x" * 10),
    ]


def test_a_file_that_grew_since_is_not_removed(tmp_path: Path) -> None:
    """Somebody writes without a temporary name: what was read half is kept, and read again."""
    (tmp_path / "a.noe").write_bytes(b"half")
    (found,) = pending(tmp_path)
    (tmp_path / "a.noe").write_bytes(b"half and the rest")
    assert found.contenu is not None
    assert not remove(tmp_path, found.nom, digest(found.contenu))
    assert (tmp_path / "a.noe").read_bytes() == b"half and the rest"


def test_a_file_that_goes_meanwhile_is_left_out(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"x")
    found = pending(tmp_path)
    assert next(found).nom == "a"
    (tmp_path / "b").unlink()
    assert list(found) == []


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "none", tmp_path / "file"):
        for use in (lambda at: deposit(at, "a", b"x"), lambda at: list(pending(at))):
            with pytest.raises(StorageError) as caught:
                use(folder)
            assert code(caught) == "transport.dossier"


def test_what_a_killed_run_left_is_taken_away_later(tmp_path: Path) -> None:
    old, fresh, other = (tmp_path / f".{name}.tmp" for name in ("a.p7m.0001", "a.p7m.0002", "b.p7m.0001"))
    for one in (old, fresh, other):
        one.write_bytes(b"x")
    for one in (old, other):
        os.utime(one, (time.time() - 7200,) * 2)
    deposit(tmp_path, "a.p7m", b"one")
    assert everything(tmp_path) == [".a.p7m.0002.tmp", ".b.p7m.0001.tmp", "a.p7m"]


def test_a_reader_sees_all_of_a_file_or_nothing(tmp_path: Path) -> None:
    """Writers of the same and of other files, while one reads: each file whole, or not there."""
    contents = {f"{rank}.p7m": bytes([rank]) * 300_000 for rank in range(6)}
    failures: list[BaseException] = []

    def put() -> None:
        try:
            for name, content in contents.items():
                deposit(tmp_path, name, content)
        except BaseException as error:
            failures.append(error)

    writers = [threading.Thread(target=put) for _ in range(4)]
    for one in writers:
        one.start()
    while any(one.is_alive() for one in writers):
        for found in pending(tmp_path):
            assert found.contenu == contents[found.nom]
    for one in writers:
        one.join()
    assert failures == []
    assert everything(tmp_path) == sorted(contents)
