"""Smallest failing inputs of the findings of the night: what lies in a folder where files are dropped by hand."""

from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fse.app.nightly import folders
from fse.base.findings import Finding
from fse.infra.transport.directory import Trouve
from tests.app.accused import ACCUSE_LE, arl
from tests.app.nightly.scene import dropping
from tests.findings.registry import Case


def _dropped(prepare: Callable[[Path], None]) -> Iterable[Finding]:
    """What is said of a folder that was prepared so."""
    with TemporaryDirectory() as place, dropping(Path(place) / "cabinet") as practice:
        prepare(practice.cabinet.folder / "depots")
        return [said for one in folders.receive_folders(practice, ACCUSE_LE) for said in one.constats]


def _too_big(folder: Path) -> None:
    with (folder / "gros.noe").open("wb") as file:
        file.truncate(40 * 1024 * 1024)


def _still_written() -> Iterable[Finding]:
    """The file grew between its reading and its move."""

    def seen(folder: Path) -> Iterable[Trouve]:
        (folder / "accuse.arl").write_bytes(arl() + b" ")
        return [Trouve(nom="accuse.arl", taille=0, contenu=arl())]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folders, "pending", seen)
        return _dropped(lambda _: None)


def _cannot_move(folder: Path) -> None:
    (folder / "accuse.arl").write_bytes(arl())
    (folder / "recus").write_bytes(b"un fichier, pas un dossier")


CAS: dict[str, Case] = {
    "nuit.dossier_ferme": lambda: _dropped(lambda folder: folder.rmdir()),
    "nuit.fichier_etranger": lambda: _dropped(lambda folder: (folder / "lettre.pdf").write_bytes(b"%PDF-1.7") and None),
    "nuit.fichier_trop_gros": lambda: _dropped(_too_big),
    "nuit.fichier_change": _still_written,
    "nuit.fichier_reste": lambda: _dropped(_cannot_move),
}
