"""The practice of `scene`, with mailboxes on real servers: its own, and that of the caisse."""

from __future__ import annotations

import poplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fse.app.operations.practice import Practice
from fse.app.operations.transmission.envoyer import Envois, envoyer
from fse.app.operations.transmission.relever import Relevage, relever
from fse.infra.keys.opening import open_envelope
from fse.infra.transport.entity import Attachment
from fse.infra.transport.message import Courrier, Recu, build_clear_message, build_sealed_message, read_message
from fse.infra.transport.unpacking import read_entity
from tests.app.cabinet import MOT_DE_PASSE, reopen
from tests.app.transmission import scene
from tests.mail_servers import Account, MailServers


@dataclass(frozen=True)
class Post:
    """The two mailboxes, and the way to the servers."""

    servers: MailServers
    cabinet: Account
    caisse: Account
    smtp_port: int
    pop3_port: int
    autorites: str

    @property
    def ways(self) -> str:
        """`[envoi]` and `[releve]` by mail."""
        return f"""
[envoi]
genre = "courriel"
serveur = "localhost"
port = {self.smtp_port}
expediteur = "{self.cabinet.address}"
compte = "{self.cabinet.address}"
autorites = "{self.autorites}"

[releve]
genre = "courriel"
serveur = "localhost"
port = {self.pop3_port}
compte = "{self.cabinet.address}"
autorites = "{self.autorites}"
"""

    def describe(self, folder: Path, adresse: str = "") -> None:
        """Write the description of a practice that sends to the caisse, or to another address."""
        scene.describe(folder, ways=self.ways, adresse=adresse or self.caisse.address)

    def send(self, practice: Practice) -> Envois:
        return envoyer(practice, mot_de_passe=lambda: self.cabinet.password, le=scene.ENVOI)

    def fetch(self, practice: Practice) -> Relevage:
        return relever(
            practice,
            mot_de_passe=lambda: self.cabinet.password,
            mot_de_passe_cle=lambda: MOT_DE_PASSE,
            le=scene.RETOUR,
        )

    def mailbox(self, account: Account, messages: int = 0) -> list[bytes]:
        """What is in a mailbox, once so many messages are there; read by the standard library alone."""
        if messages:
            self.servers.wait(account, messages)
        context = ssl.create_default_context(cafile=self.servers.authority)
        client = poplib.POP3_SSL("localhost", self.servers.pop3_port, context=context)
        client.user(account.address)
        client.pass_(account.password)
        found = [b"\r\n".join(client.retr(rank + 1)[1]) + b"\r\n" for rank in range(client.stat()[0])]
        client.quit()
        return found

    def answer(self, *contents: bytes, encrypted: bool = True, keep: float = 1.0) -> None:
        """The caisse answers in one message, of which this share arrives."""
        files = [(f"retour-{rank}.noe", content) for rank, content in enumerate(contents)]
        courrier = Courrier(
            expediteur=self.caisse.address,
            destinataire=self.cabinet.address,
            sujet="Retours",
            identifiant="<reponse@caisse.invalid>",
            date=datetime(2026, 10, 8, tzinfo=UTC),
        )
        message = (
            build_sealed_message(courrier, "retours.p7m", scene.sealed(*files))
            if encrypted
            else build_clear_message(courrier, [Attachment(*one) for one in files])
        )
        self.servers.deliver(self.cabinet, message[: int(len(message) * keep)], sender=self.caisse.address)


def post(servers: MailServers, *, smtp_port: int = 0, pop3_port: int = 0, autorites: str = "") -> Post:
    """Two new mailboxes; other ports lead to them through a line that fails."""
    return Post(
        servers,
        servers.account("cabinet"),
        servers.account("caisse"),
        smtp_port or servers.smtp_port,
        pop3_port or servers.pop3_port,
        autorites or servers.authority,
    )


@contextmanager
def mailing(folder: Path, boxes: Post) -> Iterator[Practice]:
    """A practice with one file to send by mail."""
    scene.practice_with_outbox(folder, ways=boxes.ways, adresse=boxes.caisse.address).close()
    with reopen(folder) as practice:
        yield practice


def opened(message: bytes) -> tuple[Recu, list[Attachment]]:
    """A message that the caisse received, and the files in its envelope."""
    read = read_message(message)
    (sealed,) = read.enveloppes
    return read, read_entity(open_envelope(sealed.contenu, scene.opener("caisse")))


def contents(messages: Sequence[bytes]) -> list[list[tuple[str, bytes]]]:
    """The files of each message."""
    return [[(one.nom, one.contenu) for one in opened(message)[1]] for message in messages]
