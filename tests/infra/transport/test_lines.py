"""The lines of a server, within bounds; the file of the standard library is the oracle."""

from __future__ import annotations

import socket
import time
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.infra.transport.lines import Lines, TooLongError


@given(st.lists(st.binary(max_size=12).map(lambda one: one.replace(b"\n", b"") + b"\n"), max_size=8), st.integers(1, 9))
def test_as_a_file(lines: list[bytes], size: int) -> None:
    ours, other, theirs, another = (*socket.socketpair(), *socket.socketpair())
    with ours, other, theirs, another:
        for one in (other, another):
            one.sendall(b"".join(lines))
            one.shutdown(socket.SHUT_WR)
        read = Lines(ours)
        read.expect(5, 1000)
        with theirs.makefile("rb") as file:
            while line := file.readline(size):
                assert read.readline(size) == line
        assert read.readline(size) == b""


def test_bounds() -> None:
    ours, other = socket.socketpair()
    with closing(ours), closing(other):
        ours.settimeout(9)
        lines = Lines(ours)
        other.sendall(b"abc\nde")
        lines.expect(0.2, 100)
        assert lines.readline() == b"abc\n"
        start = time.monotonic()
        with pytest.raises(TimeoutError):
            lines.readline()
        assert time.monotonic() - start < 2
        assert ours.gettimeout() == 9
        lines.expect(1, 5)
        other.sendall(b"fghij")
        with pytest.raises(TooLongError):
            lines.readline()
        lines.expect(1, 100)
        other.shutdown(socket.SHUT_WR)
        with pytest.raises(ConnectionAbortedError):
            lines.readline()
