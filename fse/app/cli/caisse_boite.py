"""The folder where files come for the simulated caisse, and where it puts them once they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from glob import escape
from pathlib import Path

from fse.app.caisse.courrier import Depot, Ecarte
from fse.app.caisse.lettres import Opener, open_message
from fse.app.caisse.month import Envoi
from fse.app.cli.caisse_options import signatures_by_lot
from fse.app.cli.options import read_input
from fse.base.errors import SignatureError, StorageError, UnreadableError, UsageError
from fse.base.french import system_reason

LUS = "lus"
"""The folder, beside the files that come, of those that were read: one folder a day in it, or more."""

_DAY = len("AAAA-MM-JJ")
_B2 = ".b2"
_MAILS = (".eml", ".p7m")


def arrived(boite: Path, opener: Opener) -> tuple[dict[Path, list[Depot]], list[Ecarte]]:
    """The B2 files that came, by what brought them; and what does not open."""
    found: dict[Path, list[Depot]] = {}
    closed: list[Ecarte] = []
    for path in _files(boite):
        try:
            found[path] = _depots(path, opener)
        except (SignatureError, UnreadableError) as error:
            closed.append(Ecarte(nom=path.name, raison=error.message))
    return found, closed


def before(boite: Path, opener: Opener) -> Iterator[Depot]:
    """What earlier runs put away, each on its day."""
    lus = boite / LUS
    for folder in sorted(lus.iterdir()) if lus.is_dir() else ():
        try:
            day = date.fromisoformat(folder.name[:_DAY])
        except ValueError:
            continue
        for found in arrived(folder, opener)[0].values():
            yield from (Depot(nom=one.nom, envoi=one.envoi, recu_le=day) for one in found)


def put_away(boite: Path, paths: Sequence[Path], day: date) -> None:
    """Move what was read, signatures too, to the folder of the day: `lus/<day>`, `lus/<day>-2` when a name is taken."""
    moved = [each for path in paths for each in (path, *_beside(path))]
    folder = boite / LUS / day.isoformat()
    number = 1
    while any((folder / one.name).exists() for one in moved):
        number += 1
        folder = boite / LUS / f"{day}-{number}"
    for path in moved:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.rename(folder / path.name)
        except OSError as error:
            raise StorageError(
                "caisse.rangement",
                f"Ce fichier, lu, ne peut pas être rangé : {system_reason(error)}.",
                action="Vérifier le dossier, puis recommencer le même jour : les mêmes réponses seront refaites.",
                lieu=str(path),
            ) from error


def _files(folder: Path) -> list[Path]:
    """What came, by name; signatures go with their file, and what is hidden or not finished is left."""
    try:
        found = [one for one in folder.iterdir() if one.is_file() and not one.name.startswith(".")]
    except OSError as error:
        raise UsageError(
            "caisse.boite",
            f"Le dossier des envois ne se lit pas : {system_reason(error)}.",
            action="Vérifier le chemin donné à --boite.",
            lieu=str(folder),
        ) from None
    return sorted(one for one in found if one.suffix.lower() in (_B2, *_MAILS))


def _depots(path: Path, opener: Opener) -> list[Depot]:
    """The B2 files that a file of the folder is, or holds."""
    if path.suffix.lower() in _MAILS:
        found = open_message(read_input(path), opener)
        if not found:
            raise UnreadableError("caisse.sans_b2", "Il ne contient aucun fichier B2.", action="Le retirer.")
        return found
    return [Depot(nom=path.name, envoi=Envoi(read_input(path), signatures_by_lot(path)))]


def _beside(path: Path) -> list[Path]:
    """The signatures of a B2 file."""
    if path.suffix.lower() != _B2:
        return []
    return sorted(path.parent.glob(f"{escape(path.stem)}-[0-9][0-9][0-9].p7s"))
