"""Chunks of bytes seen as one stream that can be looked at before it is taken. Memory is bounded by the look-ahead."""

from __future__ import annotations

from collections.abc import Iterable


class ByteSource:
    """A pull reader over chunks of any size; `offset` is the 0-based position of the next byte."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""
        self._position = 0
        self.offset = 0

    def peek(self, length: int) -> bytes:
        """The next bytes without taking them; fewer than `length` only at the end."""
        if len(self._buffer) - self._position < length:
            self._fill(length)
        return self._buffer[self._position : self._position + length]

    def take(self, length: int) -> bytes:
        """The next bytes, taken."""
        data = self.peek(length)
        self._position += len(data)
        self.offset += len(data)
        return data

    def _fill(self, length: int) -> None:
        parts = [self._buffer[self._position :]]
        size = len(parts[0])
        while size < length:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            parts.append(bytes(chunk))
            size += len(chunk)
        self._buffer = b"".join(parts)
        self._position = 0
