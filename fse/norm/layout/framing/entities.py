"""The stream of payloads of one file cut into entities, by their known lengths and their terminator."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from fse.norm.layout.edition import Edition, Stream
from fse.norm.layout.framing.pieces import Piece, Raw
from fse.norm.layout.items import Framing

_UNKNOWN_MAX = 4096
"""Bytes of one unknown entity; the longest known one has 153. Longer ones come in several pieces."""
_BEHIND = 8
"""Bytes kept back when an unknown entity is cut by its size, so that a terminator among them is still seen whole."""


class EntityCutter:
    """Cuts payloads into entities, and remembers where each byte of them stood in the file.

    A known entity is as long as its layout says, whatever it holds: its text may contain the terminator. An unknown
    one ends at the first terminator behind which an entity seems to start (`Stream.reprise`).
    """

    def __init__(self, edition: Edition, stream: Stream) -> None:
        self._edition = edition
        self._lengths: dict[str | None, int] = {
            kind: layout.longueur
            for kind, layout in edition.layouts.items()
            if kind not in (edition.tete, edition.pied)
        }
        self._terminator = stream.terminateur
        self._padding = stream.bourrage
        self._resume = re.compile(re.escape(stream.terminateur) + b"(?=" + stream.reprise + b")")
        self._buffer = b""
        self._segments: deque[tuple[int, int]] = deque()
        self._cut = 0
        self._fed = 0

    @property
    def open_octet(self) -> int | None:
        """Offset in the file of the entity that waits for its end; `None` when there is none."""
        return self._octet_of(self._cut) if self._buffer else None

    def feed(self, octet: int, payload: bytes, *, last: bool) -> Iterator[Piece]:
        """The entities that this payload completes. The padding of the last payload is framing."""
        kept = payload.rstrip(self._padding) if last else payload
        self._segments.append((self._fed, octet))
        self._fed += len(kept)
        self._buffer += kept
        yield from self._entities(at_end=last)
        if last:
            yield from self._padding_left()
        if len(kept) < len(payload):
            yield Framing(octet + len(kept), payload[len(kept) :])

    def finish(self) -> Iterator[Piece]:
        """What is left when the stream stops without its last record: a cut entity, or padding."""
        for piece in self._entities(at_end=True):
            known = piece.type is None and self._edition.type_of(piece.brut)
            short = known and len(piece.brut) < self._edition.layouts[known].longueur
            yield Raw(piece.octet, piece.brut, piece.type, cut=True) if short and not self._buffer else piece
        yield from self._padding_left()

    def _padding_left(self) -> Iterator[Piece]:
        """The blanks that end the buffer, as they stood in the file: one piece a physical record."""
        left, start = self._buffer, self._cut
        self._buffer = b""
        self._cut += len(left)
        while left:
            octet = self._octet_of(start)
            following = self._segments[1][0] if len(self._segments) > 1 else start + len(left)
            piece, left = left[: following - start], left[following - start :]
            yield Framing(octet, piece)
            start = following

    def _entities(self, *, at_end: bool) -> Iterator[Raw]:
        """The entities that the buffer holds whole, cut from it one by one."""
        while self._buffer.strip(self._padding) if at_end else self._buffer:
            kind = self._edition.type_of(self._buffer)
            size = self._lengths.get(kind, 0)
            if not size or self._buffer[size - 1 : size] != self._terminator:
                size, kind = self._unknown(size, at_end), None
            if not size:
                return
            octet = self._octet_of(self._cut)
            brut, self._buffer = self._buffer[:size], self._buffer[size:]
            self._cut += size
            yield Raw(octet, brut, kind)

    def _unknown(self, size: int, at_end: bool) -> int:
        """Size of the next entity, which no layout reads; 0 when more bytes are needed to tell.

        `size`: that of the known one as which it starts, 0 for none.
        """
        buffer = self._buffer
        if len(buffer) < size and not at_end:
            return 0
        resume = self._resume.search(buffer, 0, _UNKNOWN_MAX + _BEHIND)
        if resume:
            return resume.end()
        if len(buffer) > _UNKNOWN_MAX + _BEHIND:
            return _UNKNOWN_MAX
        return len(buffer) if at_end else 0

    def _octet_of(self, position: int) -> int:
        while len(self._segments) > 1 and self._segments[1][0] <= position:
            self._segments.popleft()
        start, octet = self._segments[0]
        return octet + position - start
