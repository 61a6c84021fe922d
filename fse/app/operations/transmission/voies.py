"""The ways out: a mail server, or the folder of an OCT. Opening one may fail, and then all that leaves by it waits.

The profile is ours: one message for what leaves together, encrypted, with a fixed identity (docs/transport.md). What
goes in a folder is taken over once it is there for good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Protocol

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.description import Envoi
from fse.app.operations.transmission import settings
from fse.base.errors import StorageError
from fse.infra.transport.directory import deposit
from fse.infra.transport.entity import Attachment
from fse.infra.transport.message import Courrier, build_sealed_message
from fse.infra.transport.smtp import Remise, Smtp

DOMAINE = "fse.invalid"
"""The domain of our Message-IDs: the name of the machine is not in them; `.invalid` never exists (RFC 2606)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colis:
    """What leaves together, the same at each attempt: a file, or a supporting document. Nothing here is personal.

    `sujet`, `identifiant` (Message-ID, with its brackets), `date` and `adresse` are those of its message. `fichiers`
    are what a folder takes, in the order of their deposit; mail takes the one envelope. `rescelle`: it is encrypted
    again at each attempt, under a name that holds the digest of its content: a folder that has this name has it.
    """

    sujet: str
    identifiant: str
    date: date
    adresse: str
    fichiers: tuple[Attachment, ...]
    rescelle: bool = False


class Voie(Protocol):
    """An open way out."""

    def send(self, colis: Colis) -> Remise:
        """Hand one parcel over. Raises `StorageError` when the way itself fails: it did not leave."""


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

    def send(self, colis: Colis) -> Remise:
        (enveloppe,) = colis.fichiers
        courrier = Courrier(
            expediteur=self.expediteur,
            destinataire=colis.adresse,
            sujet=colis.sujet,
            identifiant=colis.identifiant,
            date=datetime.combine(colis.date, time(), self.cabinet.zone),
        )
        message = build_sealed_message(courrier, enveloppe.nom, enveloppe.contenu)
        return self.smtp.send(message, self.expediteur, [colis.adresse])


@dataclass(frozen=True, slots=True)
class _Dossier:
    dossier: Path

    def send(self, colis: Colis) -> Remise:
        try:
            for one in colis.fichiers:
                deposit(self.dossier, one.nom, one.contenu)
        except StorageError as error:
            if error.code != "transport.nom_pris":
                raise
            if not colis.rescelle:
                return Remise(resultat="refuse", code="", detail=error.message)
        return Remise(resultat="accepte", code="", detail="Déposé dans le dossier d'échange.")
