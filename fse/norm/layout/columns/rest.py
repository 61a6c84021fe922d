"""What is left of a content that is not regular, read with the record codec into batches of the same tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fse.base.findings import Finding
from fse.norm.layout.columns.table import Batch, batch_of_rows, schema_of
from fse.norm.layout.edition import Edition
from fse.norm.layout.items import EntityRow, FileStart
from fse.norm.layout.layout import Layout
from fse.norm.layout.reader import read

_ROWS = 8192
"""Rows kept before they are given."""

Row = tuple[int, Edition, EntityRow]


class Rest:
    """The rows behind the row `given` (ordinal of its file, rank), as batches; (0, 0): all rows.

    `unknown` counts those that no layout reads.
    """

    def __init__(self, given: tuple[int, int]) -> None:
        self._given = given
        self._waiting: list[Row] = []
        self.unknown = 0

    def add(self, ordinal: int, edition: Edition | None, row: EntityRow) -> Iterator[Batch]:
        """The next row of the content. What is given when there are enough."""
        if (ordinal, row.rang) <= self._given:
            return
        if edition is None or row.layout is None:
            self.unknown += 1
            return
        self._waiting.append((ordinal, edition, row))
        if len(self._waiting) == _ROWS:
            yield from self.flush()

    def flush(self) -> Iterator[Batch]:
        """The rows that wait, one batch for each type of each edition."""
        groups: dict[tuple[str, str, str], tuple[Edition, Layout, list[tuple[int, EntityRow]]]] = {}
        for ordinal, edition, row in self._waiting:
            if row.layout is not None:
                key = (edition.famille, edition.nom, row.type)
                groups.setdefault(key, (edition, row.layout, []))[2].append((ordinal, row))
        self._waiting = []
        for edition, layout, members in groups.values():
            yield Batch(edition, layout, batch_of_rows(schema_of(edition, layout), layout, members))


def read_rest(chunks: Iterable[bytes], given: tuple[int, int], rest: Rest) -> Iterator[Batch | Finding]:
    """Batches, and findings behind the row `given` in the order of the content.

    Raises `UnreadableError` when nothing is ours.
    """
    ordinal, edition, behind = 0, None, given == (0, 0)
    for item in read(chunks):
        if isinstance(item, FileStart):
            ordinal, edition = item.ordinal, item.edition
        elif isinstance(item, EntityRow):
            if behind:
                yield from item.constats
            yield from rest.add(ordinal, edition, item)
            behind = behind or (ordinal, item.rang) == given
        elif isinstance(item, Finding) and behind:
            yield item
    yield from rest.flush()
