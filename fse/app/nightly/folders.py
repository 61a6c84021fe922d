"""What was dropped by hand: returns and bank statements in the folders of `[nuit] dossiers`, received one by one.

What is received moves to `recus/` beside it, what is set aside to `ecartes/`: the file stays with the practice, and the
folder shows what is still to be received. What is not ours stays where it is. A night that is killed between receiving
and moving loses nothing: receiving is idempotent by digest, and the next night moves the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from fse.app.nightly.outcomes import content_status
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import FichierRecu, recevoir
from fse.base.errors import StorageError, UnreadableError
from fse.base.findings import Finding, finding
from fse.base.french import system_reason
from fse.infra.transport.directory import Trouve, pending
from fse.infra.transport.names import printable

Sort = Literal["recu", "ecarte", "etranger", "trop_gros", "ferme"]
"""Received, also earlier; set aside, or in part; left in place: nothing for us, too big; the folder cannot be read."""

_DIGITS = 12
_PLACES: dict[Sort, str] = {"recu": "recus", "ecarte": "ecartes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """One file of a folder, or the folder itself when it cannot be read (`nom` ""); names as they can be shown."""

    dossier: str
    nom: str
    sort: Sort
    retours: tuple[FichierRecu, ...] = ()
    constats: tuple[Finding, ...] = ()

    @property
    def statut(self) -> int:
        """The exit status that it meets: a file that is not ours is told, and is no error."""
        return StorageError.status if self.sort == "ferme" else content_status(self.retours, self.constats)


def receive_folders(practice: Practice, day: date) -> Iterator[Depot]:
    """Receive every file of every folder, by name. Raises `StorageError` (the journal)."""
    for dossier in practice.cabinet.nuit.dossiers:
        folder = practice.cabinet.folder / dossier
        for one in _pending(folder, dossier):
            yield one if isinstance(one, Depot) else _receive(practice, folder, dossier, one, day)


def _pending(folder: Path, dossier: str) -> Iterator[Trouve | Depot]:
    try:
        yield from pending(folder)
    except StorageError as error:
        cause = error.__cause__
        reason = system_reason(cause) if isinstance(cause, OSError) else error.message
        said = finding("nuit.dossier_ferme", lieu=error.lieu, raison=reason)
        yield Depot(dossier=dossier, nom="", sort="ferme", constats=(said,))


def _receive(practice: Practice, folder: Path, dossier: str, trouve: Trouve, day: date) -> Depot:
    nom = printable(trouve.nom)
    if trouve.contenu is None:
        said = finding("nuit.fichier_trop_gros", fichier=nom)
        return Depot(dossier=dossier, nom=nom, sort="trop_gros", constats=(said,))
    try:
        retours = tuple(_located(one, nom) for one in recevoir(practice, [trouve.contenu], fichier=nom, le=day))
    except UnreadableError as error:
        said = finding("nuit.fichier_etranger", fichier=nom, raison=error.message, action=error.action)
        return Depot(dossier=dossier, nom=nom, sort="etranger", constats=(said,))
    sort = _sort({one.verdict for one in retours})
    left = _put_away(folder, trouve.nom, trouve.contenu, _PLACES[sort]) if sort in _PLACES else ()
    return Depot(dossier=dossier, nom=nom, sort=sort, retours=retours, constats=tuple(left))


def _located(one: FichierRecu, nom: str) -> FichierRecu:
    constats = (replace(said, place=replace(said.place, fichier=nom)) for said in one.constats)
    return replace(one, constats=tuple(constats))


def _sort(verdicts: set[str]) -> Sort:
    if verdicts <= {"pas_un_retour"}:
        return "etranger"
    return "recu" if verdicts <= {"recu", "deja_recu"} else "ecarte"


def _put_away(folder: Path, nom: str, content: bytes, place: str) -> Iterator[Finding]:
    """Move a file if its bytes are still those that were read; one of the same name and other bytes is kept too."""
    source, target = folder / nom, folder / place / nom
    try:
        if source.read_bytes() != content:
            yield finding("nuit.fichier_change", fichier=printable(nom))
            return
        target.parent.mkdir(exist_ok=True)
        if target.exists() and target.read_bytes() != content:
            target = target.with_name(f"{target.stem}-{hashlib.sha256(content).hexdigest()[:_DIGITS]}{target.suffix}")
        if target.exists():
            source.unlink()
        else:
            source.rename(target)
    except OSError as error:
        yield finding("nuit.fichier_reste", fichier=printable(nom), raison=system_reason(error))
