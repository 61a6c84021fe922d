"""What one transaction can do with a journal, reading or writing, whatever the fact.

A `Reading` sees one snapshot. A `Transaction` also writes: its events wait in memory and are chained by the last step
before commit. Facts themselves are written by `factures`, `lots` and `fichiers`, each with its event.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Literal

from sqlalchemy import Connection, insert, select, text

from fse.base.errors import StorageError
from fse.infra.journal import chain
from fse.infra.journal.events import Genre, PendingEvent, canonical, pending, utc_instant
from fse.infra.journal.schema.tables import DETRUIT, contenu, personne
from fse.infra.journal.secrets import Coffre
from fse.infra.journal.upkeep import suspension

GenreContenu = Literal["saisie", "fse", "lot", "signature", "fichier", "recu", "enveloppe", "courrier", "piece"]

_ID_BYTES = 16
_NEXT_NUMBER = text(
    "INSERT INTO compteur (cabinet, nom, valeur) VALUES (:cabinet, :nom, :start) "
    "ON CONFLICT (cabinet, nom) DO UPDATE SET valeur = compteur.valeur + 1 RETURNING valeur"
)


@dataclass(frozen=True, slots=True)
class Personne:
    """Who a message is about: the 13 characters of the NIR, and what the caller keeps with it. Never printed."""

    nir: str
    identite: bytes

    def __repr__(self) -> str:
        return "Personne(***)"


class Reading:
    """One snapshot of a cabinet's journal. `connection` runs any SELECT on it."""

    def __init__(self, connection: Connection, cabinet: str, coffre: Coffre) -> None:
        self.connection = connection
        self.cabinet = cabinet
        self.coffre = coffre

    def load(self, id: str) -> bytes:
        """The bytes stored under this id. Raises `StorageError` (`journal.contenu_absent`, `journal.chiffre`)."""
        query = select(contenu.c.genre, contenu.c.chiffre).where(contenu.c.cabinet == self.cabinet, contenu.c.id == id)
        row = self.connection.execute(query).one_or_none()
        if row is None or row.genre == DETRUIT:
            raise _absent("contenu")
        return self.coffre.decrypt(row.chiffre, self._aad(row.genre, id))

    def load_person(self, id: str) -> Personne:
        """The person of this id. Raises `StorageError` (`journal.contenu_absent`: also when it was purged)."""
        query = select(personne.c.chiffre).where(personne.c.cabinet == self.cabinet, personne.c.id == id)
        chiffre = self.connection.execute(query).scalar_one_or_none()
        if chiffre is None:
            raise _absent("personne")
        return self._open_person(id, chiffre)

    def _open_person(self, id: str, chiffre: bytes) -> Personne:
        nir, identite = json.loads(self.coffre.decrypt(chiffre, self._aad("personne", id)))
        return Personne(nir, b64decode(identite))

    def _aad(self, genre: str, id: str) -> bytes:
        return canonical([self.cabinet, genre, id]).encode()


class Transaction(Reading):
    """A reading that also writes; all of it is committed together, or nothing. Obtained from `Journal.transaction`."""

    def __init__(self, connection: Connection, cabinet: str, coffre: Coffre, now: datetime) -> None:
        super().__init__(connection, cabinet, coffre)
        self.instant = utc_instant(now)
        self._events: list[PendingEvent] = []
        self._numbers_given = False

    def event(self, genre: Genre, contenu: Mapping[str, object]) -> None:
        """Add an event, after those already added. It is chained when the transaction ends, and has no rank before.

        `contenu` is JSON (text, whole numbers, lists, maps), without anything personal.
        """
        self._events.append(pending(genre, contenu))

    def store(self, genre: GenreContenu, data: bytes) -> str:
        """Keep these bytes, encrypted; their new id."""
        id = token_hex(_ID_BYTES)
        chiffre = self.coffre.encrypt(data, self._aad(genre, id))
        row = {"cabinet": self.cabinet, "id": id, "genre": genre, "chiffre": chiffre}
        self.connection.execute(insert(contenu), row)
        return id

    def person(self, nir: str, identite: bytes) -> str:
        """The id of this person, encrypted: the one already known with the same NIR and identity, else a new one.

        `nir`: 13 characters, or blank. A blank or anonymous NIR names nobody and always gives a new id.
        """
        fingerprint = self.coffre.fingerprint(nir)
        wanted = Personne(nir, identite)
        if fingerprint is not None:
            query = select(personne.c.id, personne.c.chiffre).where(
                personne.c.cabinet == self.cabinet, personne.c.nir_empreinte == fingerprint
            )
            for known, chiffre in self.connection.execute(query.order_by(personne.c.id)):
                if self._open_person(known, chiffre) == wanted:
                    return str(known)
        id = token_hex(_ID_BYTES)
        clear = canonical([nir, b64encode(identite).decode()]).encode()
        self.connection.execute(
            insert(personne).values(
                cabinet=self.cabinet,
                id=id,
                nir_empreinte=fingerprint,
                chiffre=self.coffre.encrypt(clear, self._aad("personne", id)),
            )
        )
        return id

    def allocate(self, nom: str, start: int = 1) -> int:
        """The next number of this counter, never given twice once committed; `start` when the counter is new.

        Raises `StorageError` (`journal.a_reprendre`) after a restoration, until the counters are raised.
        """
        if not self._numbers_given:
            suspension.refuse(self.connection, self.cabinet)
            self._numbers_given = True
        given = {"cabinet": self.cabinet, "nom": nom, "start": start}
        return int(self.connection.execute(_NEXT_NUMBER, given).scalar_one())

    def finish(self) -> None:
        """Chain the events. `Journal.transaction` calls it once, as the last step before commit."""
        chain.append(self.connection, self.coffre, self.cabinet, self.instant, self._events)


def _absent(what: str) -> StorageError:
    return StorageError(
        "journal.contenu_absent",
        f"Le journal ne contient plus cet élément ({what}).",
        action="Il a été détruit à la fin de sa conservation, sinon restaurer la dernière sauvegarde.",
    )
