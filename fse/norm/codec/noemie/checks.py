"""Counts and sums of a NOEMIE return, checked while its rows go by (noemie.md 1.3 bis).

How 990 and 999 count is our reading of the norm (`counting`): on a file made by us (program `FSE` in its envelope) a
mismatch is an error that sets it aside, on any other it is a warning that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fse.base.findings import Finding, finding
from fse.norm.codec.checking import amount, envelope_differences, row_place, shown
from fse.norm.codec.noemie.counting import (
    COUNTED,
    GENERATION,
    LOTS,
    LOTS_MAX,
    PART_ENTITIES,
    PAYING,
    TRANSFERS,
    level_identification,
    paid,
)
from fse.norm.codec.noemie.coverage import Coverage, uncovered_fields
from fse.norm.codec.noemie.providers import NAMING, PLACES, Providers
from fse.norm.layout import Edition, EntityRow, FileEnd, Value

__all__ = ["MADE_BY_US", "NoemieChecks", "checks_of", "uncovered_fields"]

MADE_BY_US = "FSE"


class NoemieChecks:
    """Follows one logical file: the open group of a transfer, the sums of the file, the providers it names."""

    def __init__(self) -> None:
        self._head: EntityRow | None = None
        self._trailer: EntityRow | None = None
        self._group: EntityRow | None = None
        self._opener = "071"
        self._groups = 0
        self._count = self._sum = self._total = 0
        self._parts: set[str] = set()
        self._lots: set[tuple[str, Value, Value]] = set()
        self._generations: set[frozenset[str]] = set()
        self._met: set[str] = set()
        """The types of entities gone by."""
        self._providers = Providers()
        self._coverage = Coverage()

    def row(self, row: EntityRow) -> Iterable[Finding]:
        if row.layout is not None:
            return self._known(row)
        if row.type in COUNTED:
            self._counted(row)
        return ()

    def end(self, end: FileEnd) -> Iterator[Finding]:
        yield from self._unclosed()
        row = self._trailer
        if row is None:
            return
        lots = len({lot for lot in self._lots if isinstance(lot[1], int)})
        yield from self._compare(row, "noemie.nombre", "nombre_enregistrements", end.enregistrements)
        yield from self._compare(row, "noemie.nombre", "nombre_lots", lots)
        yield from self._compare(row, "noemie.somme", "total", self._total)
        if self._head is not None and (different := list(envelope_differences(self._head, row))):
            yield self._mismatch("noemie.enveloppe", row, champs=", ".join(different))
        if end.edition is not None:
            yield finding("noemie.non_couvert", row_place(row), zones=self._coverage.missing(end.edition))

    def _known(self, row: EntityRow) -> list[Finding]:
        kind = row.type
        found: list[Finding] = []
        if kind not in self._met or kind == "250":  # what a 250 is depends on its operation too
            self._met.add(kind)
            self._coverage.see(row)
            found += self._generation(row)
        if kind in PART_ENTITIES:
            found += self._part(row)
        elif kind in COUNTED:
            self._counted(row)
            self._parts.clear()
        elif kind == "990":
            found += self._close(row)
        elif kind == "999":
            self._trailer = row
        if kind in NAMING:
            found += self._named(row)
        if kind in LOTS and len(self._lots) < LOTS_MAX:
            self._lots.add((self._providers.numero, row.valeurs["numero_lot"], row.valeurs["date_lot"]))
        if kind in PAYING and (brought := paid(row)):
            self._sum += brought
            self._group = self._group or row
        return found

    def _named(self, row: EntityRow) -> Iterator[Finding]:
        """An entity that opens a level: the file, a payee, a transfer, a place or a lot."""
        self._providers.see(row)
        if row.type in TRANSFERS:
            yield from self._unclosed()
            self._groups += 1
            self._group, self._opener = row, row.type
        elif row.type in PLACES and self._providers.differ:
            yield finding("noemie.prestataires_differents", row_place(row))
        elif row.type == "000":
            self._head = row

    def _generation(self, row: EntityRow) -> Iterator[Finding]:
        """A generation not seen yet: noticed once a file, where the second one starts."""
        one = GENERATION.get(row.type)
        if one is None or one in self._generations:
            return
        if self._generations:
            yield finding("noemie.generations_melees", row_place(row), type=row.type)
        self._generations.add(one)

    def _counted(self, row: EntityRow) -> None:
        self._count += 1
        self._group = self._group or row

    def _part(self, row: EntityRow) -> tuple[Finding, ...]:
        """Two of the same part under one invoice: the invoice of the second was lost."""
        self._group = self._group or row
        doubled = row.type in self._parts
        self._parts.add(row.type)
        return (finding("noemie.part_double", row_place(row), type=row.type),) if doubled else ()

    def _close(self, row: EntityRow) -> Iterator[Finding]:
        announced = row.valeurs["identification_niveau"]
        expected = level_identification(self._opener, self._groups)
        if announced != expected:
            yield self._mismatch("noemie.niveau", row, annonce=shown(announced), trouve=expected)
        group = f"virement n° {self._groups} : "
        yield from self._compare(row, "noemie.nombre", "nombre", self._count, group)
        yield from self._compare(row, "noemie.somme", "somme", self._sum, group)
        self._total += amount(row.valeurs["somme"])
        self._group = None
        self._count = self._sum = 0
        self._parts = set()

    def _unclosed(self) -> Iterator[Finding]:
        """The group that no 990 has closed before the next one or the end."""
        if self._group is not None:
            yield self._mismatch("noemie.cloture_absente", self._group)
        self._group = None
        self._count = self._sum = 0

    def _compare(self, row: EntityRow, code: str, nom: str, found: int, group: str = "") -> Iterator[Finding]:
        announced = row.valeurs[nom]
        if announced != found:
            label = row.layout.champ(nom).libelle if row.layout else nom
            yield self._mismatch(code, row, nom=f"{group}{label}", annonce=shown(announced), trouve=found)

    def _mismatch(self, code: str, row: EntityRow, **values: object) -> Finding:
        ours = self._head is not None and self._head.valeurs["programme_emetteur"] == MADE_BY_US
        return finding(code if ours else f"{code}_suppose", row_place(row), type=row.type, **values)


def checks_of(edition: Edition) -> NoemieChecks:
    """One for each logical file, whatever its edition."""
    del edition
    return NoemieChecks()
