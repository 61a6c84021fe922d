"""Reads a mailbox: POP3 over TLS. A message leaves it only when it was asked for, and only at the end (QUIT).

One server connection holds the mailbox. Whatever happens on the way (an exception, a cut), the server deletes nothing:
what was read is read again next time, and the caller knows it by its digest.
"""

from __future__ import annotations

import poplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType

from fse.base.errors import StorageError
from fse.infra.transport.lines import Lines
from fse.infra.transport.mime import TAILLE_MAX
from fse.infra.transport.tls import (
    Serveur,
    check_credentials,
    connecting,
    refused,
    tls_context,
    unavailable,
    unreachable,
)

_ANSWER = 8192
_LISTING = 4 * 1024 * 1024
_SLOWEST = 16_384  # bytes a second: a long answer may take longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Depose:
    """A message in the mailbox: its number in this session, its lasting id, its size as the server says it.

    `contenu` is None when it is above the bound: it was not fetched, and somebody has to look at it.
    """

    rang: int
    uidl: str
    taille: int
    contenu: bytes | None = field(repr=False)


class _Client(poplib.POP3_SSL):
    """Reads lines of any length, and no more bytes an answer than expected.

    poplib gives up above 2048 bytes a line and leaves the connection in the middle of one. We write base64, but an
    answer of others may come in 8bit: it must not block the mailbox. The limit of poplib guards memory; this one too.
    """

    _lines: Lines | None = None

    def __init__(self, serveur: Serveur, context: ssl.SSLContext) -> None:
        self._patience = serveur.delai
        try:
            super().__init__(serveur.serveur, serveur.port, timeout=serveur.delai, context=context)
        except BaseException:
            if self._lines is not None:
                self.close()
            raise

    def expect(self, most: int) -> Lines:
        """Call it before each command: its answer has at most so many bytes."""
        if self._lines is None:
            self.file.close()
            self._lines = Lines(self.sock)
        self._lines.expect(self._patience + most / _SLOWEST, most)
        return self._lines

    def _getline(self) -> tuple[bytes, int]:
        line = (self._lines or self.expect(_ANSWER)).readline()
        if not line:
            raise EOFError
        return line.removesuffix(b"\n").removesuffix(b"\r"), len(line)


class Pop3:
    """A mailbox, as a context manager: iterate `messages`, `delete` what is safe elsewhere.

    Entering, `messages` and `delete` raise `StorageError`: `transport.serveur_injoignable` (also: connection cut),
    `transport.serveur_indisponible` (also: mailbox held by another session), `transport.certificat`, `transport.tls`,
    `transport.identification`, `transport.autorites`; and `UsageError` (`transport.mot_de_passe`). Leaving without an
    exception deletes what was asked; `confirme` then says whether the server answered so.
    """

    confirme: bool = False

    def __init__(self, serveur: Serveur, password: str, *, taille_max: int = TAILLE_MAX) -> None:
        self._serveur = serveur
        self._password = password
        self._bound = taille_max
        self._client: _Client | None = None

    def __repr__(self) -> str:
        return f"Pop3({self._serveur!r})"

    def __enter__(self) -> Pop3:
        serveur = self._serveur
        check_credentials(serveur, self._password)
        context = tls_context(serveur)
        with connecting(serveur), self._closing():
            client = self._client = _Client(serveur, context)
            try:
                client.expect(_ANSWER)
                client.user(serveur.compte)
                client.expect(_ANSWER)
                client.pass_(self._password)
            except poplib.error_proto as error:
                raise _login_error(serveur, error) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        client = self._client
        if client is None:
            return
        if kind is None:
            client.expect(_ANSWER)
            with suppress(poplib.error_proto, OSError, EOFError):
                client.quit()
                self.confirme = True
        self._close()

    def messages(self) -> Iterator[Depose]:
        """The messages of the mailbox when the session began, in its order, each fetched when its turn comes."""
        ids: dict[int, str] = {}
        with self._speaking() as client:
            client.expect(_LISTING)
            sizes = _pairs(client.list()[1])
            client.expect(_LISTING)
            with suppress(poplib.error_proto):  # a server may not know it
                ids = _pairs(client.uidl()[1])
        for rank, size in sizes.items():
            bytes_said = int(size) if size.isdecimal() and len(size) < 16 else self._bound + 1
            yield Depose(
                rang=rank,
                uidl=ids.get(rank, ""),
                taille=bytes_said,
                contenu=self._fetch(rank) if bytes_said <= self._bound else None,
            )

    def delete(self, message: Depose) -> None:
        """Ask that a message be deleted; it is when the session ends well."""
        with self._speaking() as client:
            client.expect(_ANSWER)
            client.dele(message.rang)

    def _fetch(self, rank: int) -> bytes:
        with self._speaking() as client:
            client.expect(2 * self._bound + _ANSWER)  # sizes that servers announce are approximate
            lines = client.retr(rank)[1]
        return b"".join(line + b"\r\n" for line in lines)

    @contextmanager
    def _speaking(self) -> Iterator[_Client]:
        """The open connection. What goes wrong on the way closes it, without QUIT, and is a typed error."""
        if self._client is None:
            raise unreachable(self._serveur, "la connexion est coupée")
        with connecting(self._serveur), self._closing():
            yield self._client

    @contextmanager
    def _closing(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self._close()
            if isinstance(error, poplib.error_proto):
                raise unavailable(self._serveur) from error
            raise

    def _close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError):
                client.close()


def _pairs(lines: list[bytes]) -> dict[int, str]:
    """Number and word of each line of LIST or UIDL; a line that is neither is left out."""
    found = {}
    for line in lines:
        number, _, word = line.partition(b" ")
        if number.isdigit() and len(number) < 10:
            found[int(number)] = word.strip().decode("ascii", "replace")
    return found


def _login_error(serveur: Serveur, error: poplib.error_proto) -> StorageError:
    """The codes of RFC 2449 and 3206 tell a busy mailbox from a wrong password."""
    answer = str(error).upper()
    if "[IN-USE]" in answer or "[SYS/" in answer or "[LOGIN-DELAY]" in answer:
        return unavailable(serveur)
    return refused(serveur)
