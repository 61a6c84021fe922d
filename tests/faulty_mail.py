"""Servers that fail on demand: an SMTP frontal (aiosmtpd), a line that is cut, a server that says what it is told.

with frontal(Faults(rcpt="451 4.3.0 later"), identity, password="…") as server: …
with cut_line(mail_servers.pop3_port, after=500) as line: …     # connect to localhost:line.port
"""

from __future__ import annotations

import asyncio
import smtplib
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.mail_certificates import Identity
from tests.mail_servers import MailServers, free_ports

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True, kw_only=True)
class Faults:
    """What goes wrong: an answer instead of the right one at a step, "" for none.

    `data` answers the command DATA, `content` what follows it; `auth` the identification. `drop` cuts the line, without
    an answer, at "mail", "rcpt", "data", or "content": once the message is taken. `slow` seconds pass before each
    answer from MAIL on. `copies` and `keep` say how a message taken is handed on: twice, or cut after so many bytes.
    """

    mail: str = ""
    rcpt: str = ""
    data: str = ""
    content: str = ""
    auth: str = ""
    drop: str = ""
    slow: float = 0.0
    copies: int = 1
    keep: int | None = None
    starttls: bool = True


@dataclass
class Frontal:
    """A running server: its port, the messages it took, how often it was asked for a password."""

    port: int
    taken: list[bytes] = field(default_factory=list)
    tries: int = 0
    connections: int = 0


@contextmanager
def frontal(
    faults: Faults, identity: Identity, *, password: str = "", behind: MailServers | None = None
) -> Iterator[Frontal]:
    """A server with these faults; `behind` gets what it takes (LMTP). Any account with this password enters."""
    state = Frontal(free_ports(1)[0])
    handler = _Handler(faults, state, behind)

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        state.tries += 1
        right = isinstance(data, LoginPassword) and data.password == password.encode()
        if faults.auth:
            return AuthResult(success=False, handled=False, message=faults.auth)
        return AuthResult(success=right, handled=False)

    class Faulty(SMTP):
        async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
            if faults.drop == "data":
                self.transport.abort()
            elif faults.data:
                await self.push(faults.data)
            else:
                await super().smtp_DATA(arg)

    class Listening(Controller):
        def factory(self) -> SMTP:
            state.connections += 1
            return Faulty(self.handler, **self.SMTP_kwargs)

    options: dict[str, Any] = {"tls_context": identity.context()} if faults.starttls else {"auth_require_tls": False}
    controller = Listening(
        handler,
        hostname="127.0.0.1",
        port=state.port,
        authenticator=authenticate,
        data_size_limit=50_000_000,
        **options,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what is asked here
        controller.start()
    state.connections = 0  # it tries itself
    try:
        yield state
    finally:
        controller.stop()


class _Handler:
    def __init__(self, faults: Faults, state: Frontal, behind: MailServers | None) -> None:
        self.faults, self.state, self.behind = faults, state, behind

    async def _step(self, server: SMTP, name: str, answer: str) -> str:
        await asyncio.sleep(self.faults.slow)
        if self.faults.drop == name:
            server.transport.abort()
        return answer

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.faults.mail:
            envelope.mail_from = address
        return await self._step(server, "mail", self.faults.mail or "250 2.1.0 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.faults.rcpt:
            envelope.rcpt_tos.append(address)
        return await self._step(server, "rcpt", self.faults.rcpt or "250 2.1.5 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if not self.faults.content:
            taken = bytes(envelope.original_content or b"")
            self.state.taken.append(taken)
            if self.behind is not None:
                await asyncio.to_thread(self._hand_on, self.behind, envelope.rcpt_tos, taken)
        return await self._step(server, "content", self.faults.content or "250 2.0.0 OK")

    def _hand_on(self, behind: MailServers, recipients: Sequence[str], taken: bytes) -> None:
        with smtplib.LMTP("127.0.0.1", behind.lmtp_port) as client:
            for _ in range(self.faults.copies):
                client.sendmail("", list(recipients), taken[: self.faults.keep])


# --- below SMTP ------------------------------------------------------------------------------------------------------


@dataclass
class Line:
    """A port that leads elsewhere; `down` and `up` count the bytes that the server and the client sent through it."""

    port: int
    down: int = 0
    up: int = 0


@contextmanager
def cut_line(target: int, *, down: int | None = None, up: int | None = None) -> Iterator[Line]:
    """Leads to a port of 127.0.0.1, and is cut when the server sent `down` bytes, or the client `up`."""

    def serve(client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", target)) as server:
            other = threading.Thread(target=_carry, args=(client, server, line, "up", up), daemon=True)
            other.start()
            _carry(server, client, line, "down", down)
            other.join()

    with _listening(serve) as port:
        line = Line(port)
        yield line


def _carry(source: socket.socket, target: socket.socket, line: Line, way: str, limit: int | None) -> None:
    with suppress(OSError):
        while data := source.recv(65_536 if limit is None else min(65_536, limit - getattr(line, way)) or 1):
            if limit is not None and getattr(line, way) + len(data) > limit:
                break
            setattr(line, way, getattr(line, way) + len(data))
            target.sendall(data)
            if limit is not None and getattr(line, way) >= limit:
                break
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


@contextmanager
def told(script: Callable[[socket.socket], None], identity: Identity | None = None) -> Iterator[int]:
    """A server that runs `script` on each connection, after TLS when there is an identity; gives its port."""

    def serve(client: socket.socket) -> None:
        with suppress(OSError):
            if identity is not None:
                with identity.context().wrap_socket(client, server_side=True) as safe:
                    script(safe)
            else:
                with client:
                    script(client)

    with _listening(serve) as port:
        yield port


def answering(*answers: bytes) -> Callable[[socket.socket], None]:
    """A script: the first of these at once, the others one after each line that comes, then silence until the end."""

    def script(client: socket.socket | ssl.SSLSocket) -> None:
        client.sendall(answers[0])
        with client.makefile("rb") as lines:
            for answer in answers[1:]:
                if not lines.readline():
                    return
                client.sendall(answer)
            while lines.readline():
                pass

    return script


@contextmanager
def _listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                client.settimeout(20)
                threads.append(threading.Thread(target=serve, args=(client,), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join(5)
        for one in threads:
            one.join(5)
