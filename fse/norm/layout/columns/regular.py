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
from fse.norm.layout.columns.framing.envelope import heads_in
from fse.norm.layout.columns.framing.physical import Pool, Section, framing_of
from fse.norm.layout.columns.framing.window import Window
from fse.norm.layout.columns.irregular import Irregular
from fse.norm.layout.columns.plan import Codes, Longs, Plan, plan_of
from fse.norm.layout.columns.table import Batch
from fse.norm.layout.columns.tree import Tree
from fse.norm.layout.edition import Edition
from fse.norm.layout.items import FileStart
from fse.norm.layout.loading.loader import editions, envelope_pattern
from fse.norm.layout.reader import BETWEEN_FILES, read

WINDOW = 4 << 20
"""Bytes judged at a time."""
MOST_REREAD = 8192
"""Records of one window that the record codec reads again; when there are more, it may as well read everything."""
_SLACK = 1 << 16
"""Bytes that the pool of a window holds besides the window: what was left of an entity, what is looked at behind it."""
_PIECE = 4096
"""Bytes looked at together between files."""


class Given(NamedTuple):
    """What one window gave. `fichier` and `rang` are those of its last record."""

    batches: list[Batch]
    findings: list[RowFindings]
    reread: int
    fichier: int
    rang: int


class _File:
    """One logical file on its way."""

    def __init__(self, plan: Plan, ordinal: int) -> None:
        self.plan = plan
        self.ordinal = ordinal
        self.framing = framing_of(plan)
        self.tree = Tree(plan)


class _Group(NamedTuple):
    """The records of one edition in one window: where they start in `source`, and their places in the content."""

    source: Bytes
    starts: Longs
    types: Codes
    places: Places


class RegularReading:
    """A content being read. `octet`: what was given stands before it."""

    def __init__(self, chunks: Iterable[bytes], window: int = WINDOW) -> None:
        self._start = _start_of_file()
        if window < 2 * self._start:
            raise ValueError(f"a window has at least {2 * self._start} bytes")
        self._window = Window(chunks, window)
        self._pool = Pool(window + _SLACK)
        self._details: dict[tuple[str, str, str], DetailRuns] = {}
        self._file: _File | None = None
        self._files = 0
        self._last = (0, 0)
        self.octet = 0

    def windows(self) -> Iterator[Given]:
        """What each window gave, to the end of the content. Raises `Irregular`."""
        while not self._window.at_end:
            self._window.fill()
            taken, groups, findings = self._records()
            if groups:
                yield self._decoded(groups, findings)
            self._window.take(taken)
            self.octet = self._window.octet

    def _records(self) -> tuple[int, dict[Plan, _Group], list[RowFindings]]:
        """Bytes used up by the records of this window, these records by edition, and what is found about files."""
        data, at_end = self._window.data, self._window.at_end
        pieces: dict[Plan, list[tuple[Section, Places]]] = {}
        findings: list[RowFindings] = []
        heads: list[int] = []
        here = 0
        self._pool.clear()
        while True:
            if self._file is None:
                here += _harmless(data, here)
                if len(data) - here < (1 if at_end else self._start):
                    break
                heads.append(here)
                self._file = self._opened(data, here)
                findings += self._told(here)
            file = self._file
            taken = file.framing.take(data, here, self._window.octet, self._pool, at_end=at_end)
            if taken.section is None:
                break
            pieces.setdefault(file.plan, []).append((taken.section, self._placed(file, taken.section)))
            here += taken.size
            if taken.complete:
                self._file = None
        if [head for head in heads_in(data) if head < here] != heads:
            raise Irregular("a file starts inside another")
        if at_end and (self._file is not None or here < len(data) or not self._files):
            raise Irregular("no file, or one that does not end")
        return here, {plan: _joined(sections) for plan, sections in pieces.items()}, findings

    def _opened(self, data: Bytes, here: int) -> _File:
        """The file whose head stands there."""
        start = data[here : here + self._start].tobytes()
        if not envelope_pattern().match(start):
            raise Irregular("bytes outside files")
        edition = next(item.edition for item in read([start]) if isinstance(item, FileStart))
        if edition is None:
            raise Irregular("no edition reads this file")
        self._files += 1
        return _File(plan_of(edition.famille, edition.nom), self._files)

    def _told(self, here: int) -> list[RowFindings]:
        """What the start of this file has to say."""
        if self._files != 2:
            return []
        where = Place(octet=self._window.octet + here)
        return [RowFindings(self._files, 0, (finding("cadrage.fichiers_concatenes", where),))]

    def _placed(self, file: _File, section: Section) -> Places:
        ranks, parents = file.tree.place(section.types)
        self._last = (file.ordinal, int(ranks[-1]))
        return Places(np.full(len(ranks), file.ordinal), ranks, parents, section.octets)

    def _decoded(self, groups: dict[Plan, _Group], findings: list[RowFindings]) -> Given:
        batches: list[Batch] = []
        reread = 0
        for plan, group in groups.items():
            for code in np.flatnonzero(np.bincount(group.types)).tolist():
                rows = np.flatnonzero(group.types == code)
                block = Block(plan.layouts[code], _gather(group, rows, plan.layouts[code].longueur))
                if code == plan.lot:
                    _prove_lots(plan.edition, block)
                decoded = decode(plan.schemas[code], block, group.places.at(rows), MOST_REREAD - reread)
                if decoded is None:
                    raise Irregular("too many records are not plain")
                self._prove_details(plan, code, group.places.at(rows), decoded)
                batches.append(Batch(plan.edition, block.layout, decoded.rows))
                findings = findings + decoded.findings
                reread += decoded.reread
        return Given(batches, sorted(findings, key=lambda one: one[:2]), reread, *self._last)

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


def _joined(sections: list[tuple[Section, Places]]) -> _Group:
    first = sections[0][0]
    if len(sections) == 1:
        return _Group(first.source, first.starts, first.types, sections[0][1])
    starts, types = (np.concatenate([section[one] for section, _ in sections]) for one in (1, 3))
    places = Places(*(np.concatenate(column) for column in zip(*(one for _, one in sections), strict=True)))
    return _Group(first.source, starts, types, places)


def _gather(group: _Group, rows: Longs, length: int) -> Bytes:
    """The bytes of these records, one a row: uint8 (n, length), a copy."""
    everywhere = np.ndarray((len(group.source) - length + 1,), f"V{length}", group.source, strides=(1,))
    return everywhere[group.starts[rows]].view(np.uint8).reshape(len(rows), length)


def _prove_lots(edition: Edition, block: Block) -> None:
    """The headers of lots name the edition of the file."""
    fields = [block.layout.champ(condition.champ) for condition in edition.reconnaissance_lot]
    if not fields:
        return
    texts = np.concatenate([block.view(field) for field in fields], axis=1)
    _, distinct = np.unique(texts, axis=0, return_index=True)
    if not all(edition.agrees_with_lot(block.matrix[row].tobytes()) for row in distinct.tolist()):
        raise Irregular("the header of a lot names another edition")
