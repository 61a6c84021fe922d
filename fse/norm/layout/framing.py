"""Physical framing: chunks of bytes to raw records and entities, before any field is read.

Two framings exist, chosen by the manifest. *Fixed*: every physical record is a record. *Stream*: the head and the
tail are records; between them each physical record is one flag byte and a payload, the payloads make one stream,
and the stream is cut into entities by their known lengths and their terminator at its fixed place.

Tolerant: line ends after every physical record (the first one found decides which), bytes outside files, several
files in one container, unknown entities, a trailer that is missing. Each is reported by a finding code.
"""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from fse.norm.layout.edition import Edition, Stream
from fse.norm.layout.items import Framing
from fse.norm.layout.loader import envelope_pattern
from fse.norm.layout.source import ByteSource

_LINE_ENDS = (b"\r\n", b"\n", b"\r")
_UNKNOWN_MAX = 65536


@dataclass(frozen=True, slots=True)
class Raw:
    """The bytes of one record or entity. `type` is `None` when no layout knows it."""

    octet: int
    brut: bytes
    type: str | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A framing finding to be, at a byte offset."""

    code: str
    octet: int


Piece = Raw | Framing | Trouble


class PhysicalFile:
    """One logical file being read: its physical records, their digest, and whether its trailer was met."""

    def __init__(self, source: ByteSource, edition: Edition) -> None:
        self._source = source
        self._edition = edition
        self._line_end: bytes | None = None
        self._lost = False
        self._digest = hashlib.sha256()
        self.records = 0
        self.complete = False

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def pieces(self) -> Iterator[Piece]:
        """The pieces of this file, in order; stops after its trailer, or where it visibly breaks off."""
        if self._edition.stream is None:
            yield from self._fixed()
        else:
            yield from self._stream(self._edition.stream)
        if not self.complete:
            yield Trouble("cadrage.fin_absente", self._source.offset)

    def _fixed(self) -> Iterator[Piece]:
        for piece in self._physical():
            if not isinstance(piece, Raw):
                yield piece
                continue
            kind = self._edition.type_of(piece.brut) if len(piece.brut) == self._edition.longueur else None
            self._lost = self._lost or kind is None
            self.complete = kind == self._edition.pied
            yield Raw(piece.octet, piece.brut, kind)

    def _stream(self, stream: Stream) -> Iterator[Piece]:
        cutter = EntityCutter(self._edition, stream)
        closed = False
        for piece in self._physical():
            if not isinstance(piece, Raw):
                yield piece
                continue
            kind = self._edition.type_of(piece.brut) if len(piece.brut) == self._edition.longueur else None
            flag = piece.brut[:1]
            if self.records == 1:
                yield Raw(piece.octet, piece.brut, kind)
            elif kind == self._edition.pied and flag not in (stream.suite, stream.dernier):
                if not closed:
                    yield Trouble("cadrage.dernier_absent", piece.octet)
                    yield from cutter.finish()
                yield Raw(piece.octet, piece.brut, kind)
                self.complete = True
            else:
                if closed:
                    yield Trouble("cadrage.apres_dernier", piece.octet)
                if flag not in (stream.suite, stream.dernier):
                    self._lost = True
                    yield Trouble("cadrage.drapeau", piece.octet)
                yield Framing(piece.octet, flag)
                closed = flag == stream.dernier
                yield from cutter.feed(piece.octet + 1, piece.brut[1:], last=closed)
        if not self.complete:
            yield from cutter.finish()

    def _physical(self) -> Iterator[Raw | Framing | Trouble]:
        """Physical records with line ends taken out, until the trailer was met or the file breaks off."""
        length = self._edition.longueur
        while not self.complete:
            window = self._source.peek(2 * length)
            if not window:
                return
            if self.records and envelope_pattern().match(window):
                return
            size = self._record_size(window)
            octet = self._source.offset
            record = self._source.take(size)
            self.records += 1
            self._digest.update(record)
            if size < length:
                self._lost = True
                at_end = not self._source.peek(1)
                yield Trouble("cadrage.tronque" if at_end else "cadrage.enregistrement_court", octet)
            yield Raw(octet, record, None)
            yield from self._skip_line_end()

    def _record_size(self, window: bytes) -> int:
        """Bytes of the next physical record: the full length unless a line end or a new file cuts it short."""
        size = min(self._edition.longueur, len(window))
        if self._line_end:
            early = window.find(self._line_end, 1, size)
            size = early if early > 0 else size
        if self._lost:
            envelope = envelope_pattern().search(window, 1)
            if envelope and envelope.start() < size:
                size = envelope.start()
        return size

    def _skip_line_end(self) -> Iterator[Framing | Trouble]:
        following = self._source.peek(2)
        if self._line_end is None:
            self._line_end = next((end for end in _LINE_ENDS if following.startswith(end)), b"")
            if self._line_end:
                yield Trouble("cadrage.fins_de_ligne", self._source.offset)
        if self._line_end and following.startswith(self._line_end):
            octet = self._source.offset
            yield Framing(octet, self._source.take(len(self._line_end)))


class EntityCutter:
    """Cuts the stream of payloads into entities, and remembers where each byte of it stood in the file."""

    def __init__(self, edition: Edition, stream: Stream) -> None:
        self._edition = edition
        self._terminator = stream.terminateur
        self._padding = stream.bourrage
        self._resume = re.compile(re.escape(stream.terminateur) + rb"(?=[0-9]{5})")
        self._buffer = b""
        self._segments: deque[tuple[int, int]] = deque()
        self._cut = 0
        self._fed = 0

    def feed(self, octet: int, payload: bytes, *, last: bool) -> Iterator[Piece]:
        """The entities that this payload completes. The padding of the last payload is framing."""
        padding = b""
        if last:
            kept = payload.rstrip(self._padding)
            padding = payload[len(kept) :]
            payload = kept
        self._segments.append((self._fed, octet))
        self._fed += len(payload)
        self._buffer += payload
        yield from self._entities(at_end=last)
        if padding:
            yield Framing(octet + len(payload), padding)

    def finish(self) -> Iterator[Piece]:
        """What is left when the stream stops without its last record."""
        yield from self._entities(at_end=True)

    def _entities(self, *, at_end: bool) -> Iterator[Piece]:
        while self._buffer:
            size, kind = self._next(at_end)
            if size == 0:
                return
            octet = self._octet_of(self._cut)
            brut, self._buffer = self._buffer[:size], self._buffer[size:]
            self._cut += size
            yield Raw(octet, brut, kind)

    def _next(self, at_end: bool) -> tuple[int, str | None]:
        """Size and type of the next entity; size 0 when more bytes are needed to tell."""
        kind = self._edition.type_of(self._buffer)
        if kind is not None and kind not in (self._edition.tete, self._edition.pied):
            length = self._edition.layouts[kind].longueur
            if len(self._buffer) < length and not at_end:
                return 0, None
            if self._buffer[length - 1 : length] == self._terminator:
                return length, kind
        resume = self._resume.search(self._buffer)
        if resume:
            return resume.end(), None
        if at_end or len(self._buffer) > _UNKNOWN_MAX:
            return len(self._buffer), None
        return 0, None

    def _octet_of(self, position: int) -> int:
        while len(self._segments) > 1 and self._segments[1][0] <= position:
            self._segments.popleft()
        start, octet = self._segments[0]
        return octet + position - start


def frame(edition: Edition, entities: list[bytes]) -> bytes:
    """The bytes of one file: head, entities and tail, framed as the manifest says."""
    stream = edition.stream
    if stream is None:
        return b"".join(entities)
    content = b"".join(entities[1:-1])
    payload = edition.longueur - 1
    pieces = [content[start : start + payload] for start in range(0, len(content), payload)] or [b""]
    flagged = [stream.suite + piece for piece in pieces[:-1]]
    flagged.append(stream.dernier + pieces[-1].ljust(payload, stream.bourrage))
    return b"".join([entities[0], *flagged, entities[-1]])


def count_records(edition: Edition, entities: list[bytes]) -> int:
    """Physical records that `frame` gives for a head, these entities, and a tail."""
    if edition.stream is None:
        return len(entities) + 2
    payload = edition.longueur - 1
    return max(1, -(-sum(map(len, entities)) // payload)) + 2
