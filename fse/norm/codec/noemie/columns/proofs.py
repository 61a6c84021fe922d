"""Counts, sums, lots, levels and codes of returns proved by columns: what `NoemieChecks` follows one entity at a time.

A file that is as it should be is proved, and one finding says what its sums do not cover, as for the record checks.
Whatever else it is, it is not proved: the record checks read it, and say what is wrong. Nothing here says it twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from fse.base.findings import Finding, Place, finding
from fse.norm.codec.checking import shared_fields
from fse.norm.codec.noemie.columns.codes import unknown_codes
from fse.norm.codec.noemie.columns.groups import Groups
from fse.norm.codec.noemie.columns.lots import Lot, LotsNamed
from fse.norm.codec.noemie.columns.window import Returns
from fse.norm.codec.noemie.counting import LOTS_MAX, NEWER, OLDER, WITHHELD
from fse.norm.codec.noemie.coverage import Coverage
from fse.norm.layout import Edition, EntityRow, Value
from fse.norm.layout.columns import kept_fields
from fse.norm.layout.columns.regular import Given
from fse.norm.referentiels.codes import CodeLists


class Proved(NamedTuple):
    """One file that ended: what stands in its head, and its one finding; `None` when it is not proved."""

    ordinal: int
    enveloppe: Mapping[str, Value]
    constat: Finding | None


@dataclass(slots=True)
class _File:
    """One file on its way. `physical` counts its bytes; `total` is the sum of what its 990 announce."""

    ordinal: int
    sound: bool = True
    physical: int = 0
    total: int = 0
    enveloppe: dict[str, Value] = field(default_factory=dict)
    day: date | None = None
    lots: set[Lot] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    other_movements: bool = False


class Proofs:
    """Follows the returns of one edition, window by window."""

    def __init__(self, edition: Edition, codes: CodeLists) -> None:
        self._edition = edition
        self._codes = codes
        self._groups = Groups()
        self._lots = LotsNamed()
        self._open: _File | None = None
        head, tail = edition.layouts[edition.tete], edition.layouts[edition.pied]
        self._fields = [one.nom for one in kept_fields(head)]
        self._shared = shared_fields(head, tail)
        self._zones: dict[tuple[frozenset[str], bool], str] = {}

    def see(self, given: Given) -> list[Proved]:
        """The files that end in this window."""
        window = Returns(self._edition, given)
        if not window.spans:
            return []
        files = self._files(window)
        refused = {one.fichier for one in given.findings if one.rang}
        for one in files:
            one.sound &= one.ordinal not in refused
        self._add_up(window, files)
        self._name(window, files)
        for place in unknown_codes(window, [one.day for one in files], self._codes):
            files[place].sound = False
        ended = [one for one, span in zip(files, window.spans, strict=True) if span.ends]
        self._open = None if window.spans[-1].ends else files[-1]
        return self._judged(window, ended)

    def _files(self, window: Returns) -> list[_File]:
        """The files of the window, with what stands in the heads of those that start in it."""
        heads = window.rows.get(self._edition.tete)
        envelopes = [] if heads is None else heads.table.select(self._fields).to_pylist()
        started = [
            _File(span.ordinal, enveloppe=values, day=values["date_creation"])
            for span, values in zip([span for span in window.spans if span.starts], envelopes, strict=True)
        ]
        files = [self._open, *started] if self._open is not None else started
        for one, span in zip(files, window.spans, strict=True):
            one.physical += len(span.content)
        return files

    def _add_up(self, window: Returns, files: list[_File]) -> None:
        """What each 990 announces, and what the file then has to announce."""
        found = self._groups.see(window)
        for place in found.wrong:
            files[place].sound = False
        for place, total in enumerate(found.totals.tolist()):
            files[place].total += total

    def _name(self, window: Returns, files: list[_File]) -> None:
        """Lots, prestataires, types of entities."""
        lots, differing = self._lots.see(window)
        for place in differing:
            files[place].sound = False
        for one, named in zip(files, lots, strict=True):
            one.lots |= named
            one.sound &= len(one.lots) < LOTS_MAX
        for type, rows in window.rows.items():
            for place in window.holding(rows.records):
                files[place].types.add(type)
        movements = window.rows.get("250")
        if movements is not None:
            operations = movements.table.column("operation").to_pylist()
            for place, operation in zip(window.files_of(movements.records).tolist(), operations, strict=True):
                files[place].other_movements |= operation != WITHHELD

    def _judged(self, window: Returns, files: list[_File]) -> list[Proved]:
        """The verdict on the files that end here, each with its tail."""
        tails = window.rows.get(self._edition.pied)
        if tails is None:
            return []
        rows = tails.table.to_pylist()
        return [self._verdict(one, tail) for one, tail in zip(files, rows, strict=True)]

    def _verdict(self, one: _File, tail: dict[str, Any]) -> Proved:
        lots = sum(number is not None for _, number, _ in one.lots)
        announced = (tail["nombre_enregistrements"], tail["nombre_lots"], tail["total"])
        proved = (
            one.sound
            and announced == (one.physical // self._edition.longueur, lots, one.total)
            and all(one.enveloppe[nom] == tail[nom] for nom in self._shared)
            and not (one.types & OLDER and one.types & NEWER)
        )
        constat = None
        if proved:
            place = Place(rang=tail["rang"], octet=tail["octet"], type=self._edition.pied)
            zones = self._uncovered(frozenset(one.types), one.other_movements)
            constat = finding("noemie.non_couvert", place, zones=zones)
        return Proved(one.ordinal, one.enveloppe, constat)

    def _uncovered(self, types: frozenset[str], other_movements: bool) -> str:
        """What the record checks say of a file with these entities."""
        key = types, other_movements
        if key not in self._zones:
            coverage = Coverage()
            values = {"operation": "" if other_movements else WITHHELD}
            for type in types:
                coverage.see(EntityRow(type, 0, None, 0, b"", values, self._edition.layouts[type]))
            self._zones[key] = coverage.missing(self._edition)
        return self._zones[key]
