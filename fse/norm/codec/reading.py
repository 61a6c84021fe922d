"""Any file of a known family, recognised by content: entity rows with every finding that the norm allows to make.

On top of the layout engine this adds the code lists and the checks of each family (counts, sums, keys).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Protocol

from fse.base.findings import Finding, Place, finding
from fse.norm import layout
from fse.norm.codec.b2.checks import B2Checks
from fse.norm.codec.noemie.checks import NoemieChecks
from fse.norm.layout import EntityRow, FileEnd, FileStart, Item
from fse.norm.layout.checks import field_place
from fse.norm.referentiels.codes import code_at


class FamilyChecks(Protocol):
    """What a family checks while one of its logical files goes by."""

    def row(self, row: EntityRow) -> Iterator[Finding]:
        """Findings on one row, given those before it."""

    def end(self, end: FileEnd) -> Iterator[Finding]:
        """Findings on the whole file."""


_CHECKS: dict[str, Callable[[], FamilyChecks]] = {"b2": B2Checks, "noemie": NoemieChecks}


def read(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Items of a container, like `fse.norm.layout.read`, with the findings of codes and of the family.

    Raises `UnreadableError` when nothing in it is one of our files.
    """
    checks: FamilyChecks | None = None
    day: date | None = None
    for item in layout.read(chunks):
        if isinstance(item, FileStart):
            checks = _CHECKS[item.edition.famille]() if item.edition else None
            day = None
        elif isinstance(item, FileEnd):
            if checks is not None:
                yield from checks.end(item)
        elif isinstance(item, EntityRow) and item.layout is not None:
            created = item.valeurs.get("date_creation")
            day = created if isinstance(created, date) else day
            added = [*_codes(item, day), *(checks.row(item) if checks else ())]
            if added:
                item = replace(item, constats=(*item.constats, *added))
        yield item


def _codes(row: EntityRow, day: date | None) -> Iterator[Finding]:
    """Codes that their list does not hold at the date of the file."""
    if row.layout is None or day is None:
        return
    for field in row.layout.champs:
        value = row.valeurs[field.nom]
        if field.table and isinstance(value, str) and code_at(field.table, value, day) is None:
            place = Place(rang=row.rang, octet=row.octet, type=row.type)
            raw = row.layout.raw(row.brut, field)
            yield finding(
                "champ.code_inconnu",
                field_place(place, field, raw),
                champ=field.libelle or field.nom,
                type=row.type,
            )
