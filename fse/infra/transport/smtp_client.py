"""A connection to a mail server: TLS before anything is said, one try to name the account, bounded answers."""

from __future__ import annotations

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from fse.base.errors import StorageError
from fse.infra.transport.lines import Lines
from fse.infra.transport.tls import Serveur, refused, unavailable

TLS_PORT = 465
"""Where TLS comes first (RFC 8314); on any other, STARTTLS."""

_ANSWER = 65_536  # bytes; the longest answer is a list of extensions
_HELLO = "[127.0.0.1]"  # the machine of a practice has no public name, and its own is nobody's business


class Client(smtplib.SMTP):
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


class _TlsClient(Client, smtplib.SMTP_SSL):
    pass


def connect(serveur: Serveur, password: str, context: ssl.SSLContext) -> Client:
    """A connection on which TLS stands and the account was accepted. Raises as `Smtp`, and what the network raises."""
    client: Client | None = None
    try:
        with speaking(serveur):
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


def _opened(serveur: Serveur, context: ssl.SSLContext) -> Client:
    if serveur.port == TLS_PORT:
        return _TlsClient(serveur.serveur, serveur.port, _HELLO, timeout=serveur.delai, context=context)
    return Client(serveur.serveur, serveur.port, _HELLO, timeout=serveur.delai)


@contextmanager
def speaking(serveur: Serveur) -> Iterator[None]:
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


def _starttls(client: Client, serveur: Serveur, context: ssl.SSLContext) -> None:
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


def _authenticate(client: Client, serveur: Serveur, password: str) -> None:
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
        raise unavailable(serveur, answer_code(code, text))
    if code != 235:
        raise refused(serveur)


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def answer_code(code: int, text: bytes) -> str:
    """The code of an answer and its enhanced status (RFC 3463), as "550 5.1.1"."""
    first = text.split(b" ", 1)[0].decode("ascii", "replace")
    digits = first.replace(".", "")
    enhanced = first if first.count(".") == 2 and digits.isascii() and digits.isdigit() and len(first) <= 11 else ""
    return f"{code} {enhanced}".strip()
