"""Chunks of bytes seen through a window of one buffer, which is used again and again."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from fse.norm.layout.columns.faces.block import Bytes


class Window:
    """`data` are the next bytes, uint8, valid until `fill`; `octet` is the 0-based offset of the first of them."""

    def __init__(self, chunks: Iterable[bytes], size: int) -> None:
        self._chunks = iter(chunks)
        self._buffer = np.empty(size, np.uint8)
        self._filled = 0
        self._taken = 0
        self._waiting: memoryview = memoryview(b"")
        self.at_end = False
        self.octet = 0

    @property
    def data(self) -> Bytes:
        return self._buffer[self._taken : self._filled]

    def take(self, size: int) -> None:
        """The first `size` bytes are done with."""
        self._taken += size
        self.octet += size

    def fill(self) -> None:
        """Brings bytes in until the buffer is full; `at_end` when there are no more."""
        left = self.data.copy()
        self._buffer[: len(left)] = left
        self._taken, self._filled = 0, len(left)
        while not self.at_end and self._filled < len(self._buffer):
            if not self._waiting:
                chunk = next(self._chunks, None)
                self.at_end = chunk is None
                self._waiting = memoryview(chunk or b"")
            size = min(len(self._waiting), len(self._buffer) - self._filled)
            self._buffer[self._filled : self._filled + size] = np.frombuffer(self._waiting[:size], np.uint8)
            self._filled += size
            self._waiting = self._waiting[size:]
