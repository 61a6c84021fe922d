"""Hands messages over to a mail server: SMTP with STARTTLS, or TLS from the start on port 465.

The account is named once, after TLS, by one mechanism: a wrong password counts as one failure at the server.
`StorageError` means that the message was not taken over; `Remise` says what the server made of it.
"""

from __future__ import annotations

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

from fse.base.errors import StorageError
from fse.infra.transport.lines import Lines
from fse.infra.transport.message import check_addresses
from fse.infra.transport.tls import Serveur, check_credentials, connecting, refused, tls_context, unavailable

TLS_PORT = 465
"""Where TLS comes first (RFC 8314); on any other, STARTTLS."""

Resultat = Literal["accepte", "differe", "refuse", "incertain"]

_ANSWER = 65_536  # bytes; the longest answer is a list of extensions
_HELLO = "[127.0.0.1]"  # the machine of a practice has no public name, and its own is nobody's business
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
        self._client: _Client | None = None

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
            with connecting(self._serveur), _speaking(self._serveur):
                return self._transact(client, message, envelope_from, recipients)
        except StorageError:
            self._drop()
            if client.handing:
                return Remise(resultat="incertain", code="", detail=_DETAILS["incertain"])
            raise

    def _transact(self, client: _Client, message: bytes, envelope_from: str, recipients: Sequence[str]) -> Remise:
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

    def _outcome(self, client: _Client, code: int, text: bytes) -> Remise:
        """What the last answer means; afterwards the connection is ready for another message, or closed."""
        kinds: dict[int, Resultat] = {2: "accepte", 4: "differe", 5: "refuse"}
        kind = kinds.get(code // 100)
        if kind is None:  # `send` makes it `incertain` when the message has left
            raise unavailable(self._serveur)
        if code == 421:
            self._drop()
        elif kind != "accepte":
            self._reset(client)
        return Remise(resultat=kind, code=_answer(code, text), detail=_DETAILS[kind])

    def _reset(self, client: _Client) -> None:
        try:
            client.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connected(self) -> _Client:
        if self._client is None:
            check_credentials(self._serveur, self._password)
            context = tls_context(self._serveur)
            with connecting(self._serveur):
                self._client = _connect(self._serveur, self._password, context)
        return self._client


def send(serveur: Serveur, password: str, message: bytes, envelope_from: str, recipients: Sequence[str]) -> Remise:
    """Hand one message over on a connection of its own. Raises as `Smtp`."""
    with Smtp(serveur, password) as smtp:
        return smtp.send(message, envelope_from, recipients)


class _Client(smtplib.SMTP):
    """Knows whether the bytes of a message began to leave (commands are text, a message is bytes).

    Waits `patience` seconds for each whole answer, however slowly it comes.
    """

    handing = False
    patience = 0.0

    def send(self, s: bytes | str) -> None:  # type: ignore[override]
        self.handing = self.handing or isinstance(s, bytes)
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = Lines(self.sock)
        if self.file is not None:
            self.file.expect(self.patience or self.timeout, _ANSWER)
        return super().getreply()


class _TlsClient(_Client, smtplib.SMTP_SSL):
    pass


def _connect(serveur: Serveur, password: str, context: ssl.SSLContext) -> _Client:
    client: _Client | None = None
    try:
        with _speaking(serveur):
            client = _opened(serveur, context)
            if serveur.port != TLS_PORT:
                _starttls(client, serveur, context)
            client.ehlo()
            if serveur.compte:
                _authenticate(client, serveur, password)
    except BaseException:
        if client is not None:
            client.close()
        raise
    return client


def _opened(serveur: Serveur, context: ssl.SSLContext) -> _Client:
    if serveur.port == TLS_PORT:
        return _TlsClient(serveur.serveur, serveur.port, _HELLO, timeout=serveur.delai, context=context)
    return _Client(serveur.serveur, serveur.port, _HELLO, timeout=serveur.delai)


@contextmanager
def _speaking(serveur: Serveur) -> Iterator[None]:
    """Turns what smtplib raises into what the network raised, or into `StorageError`."""
    try:
        yield
    except smtplib.SMTPServerDisconnected as error:
        inner = error.__context__  # smtplib hides a timeout there
        if isinstance(inner, OSError) and not isinstance(inner, smtplib.SMTPException):
            raise inner from error
        raise ConnectionError from error
    except smtplib.SMTPResponseException as error:
        raise unavailable(serveur, str(error.smtp_code)) from error
    except smtplib.SMTPException as error:
        raise unavailable(serveur) from error


def _starttls(client: _Client, serveur: Serveur, context: ssl.SSLContext) -> None:
    client.ehlo()
    try:
        client.starttls(context=context)
    except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException) as error:
        raise StorageError(
            "transport.starttls",
            "Le serveur de messagerie ne propose pas de liaison chiffrée (STARTTLS) : rien ne lui a été envoyé.",
            action="Vérifier le serveur et le port (587, ou 465) dans cabinet.toml.",
            lieu=serveur.lieu,
        ) from error


def _authenticate(client: _Client, serveur: Serveur, password: str) -> None:
    """One try, UTF-8 (RFC 4616): smtplib tries every mechanism in turn, and ASCII only."""
    offered = client.esmtp_features.get("auth", "").upper().split()
    account, secret = serveur.compte.encode(), password.encode()
    if "PLAIN" in offered:
        code, text = client.docmd("AUTH", "PLAIN " + _base64(b"\0" + account + b"\0" + secret))
    elif "LOGIN" in offered:
        code, text = client.docmd("AUTH", "LOGIN")
        for part in (account, secret):
            if code == 334:
                code, text = client.docmd(_base64(part))
    else:
        raise refused(serveur, "il ne propose ni PLAIN ni LOGIN")
    if code // 100 == 4:
        raise unavailable(serveur, _answer(code, text))
    if code != 235:
        raise refused(serveur)


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _answer(code: int, text: bytes) -> str:
    """The code of an answer and its enhanced status (RFC 3463), as "550 5.1.1"."""
    first = text.split(b" ", 1)[0].decode("ascii", "replace")
    digits = first.replace(".", "")
    enhanced = first if first.count(".") == 2 and digits.isascii() and digits.isdigit() and len(first) <= 11 else ""
    return f"{code} {enhanced}".strip()
