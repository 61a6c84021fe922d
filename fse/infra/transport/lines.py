"""The lines of a server, within a time and a number of bytes for each answer: no server keeps us for ever.

The standard library waits so many seconds for each packet, however few bytes it brings, and takes any number of lines.
"""

from __future__ import annotations

import socket
from time import monotonic


class TooLongError(OSError):
    """The server sends more than it said, or than any server does."""


class Lines:
    """Stands for the file that `smtplib` and `poplib` read lines from. Call `expect` before each answer."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._received = bytearray()
        self._left = 0
        self._until = 0.0

    def expect(self, seconds: float, most: int) -> None:
        """An answer of at most so many bytes, whole within so many seconds."""
        self._left = most
        self._until = monotonic() + seconds

    def readline(self, size: int = -1) -> bytes:
        """One line with its end, cut after `size` bytes; nothing when the connection was closed before it.

        Raises `TimeoutError`, `TooLongError`, `OSError` (also when the connection was closed in the line: what was
        received of it may mean anything).
        """
        searched = 0
        while (end := self._received.find(b"\n", searched)) < 0:
            searched = len(self._received)
            if 0 <= size <= searched:
                break
            data = self._receive()
            if not data and not searched:
                return b""
            if not data:
                raise ConnectionAbortedError
            self._received += data
        end = size if end < 0 or 0 <= size <= end else end + 1
        line = bytes(self._received[:end])
        del self._received[:end]
        self._left -= end
        if self._left < 0:
            raise TooLongError
        return line

    def close(self) -> None:
        """Nothing: the connection is closed by who opened it."""

    def _receive(self) -> bytes:
        if len(self._received) > self._left:
            raise TooLongError
        before, left = self._sock.gettimeout(), self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        try:
            return self._sock.recv(65_536)
        finally:
            self._sock.settimeout(before)
