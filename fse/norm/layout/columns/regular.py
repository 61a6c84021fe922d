"""A content read window by window, as long as nothing in it is out of the ordinary.

Framing says where records stand, the tree their ranks and parents, decoding their fields. A window is judged whole
before any of it is given; the first thing that is not regular raises `Irregular`, and the record codec takes over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from fse.base.findings import Place, finding
from fse.norm.layout.columns.decoding import Decoded, Places, RowFindings, decode
from fse.norm.layout.columns.details import DetailRuns
from fse.norm.layout.columns.faces.block import Block, Bytes
from fse.norm.layout.columns.framing import Framing, Section, framing_of
from fse.norm.layout.columns.framing.envelope import heads_in
from fse.norm.layout.columns.framing.opening import edition_of
from fse.norm.layout.columns.framing.window import Window
from fse.norm.layout.columns.irregular import Irregular
from fse.norm.layout.columns.plan import Longs, Plan, plan_of
from fse.norm.layout.columns.table import Batch
from fse.norm.layout.columns.tree import Tree
from fse.norm.layout.edition import Edition
from fse.norm.layout.loading.loader import editions, envelope_pattern
from fse.norm.layout.reader import BETWEEN_FILES

WINDOW = 8 << 20
"""Bytes judged at a time."""
MOST_REREAD = 8192
"""Records of one window that the record codec reads again; when there are more, it may as well read everything."""
_PIECE = 4096
"""Bytes looked at together between files."""


class Span(NamedTuple):
    """What a window holds of one logical file: `content` is uint8, valid until the next window is asked for.

    `octet`: offset in the content of its first byte here. It may start here, and end here.
    """

    ordinal: int
    edition: Edition
    octet: int
    content: Bytes
    starts: bool
    ends: bool


class Judged(NamedTuple):
    """A batch, and which records of its edition in the window its rows are: int64 (n,), 0-based."""

    batch: Batch
    records: Longs


class Given(NamedTuple):
    """What one window gave. `fichier` and `rang` are those of its last record."""

    spans: list[Span]
    judged: list[Judged]
    findings: list[RowFindings]
    reread: int
    fichier: int
    rang: int


class _Files:
    """The files of one edition, one after another; those of the window."""

    def __init__(self, plan: Plan, window: int) -> None:
        self.plan = plan
        self.framing: Framing = framing_of(plan, window)
        self.tree = Tree(plan)
        self.ordinals: list[int] = []

    def placed(self, data: Bytes) -> tuple[Section, dict[int, Longs], dict[int, Places]]:
        """The records of the window, which are of each type, and where these stand. Raises `Irregular`."""
        section = self.framing.section(data)
        types, heads = section.types, section.heads
        where = {code: np.flatnonzero(types == code) for code in np.flatnonzero(np.bincount(types)).tolist()}
        ranks, parents = self.tree.place(types, heads, where)
        firsts = heads if len(heads) == len(self.ordinals) else np.append(0, heads)
        ordinals = np.repeat(np.array(self.ordinals, np.int32), np.diff(firsts, append=len(types)))
        self.ordinals = []
        places = {
            code: Places(ordinals[rows], ranks[rows], parents[code], section.octets[rows])
            for code, rows in where.items()
        }
        return section, where, places


class RegularReading:
    """A content being read. `octet`: what was given stands before it."""

    def __init__(self, chunks: Iterable[bytes], window: int = WINDOW) -> None:
        self._start = _start_of_file()
        if window < 2 * self._start:
            raise ValueError(f"a window has at least {2 * self._start} bytes")
        self._size = window
        self._window = Window(chunks, window)
        self._details: dict[tuple[str, str, str], DetailRuns] = {}
        self._editions: dict[Plan, _Files] = {}
        self._open: _Files | None = None
        self._files = 0
        self._last = (0, 0)
        self.octet = 0

    def windows(self) -> Iterator[Given]:
        """What each window gave, to the end of the content. Raises `Irregular`."""
        while not self._window.at_end:
            self._window.fill()
            taken, spans, findings = self._taken()
            if spans:
                yield self._decoded(spans, findings)
            self._window.take(taken)
            self.octet = self._window.octet

    def _taken(self) -> tuple[int, list[Span], list[RowFindings]]:
        """Bytes used up by the files of this window, what they are, and what is found about them."""
        data, at_end = self._window.data, self._window.at_end
        spans: list[Span] = []
        findings: list[RowFindings] = []
        here = 0
        while True:
            starts = self._open is None
            if self._open is None:
                here += _harmless(data, here)
                if len(data) - here < (1 if at_end else self._start):
                    break
                self._open = self._opened(data, here)
                findings += self._told(here)
            files = self._open
            size, complete = files.framing.take(data, here, self._window.octet, starts=starts, at_end=at_end)
            if not size:
                break
            files.ordinals.append(self._files)
            content = data[here : here + size]
            octet = self._window.octet + here
            spans.append(Span(self._files, files.plan.edition, octet, content, starts, complete))
            here += size
            if complete:
                self._open = None
        heads = [span.octet - self._window.octet for span in spans if span.starts]
        if [head for head in heads_in(data) if head < here] != heads:
            raise Irregular("a file starts inside another")
        if at_end and (self._open is not None or here < len(data) or not self._files):
            raise Irregular("no file, or one that does not end")
        return here, spans, findings

    def _opened(self, data: Bytes, here: int) -> _Files:
        """The edition of the file whose head stands there."""
        start = data[here : here + self._start].tobytes()
        if not envelope_pattern().match(start):
            raise Irregular("bytes outside files")
        edition = edition_of(start)
        if edition is None:
            raise Irregular("no edition reads this file")
        self._files += 1
        plan = plan_of(edition.famille, edition.nom)
        if plan not in self._editions:
            self._editions[plan] = _Files(plan, self._size)
        return self._editions[plan]

    def _told(self, here: int) -> list[RowFindings]:
        """What the start of this file has to say."""
        if self._files != 2:
            return []
        where = Place(octet=self._window.octet + here)
        return [RowFindings(self._files, 0, (finding("cadrage.fichiers_concatenes", where),))]

    def _decoded(self, spans: list[Span], findings: list[RowFindings]) -> Given:
        judged: list[Judged] = []
        reread = 0
        for files in [one for one in self._editions.values() if one.ordinals]:
            plan = files.plan
            section, where, places = files.placed(self._window.data)
            for code, rows in where.items():
                self._last = max(self._last, places[code].last)
                block = Block(plan.layouts[code], _gather(section, code, plan, rows))
                if code == plan.lot:
                    _prove_lots(plan.edition, block)
                decoded = decode(plan.schemas[code], block, places[code], MOST_REREAD - reread)
                if decoded is None:
                    raise Irregular("too many records are not plain")
                self._prove_details(plan, code, places[code], decoded)
                judged.append(Judged(Batch(plan.edition, block.layout, decoded.rows), rows))
                findings = findings + decoded.findings
                reread += decoded.reread
        return Given(spans, judged, sorted(findings, key=lambda one: one[:2]), reread, *self._last)

    def _prove_details(self, plan: Plan, code: int, places: Places, decoded: Decoded) -> None:
        type = plan.types[code]
        detail = plan.edition.details.get(type)
        if detail is not None:
            key = (plan.edition.famille, plan.edition.nom, type)
            self._details.setdefault(key, DetailRuns(detail)).prove(places, decoded.rows)


def _start_of_file() -> int:
    """Bytes that tell the edition of a file: its head and the header of its first lot, a line end between them."""
    return max(2 * edition.longueur + len(b"\r\n") for edition in editions())


def _harmless(data: Bytes, here: int) -> int:
    """How many of the next bytes say nothing."""
    start = here
    while piece := data[here : here + _PIECE].tobytes():
        here += len(piece) - len(piece.lstrip(BETWEEN_FILES))
        if piece.strip(BETWEEN_FILES):
            break
    return here - start


def _gather(section: Section, code: int, plan: Plan, rows: Longs) -> Bytes:
    """The bytes of these records of one type, one a row: uint8 (n, length), a copy."""
    length = plan.layouts[code].longueur
    source = section.envelopes if code in (plan.head, plan.tail) else section.source
    everywhere = np.ndarray((len(source) - length + 1,), f"V{length}", source, strides=(1,))
    return everywhere[section.starts[rows]].view(np.uint8).reshape(len(rows), length)


def _prove_lots(edition: Edition, block: Block) -> None:
    """The headers of lots name the edition of the file."""
    fields = [block.layout.champ(condition.champ) for condition in edition.reconnaissance_lot]
    if not fields:
        return
    texts = np.concatenate([block.view(field) for field in fields], axis=1)
    _, distinct = np.unique(texts, axis=0, return_index=True)
    if not all(edition.agrees_with_lot(block.matrix[row].tobytes()) for row in distinct.tolist()):
        raise Irregular("the header of a lot names another edition")
