"""CFONB 120 cut into records: one a line or without any line end, and what stands around them left aside.

Each statement, from its opening balance to its closing one, is a logical file. Where records follow without line ends,
what is no record is skipped up to the next opening balance. No field is read here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from fse.base.findings import Place, finding
from fse.norm.layout import Edition, FileEnd, FileStart, Framing, Item, load_edition
from fse.norm.layout.framing.pieces import Raw
from fse.norm.layout.framing.source import ByteSource
from fse.norm.layout.reader import BETWEEN_FILES
from fse.norm.layout.tree import Tree

EDITION = ("cfonb", "cfonb120")

_LINE_END = re.compile(rb"[\r\n]")
_BANNER_MAX = 4096
"""Bytes of one line that is no record; a longer one comes in several pieces."""


def recognises(window: bytes) -> bool:
    """True when a statement opens somewhere in these bytes."""
    edition = load_edition(*EDITION)
    return next(_heads(edition, window, 0), None) is not None


def read(chunks: Iterable[bytes]) -> Iterator[Item]:
    """The items of a content of CFONB 120, in order; memory is bounded, whatever the bytes."""
    return _Statements(load_edition(*EDITION), ByteSource(chunks)).items()


def _heads(edition: Edition, window: bytes, start: int) -> Iterator[int]:
    """Where an opening balance stands whole in these bytes."""
    mark = edition.tete.encode("ascii")
    place = window.find(mark, start)
    while 0 <= place <= len(window) - edition.longueur:
        record = window[place : place + edition.longueur]
        if _LINE_END.search(record) is None and edition.recognises(record):
            yield place
        place = window.find(mark, place + 1)


class _Statements:
    """The statements of a content, one after another."""

    def __init__(self, edition: Edition, source: ByteSource) -> None:
        self._edition = edition
        self._source = source
        self._ordinal = 0
        self._open: tuple[Tree, FileStart] | None = None
        self._digest = hashlib.sha256()
        self._records = 0
        self._foreign: list[int] = []
        # one by one they would take a second for a hundred thousand
        types = "|".join(map(re.escape, edition.layouts)).encode("ascii")
        self._short_lines = re.compile(
            rb"(?:[\r\n\x1a\x00 ]*+(?!%s)[^\r\n]{1,%d}[\r\n])+" % (types, edition.longueur - 1)
        )

    def items(self) -> Iterator[Item]:
        look_ahead = _BANNER_MAX + self._edition.longueur
        while window := self._source.peek(look_ahead):
            size, is_record = self._next(window)
            if is_record:
                yield from self._told()
                yield from self._record(window[:size])
            else:
                yield self._aside(size)
        yield from self._told()
        yield from self._close(complete=False)

    def _next(self, window: bytes) -> tuple[int, bool]:
        """How many bytes the next piece takes, and whether it is a record."""
        length = self._edition.longueur
        blank = len(window) - len(window.lstrip(BETWEEN_FILES))
        if blank:
            return blank, False
        found = _LINE_END.search(window, 0, length + 1)
        line = found.start() if found else min(len(window), length + 1)
        known = self._edition.type_of(window[:length]) is not None
        if line >= length:  # a whole record, when it says what it is or when a line holds it exactly
            if known or (found is not None and line == length) or len(window) == length:
                return length, True
            return self._banner(window), False
        return (line, True) if known else (self._banner(window), False)

    def _banner(self, window: bytes) -> int:
        """Bytes up to the end of the line, or to the next opening balance; several lines, when they are too short."""
        if several := self._short_lines.match(window):
            return several.end()
        found = _LINE_END.search(window, 0, _BANNER_MAX)
        end = found.start() if found else min(len(window), _BANNER_MAX)
        return next(_heads(self._edition, window[: end + self._edition.longueur], 1), end) or 1

    def _aside(self, size: int) -> Framing:
        octet = self._source.offset
        piece = self._source.take(size)
        if piece.strip(BETWEEN_FILES):
            first, size = self._foreign or (octet, 0)
            self._foreign = [first, size + len(piece)]
        return Framing(octet, piece)

    def _told(self) -> Iterator[Item]:
        """What is no record, once for all that stands between two records: a file may be full of it."""
        if self._foreign:
            first, size = self._foreign
            yield finding("banque.ligne_etrangere", Place(octet=first), nombre=size)
            self._foreign = []

    def _record(self, window: bytes) -> Iterator[Item]:
        kind = self._edition.type_of(window)
        if kind == self._edition.tete:
            yield from self._close(complete=False)
        octet = self._source.offset
        record = self._source.take(len(window))
        if self._open is None:
            self._ordinal += 1
            self._open = Tree(self._edition), FileStart(self._ordinal, octet, self._edition)
            self._digest, self._records = hashlib.sha256(), 0
            yield self._open[1]
        tree, _ = self._open
        cut = len(record) < self._edition.longueur
        if cut:
            at_end = not self._source.peek(1)
            yield finding("cadrage.tronque" if at_end else "cadrage.enregistrement_court", Place(octet=octet))
        self._digest.update(record)
        self._records += 1
        yield tree.row(Raw(octet, record, None if cut else kind, cut))
        if kind == self._edition.pied and not cut:
            yield from self._close(complete=True)

    def _close(self, *, complete: bool) -> Iterator[Item]:
        """End the open statement, if any."""
        if self._open is None:
            return
        _, start = self._open
        self._open = None
        octet = self._source.offset
        if not complete:
            yield finding("cadrage.fin_absente", Place(octet=octet))
        yield FileEnd(start.ordinal, octet, self._edition, self._digest.hexdigest(), self._records, complete)
