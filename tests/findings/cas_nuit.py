"""Smallest failing inputs of the findings of the night: what lies in a folder where files are dropped by hand."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fse.app.nightly import folders
from fse.base.findings import Finding
from fse.infra.transport.directory import Trouve, look
from tests.app.accused import ACCUSE_LE, arl
from tests.app.nightly.scene import dropping
from tests.app.transmission.scene import sealed
from tests.findings.registry import Case


def _dropped(prepare: Callable[[Path], None]) -> Iterable[Finding]:
    """What is said of a folder that was prepared so."""
    with TemporaryDirectory() as place, dropping(Path(place) / "cabinet") as practice:
        folder = practice.cabinet.folder / "depots"
        prepare(folder)
        return [said for one in folders.receive_folders(practice, ACCUSE_LE, str) for said in one.constats]


def _file(folder: Path, name: str, content: bytes) -> None:
    """A file that was written long ago."""
    (folder / name).write_bytes(content)
    os.utime(folder / name, (0, 0))


def _too_big(folder: Path) -> None:
    with (folder / "gros.noe").open("wb") as file:
        file.truncate(40 * 1024 * 1024)


def _sealed(folder: Path) -> None:
    """Its practice has no reception key."""
    _file(folder, "retour.p7m", sealed(("998.arl", arl())))


def _still_written() -> Iterable[Finding]:
    """The file grew between its reading and its move."""

    def seen(folder: Path, name: str) -> Trouve:
        found = look(folder, name)
        assert found is not None
        (folder / name).write_bytes(arl() + b" ")
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folders, "look", seen)
        return _dropped(lambda folder: _file(folder, "accuse.arl", arl()))


def _cannot_move(folder: Path) -> None:
    _file(folder, "accuse.arl", arl())
    (folder / "recus").write_bytes(b"un fichier, pas un dossier")


CAS: dict[str, Case] = {
    "nuit.dossier_ferme": lambda: _dropped(lambda folder: folder.rmdir()),
    "nuit.fichier_etranger": lambda: _dropped(lambda folder: _file(folder, "lettre.pdf", b"%PDF-1.7")),
    "nuit.fichier_trop_gros": lambda: _dropped(_too_big),
    "nuit.fichier_ferme": lambda: _dropped(_sealed),
    "nuit.fichier_recent": lambda: _dropped(lambda folder: (folder / "accuse.arl").write_bytes(arl()) and None),
    "nuit.fichier_change": _still_written,
    "nuit.fichier_reste": lambda: _dropped(_cannot_move),
}
