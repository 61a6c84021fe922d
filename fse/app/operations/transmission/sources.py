"""Where returns come: a mailbox, or the folder of an OCT. Nothing is removed that was not asked to be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.description import Releve
from fse.app.operations.transmission import settings
from fse.infra.transport import directory
from fse.infra.transport.pop3 import Depose, Pop3

_DOSSIER = "dossier "


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive:
    """A message, or a file of a folder, as its source calls it; `contenu` is `None` when it is too big to be read."""

    nom: str
    contenu: bytes | None = field(repr=False)
    depose: Depose | None = None


class Source(Protocol):
    """An open source. `lieu` names it, without any secret."""

    @property
    def lieu(self) -> str: ...

    def arrivals(self) -> Iterator[Arrive]:
        """What waits there, each fetched when its turn comes. Raises `StorageError`."""

    def remove(self, arrive: Arrive) -> None:
        """Remove what is safe elsewhere: at once from a folder, at the end of the session from a mailbox.

        What cannot be removed is seen again by the next run. Raises `StorageError`.
        """


@contextmanager
def open_source(cabinet: Cabinet, releve: Releve, mot_de_passe: Callable[[], str]) -> Iterator[Source]:
    """The source that `[releve]` says. Raises `StorageError`."""
    if releve.genre == "repertoire":
        yield _Dossier(settings.folder(cabinet, releve), f"{_DOSSIER}{releve.dossier}")
        return
    with Pop3(settings.server(cabinet, releve), mot_de_passe()) as mailbox:
        yield _Boite(mailbox, f"{releve.compte} {releve.serveur}:{releve.port}")


def is_of_folder(lieu: str) -> bool:
    """True when what was found at this place is a file, not a mail message."""
    return lieu.startswith(_DOSSIER)


@dataclass(frozen=True, slots=True)
class _Boite:
    mailbox: Pop3
    lieu: str

    def arrivals(self) -> Iterator[Arrive]:
        for one in self.mailbox.messages():
            yield Arrive(nom=f"message {one.uidl or one.rang}", contenu=one.contenu, depose=one)

    def remove(self, arrive: Arrive) -> None:
        assert arrive.depose is not None
        self.mailbox.delete(arrive.depose)


@dataclass(frozen=True, slots=True)
class _Dossier:
    dossier: Path
    lieu: str

    def arrivals(self) -> Iterator[Arrive]:
        for one in directory.pending(self.dossier):
            yield Arrive(nom=one.nom, contenu=one.contenu)

    def remove(self, arrive: Arrive) -> None:
        assert arrive.contenu is not None
        directory.remove(self.dossier, arrive.nom, hashlib.sha256(arrive.contenu).hexdigest())
