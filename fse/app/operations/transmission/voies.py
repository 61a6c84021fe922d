"""The ways out: a mail server, or the folder of an OCT. Opening one may fail, and then every file waits.

The profile is ours: one message a file, encrypted, with a fixed identity (docs/transport.md). A file in a folder is
taken over once it is there for good; its signatures come first, so that a file seen is a file complete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Protocol

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.description import Envoi
from fse.app.operations.transmission import settings
from fse.app.operations.transmission.departs import Depart, message_id
from fse.base.dates import from_days
from fse.base.errors import StorageError
from fse.infra.transport.directory import deposit
from fse.infra.transport.message import Courrier, build_sealed_message
from fse.infra.transport.smtp import Remise, Smtp


class Voie(Protocol):
    """An open way out."""

    def send(self, depart: Depart) -> Remise:
        """Hand one file over. Raises `StorageError` when the way itself fails: the file did not leave."""


@contextmanager
def open_way(cabinet: Cabinet, envoi: Envoi, mot_de_passe: Callable[[], str]) -> Iterator[Voie]:
    """The way that `[envoi]` says; the password is asked when there is an account. Raises `StorageError`."""
    if envoi.genre == "repertoire":
        yield _Dossier(settings.folder(cabinet, envoi))
        return
    with Smtp(settings.server(cabinet, envoi), mot_de_passe() if envoi.compte else "") as smtp:
        yield _Messagerie(cabinet, envoi.expediteur, smtp)


@dataclass(frozen=True, slots=True)
class _Messagerie:
    cabinet: Cabinet
    expediteur: str
    smtp: Smtp

    def send(self, depart: Depart) -> Remise:
        return self.smtp.send(message(self.cabinet, self.expediteur, depart), self.expediteur, [depart.adresse])


@dataclass(frozen=True, slots=True)
class _Dossier:
    dossier: Path

    def send(self, depart: Depart) -> Remise:
        try:
            for piece in depart.pieces:
                deposit(self.dossier, piece.nom, piece.contenu)
        except StorageError as error:
            if error.code != "transport.nom_pris":
                raise
            return Remise(resultat="refuse", code="", detail=error.message)
        return Remise(resultat="accepte", code="", detail="Déposé dans le dossier d'échange.")


def message(cabinet: Cabinet, expediteur: str, depart: Depart) -> bytes:
    """The message of a file: the same bytes at each sending, its date that of the file. Nothing in it is personal."""
    fichier, (enveloppe,) = depart.fichier, depart.pieces
    courrier = Courrier(
        expediteur=expediteur,
        destinataire=depart.adresse,
        sujet=f"FSE {fichier.emetteur} {fichier.identifiant} {cabinet.marque}",
        identifiant=message_id(fichier, cabinet.marque),
        date=datetime.combine(from_days(fichier.date_creation), time(), cabinet.zone),
    )
    return build_sealed_message(courrier, enveloppe.nom, enveloppe.contenu)
