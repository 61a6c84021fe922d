"""Hands messages over to a mail server: SMTP with STARTTLS, or TLS from the start on port 465.

The account is named once, after TLS, by one mechanism: a wrong password counts as one failure at the server.
`StorageError` means that the message was not taken over; `Remise` says what the server made of it.
"""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

from fse.base.errors import StorageError
from fse.infra.transport.message import check_addresses
from fse.infra.transport.smtp_client import Client, answer_code, connect, speaking
from fse.infra.transport.tls import Serveur, check_credentials, connecting, tls_context, unavailable

Resultat = Literal["accepte", "differe", "refuse", "incertain"]

_DETAILS: dict[Resultat, str] = {
    "accepte": "Le serveur de messagerie a pris le message en charge.",
    "differe": "Le serveur de messagerie ne peut pas prendre le message pour l'instant.",
    "refuse": "Le serveur de messagerie refuse le message.",
    "incertain": "La connexion s'est rompue avant la réponse du serveur : le message est peut-être parti.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remise:
    """What came of handing one message over.

    `accepte`: the server answers for it; `differe`: not now (4xx); `refuse`: not so (5xx); `incertain`: it was sent
    and no answer came, so that it may arrive. `code`: what the server answered, as "550 5.1.1", "" without an answer;
    `detail`: a French sentence, without any address nor the text of the server.
    """

    resultat: Resultat
    code: str
    detail: str


class Smtp:
    """One connection for several messages: a context manager; a connection that was lost is made again by `send`.

    Entering connects, checks the certificate and the name, and names the account. Entering and `send` raise
    `StorageError`: `transport.serveur_injoignable`, `transport.serveur_indisponible`, `transport.certificat`,
    `transport.tls`, `transport.starttls` (not offered: nothing is said in clear), `transport.identification`,
    `transport.autorites`; and `UsageError` (`transport.mot_de_passe`, `courrier.adresse`).
    """

    def __init__(self, serveur: Serveur, password: str) -> None:
        self._serveur = serveur
        self._password = password
        self._client: Client | None = None

    def __repr__(self) -> str:
        return f"Smtp({self._serveur!r})"

    def __enter__(self) -> Smtp:
        self._connected()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        try:
            if kind is None:
                client.quit()
        except (smtplib.SMTPException, OSError):
            pass  # every message has had its answer
        finally:
            client.close()

    def send(self, message: bytes, envelope_from: str, recipients: Sequence[str]) -> Remise:
        """Hand one message over to all these recipients, or to none when the server refuses one of them."""
        check_addresses(envelope_from, *recipients)
        client = self._connected()
        client.handing = False
        try:
            with connecting(self._serveur), speaking(self._serveur):
                return self._transact(client, message, envelope_from, recipients)
        except StorageError:
            self._drop()
            if client.handing:
                return Remise(resultat="incertain", code="", detail=_DETAILS["incertain"])
            raise

    def _transact(self, client: Client, message: bytes, envelope_from: str, recipients: Sequence[str]) -> Remise:
        client.patience = self._serveur.delai
        code, text = client.mail(envelope_from, [f"size={len(message)}"] if client.has_extn("size") else [])
        for recipient in recipients:
            if code // 100 == 2:
                code, text = client.rcpt(recipient)
        if code // 100 == 2:
            client.patience = self._serveur.delai_final
            try:
                code, text = client.data(message)
            except smtplib.SMTPDataError as error:  # the server does not want the message: nothing of it left
                code, text = error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b""
            client.patience = self._serveur.delai
        return self._outcome(client, code, text)

    def _outcome(self, client: Client, code: int, text: bytes) -> Remise:
        """What the last answer means; afterwards the connection is ready for another message, or closed."""
        kinds: dict[int, Resultat] = {2: "accepte", 4: "differe", 5: "refuse"}
        kind = kinds.get(code // 100)
        if kind is None:  # `send` makes it `incertain` when the message has left
            raise unavailable(self._serveur)
        if code == 421:
            self._drop()
        elif kind != "accepte":
            self._reset(client)
        return Remise(resultat=kind, code=answer_code(code, text), detail=_DETAILS[kind])

    def _reset(self, client: Client) -> None:
        try:
            client.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connected(self) -> Client:
        if self._client is None:
            check_credentials(self._serveur, self._password)
            context = tls_context(self._serveur)
            with connecting(self._serveur):
                self._client = connect(self._serveur, self._password, context)
        return self._client


def send(serveur: Serveur, password: str, message: bytes, envelope_from: str, recipients: Sequence[str]) -> Remise:
    """Hand one message over on a connection of its own. Raises as `Smtp`."""
    with Smtp(serveur, password) as smtp:
        return smtp.send(message, envelope_from, recipients)
