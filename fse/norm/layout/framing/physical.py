"""Physical framing: chunks of bytes to raw records and entities, before any field is read; and the way back.

Two framings exist, chosen by the manifest. *Fixed*: every physical record is a record. *Stream*: the head and the
tail are records; between them each physical record is one flag byte and a payload, the payloads make one stream,
and the stream is cut into entities by their known lengths and their terminator at its fixed place.

Tolerant: line ends after physical records, bytes outside files, several files in one container, unknown entities, a
trailer that is missing, records cut short. Each is reported by a finding code. A file never swallows the next one:
a head that reads whole, met inside a record, ends that record, and the file with it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from fse.norm.layout.edition import Edition, Stream
from fse.norm.layout.framing.entities import EntityCutter
from fse.norm.layout.framing.pieces import Piece, Raw, Trouble
from fse.norm.layout.framing.source import ByteSource
from fse.norm.layout.items import Framing
from fse.norm.layout.loading.loader import envelope_pattern

_LINE_END = b"\r\n"
_ANY_LINE_END = re.compile(rb"[\r\n]")
_AHEAD = 256
"""Records looked at together for what may part them."""


class PhysicalFile:
    """One logical file being read: its physical records, their digest, and whether its trailer was met."""

    def __init__(self, source: ByteSource, edition: Edition, known: tuple[Edition, ...]) -> None:
        self._source = source
        self._edition = edition
        self._known = known
        self._envelope = envelope_pattern()
        self._line_end = b""
        self._digest = hashlib.sha256()
        self.records = 0
        self.complete = False

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def pieces(self) -> Iterator[Piece]:
        """The pieces of this file, in the order of their first bytes; stops after its trailer, or where it breaks."""
        if self._edition.stream is None:
            yield from self._fixed()
        else:
            cutter = EntityCutter(self._edition, self._edition.stream)
            yield from _in_file_order(self._stream(self._edition.stream, cutter), cutter)
        if not self.complete:
            yield Trouble("cadrage.fin_absente", self._source.offset)

    def _fixed(self) -> Iterator[Piece]:
        for piece in self._physical():
            if isinstance(piece, Raw):
                kind = self._type_of(piece)
                self.complete = kind == self._edition.pied
                yield Raw(piece.octet, piece.brut, kind, piece.cut)
            else:
                yield piece

    def _stream(self, stream: Stream, cutter: EntityCutter) -> Iterator[Piece]:
        flags = (stream.suite, stream.dernier)
        closed = shifted = False
        for piece in self._physical():
            if not isinstance(piece, Raw):
                yield piece
                continue
            flag = piece.brut[:1]
            if self.records == 1:
                whole = len(piece.brut) == self._edition.longueur
                yield Raw(piece.octet, piece.brut, self._edition.tete if whole else None, piece.cut)
            elif flag not in flags and self._type_of(piece) == self._edition.pied:
                if not closed:
                    yield Trouble("cadrage.dernier_absent", piece.octet)
                    yield from cutter.finish()
                self.complete = True
                yield Raw(piece.octet, piece.brut, self._edition.pied)
            elif closed and len(piece.brut) < self._edition.longueur:
                yield Raw(piece.octet, piece.brut, None, piece.cut)
            else:
                if closed:
                    yield Trouble("cadrage.apres_dernier", piece.octet)
                if flag not in flags and not shifted:
                    shifted = True
                    yield Trouble("cadrage.drapeau", piece.octet)
                yield Framing(piece.octet, flag)
                closed = flag == stream.dernier
                yield from cutter.feed(piece.octet + 1, piece.brut[1:], last=closed)
        if not self.complete:
            yield from cutter.finish()

    def _type_of(self, piece: Raw) -> str | None:
        return self._edition.type_of(piece.brut) if len(piece.brut) == self._edition.longueur else None

    def _physical(self) -> Iterator[Raw | Framing | Trouble]:
        """Physical records, line ends apart, until the trailer was met, a new file starts, or nothing is left."""
        length = self._edition.longueur
        while not self.complete and (window := self._source.peek(2 * length)):
            if alone := self._alone():
                yield from self._records(alone)
                continue
            if self.records and self._opens_file(window):
                return
            octet = self._source.offset
            record = self._source.take(self._record_size(window))
            self.records += 1
            self._digest.update(record)
            if len(record) < length:
                at_end = not self._source.peek(1)
                yield Trouble("cadrage.tronque" if at_end else "cadrage.enregistrement_court", octet)
            yield Raw(octet, record, None, len(record) < length)
            if not self.complete:
                yield from self._line_ends()

    def _alone(self) -> int:
        """How many of the next records are whole, and neither hold the head of a file nor stand by a line end."""
        if not self.records or self._line_end:
            return 0
        length = self._edition.longueur
        window = self._source.peek(_AHEAD * length)
        envelope = self._envelope.search(window)
        whole = envelope.start() // length if envelope else len(window) // length - 1  # a head may stand across the end
        line_end = _ANY_LINE_END.search(window[length::length])
        return max(0, min(whole, line_end.start()) if line_end else whole)

    def _records(self, number: int) -> Iterator[Raw]:
        """The next records, as they are, until the trailer was met."""
        length = self._edition.longueur
        for _ in range(number):
            octet = self._source.offset
            record = self._source.take(length)
            self.records += 1
            self._digest.update(record)
            yield Raw(octet, record, None)
            if self.complete:
                return

    def _record_size(self, window: bytes) -> int:
        """Bytes of the next physical record: the full length unless a line end or a new file cuts it short.

        Which line end the file has is known from its first record on: any one cuts that one.
        """
        size = min(self._edition.longueur, len(window))
        envelope = self._envelope.search(window, 1)
        while envelope and envelope.start() < size:
            if self._is_head(window[envelope.start() :]):
                size = envelope.start()
            envelope = self._envelope.search(window, envelope.start() + 1)
        if self._line_end:
            early = window.find(self._line_end, 1, size + len(self._line_end) - 1)
            size = early if early > 0 else size
        elif not self.records and (line_end := _ANY_LINE_END.search(window, 1, size)):
            size = line_end.start()
        return size

    def _opens_file(self, window: bytes) -> bool:
        """Another file starts at this boundary. In a stream `0` is a flag too: there only a sure head will do."""
        if self._envelope.match(window) is None:
            return False
        return self._edition.stream is None or self._is_head(window)

    def _is_head(self, window: bytes) -> bool:
        return any(edition.surely_opens(window) for edition in self._known)

    def _line_ends(self) -> Iterator[Framing | Trouble]:
        """The line ends at this boundary. The first ones met tell what a record cut short ends with."""
        while self._source.peek(1) in (b"\r", b"\n"):
            following = self._source.peek(3 * self._edition.longueur)
            run = len(following) - len(following.lstrip(_LINE_END))
            if not self._line_end:
                if not self._starts_record(following[run:]) and self._starts_record(
                    following[self._edition.longueur :]
                ):
                    return  # the first byte of a record, damaged: the next one stands where it should
                self._line_end = _LINE_END if following.startswith(_LINE_END) else following[:1]
                yield Trouble("cadrage.fins_de_ligne", self._source.offset)
            octet = self._source.offset
            yield Framing(octet, self._source.take(run))

    def _starts_record(self, window: bytes) -> bool:
        """These bytes start as a physical record does."""
        stream = self._edition.stream
        if stream is not None and window[:1] in (stream.suite, stream.dernier):
            return True
        kind = self._edition.type_of(window[: self._edition.longueur])
        return kind is not None and (stream is None or kind == self._edition.pied)


def _in_file_order(pieces: Iterator[Piece], cutter: EntityCutter) -> Iterator[Piece]:
    """The same pieces, framing that an entity straddles after this entity: it starts before."""
    held: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Raw):
            yield piece
            limit = cutter.open_octet if held else None
            while held and (limit is None or held[0].octet < limit):
                yield held.pop(0)
        elif cutter.open_octet is None:
            while held and held[0].octet < piece.octet:
                yield held.pop(0)
            yield piece
        else:
            held.append(piece)
    yield from held


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
