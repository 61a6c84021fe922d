"""The records that repeat under one parent: how many, counted by which field, in which order (`[details]`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from fse.base.findings import Finding, Place, finding
from fse.norm.layout.checks import field_place
from fse.norm.layout.edition import Detail
from fse.norm.layout.layout import Layout
from fse.norm.layout.values import Value


@dataclass(slots=True)
class _Run:
    """The records of one type under one parent so far."""

    parent: int
    count: int = 0
    last: date | None = None


class Details:
    """Follows the records of one file: of each type, those under the parent met last."""

    def __init__(self, details: Mapping[str, Detail]) -> None:
        self._details = details
        self._runs: dict[str, _Run] = {}

    def row(
        self, layout: Layout, record: bytes, parent: int | None, values: Mapping[str, Value], place: Place
    ) -> Iterator[Finding]:
        """The findings of one record, given those before it. One without a parent has a finding of its own."""
        detail = self._details.get(layout.type)
        if detail is None or parent is None:
            return
        run = self._runs.get(layout.type)
        if run is None or run.parent != parent:
            run = self._runs[layout.type] = _Run(parent)
        run.count += 1
        if detail.maximum is not None and run.count == detail.maximum + 1:
            yield finding("structure.trop_nombreux", place, type=layout.type, maximum=detail.maximum)
        if detail.numero is not None:
            yield from _number(layout, record, detail.numero, values, run.count, place)
        if detail.croissant is not None:
            yield from _order(layout, record, detail.croissant, values, run, place)


def _number(
    layout: Layout, record: bytes, nom: str, values: Mapping[str, Value], count: int, place: Place
) -> Iterator[Finding]:
    field = layout.champ(nom)
    value = values[nom]
    number = int(value) if isinstance(value, str) else value
    if isinstance(number, int) and number != count:
        where = field_place(place, field, layout.raw(record, field))
        yield finding("structure.numero_de_detail", where, type=layout.type, annonce=number, trouve=count)


def _order(
    layout: Layout, record: bytes, nom: str, values: Mapping[str, Value], run: _Run, place: Place
) -> Iterator[Finding]:
    day = values[nom]
    if isinstance(day, date):
        if run.last is not None and day < run.last:
            field = layout.champ(nom)
            where = field_place(place, field, layout.raw(record, field))
            yield finding("structure.date_decroissante", where, type=layout.type, champ=field.libelle or nom)
        run.last = day
