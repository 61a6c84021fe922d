"""What is left of a content that is not regular, read with the record codec into batches of the same tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fse.base.findings import Finding
from fse.norm.layout.columns.table import Batch, batch_of_rows, schema_of
from fse.norm.layout.edition import Edition
from fse.norm.layout.items import EntityRow, FileStart, Item
from fse.norm.layout.layout import Layout
from fse.norm.layout.reader import read

_ROWS = 8192
"""Rows kept before they are given."""

Row = tuple[int, Edition, EntityRow]


class Rest:
    """The rows and findings behind the row (`fichier`, `rang`); `unknown` counts the rows that no layout reads."""

    def __init__(self, chunks: Iterable[bytes], fichier: int, rang: int) -> None:
        self._items = read(chunks)
        self._given = (fichier, rang)
        self.unknown = 0

    def read(self) -> Iterator[Batch | Finding]:
        """Batches, and findings in the order of the content. Raises `UnreadableError` when nothing is ours."""
        waiting: list[Row] = []
        for ordinal, edition, item in self._behind():
            if isinstance(item, EntityRow):
                yield from item.constats
                if edition is None or item.layout is None:
                    self.unknown += 1
                    continue
                waiting.append((ordinal, edition, item))
                if len(waiting) == _ROWS:
                    yield from _batches(waiting)
                    waiting = []
            elif isinstance(item, Finding):
                yield item
        yield from _batches(waiting)

    def _behind(self) -> Iterator[tuple[int, Edition | None, Item]]:
        """The items that were not given yet, each with the ordinal and the edition of its file."""
        ordinal, edition, given = 0, None, self._given == (0, 0)
        for item in self._items:
            if isinstance(item, FileStart):
                ordinal, edition = item.ordinal, item.edition
            if given:
                yield ordinal, edition, item
            elif isinstance(item, EntityRow):
                given = (ordinal, item.rang) == self._given


def _batches(rows: list[Row]) -> Iterator[Batch]:
    """The batches of these rows, one for each type of each edition."""
    groups: dict[tuple[str, str, str], tuple[Edition, Layout, list[tuple[int, EntityRow]]]] = {}
    for ordinal, edition, row in rows:
        if row.layout is not None:
            key = (edition.famille, edition.nom, row.type)
            groups.setdefault(key, (edition, row.layout, []))[2].append((ordinal, row))
    for edition, layout, members in groups.values():
        yield Batch(edition, layout, batch_of_rows(schema_of(edition, layout), layout, members))
