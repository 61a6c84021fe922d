"""Any fixed-width file of a known family, recognised by content: entity rows with every finding that the norm allows.

On top of the layout engine this adds the code lists and the checks of each family (counts, sums, keys). A family
without checks of its own is read all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Protocol

from fse.base.findings import Finding, finding
from fse.norm import layout
from fse.norm.codec.cfonb import framing as statements
from fse.norm.codec.checking import row_place
from fse.norm.layout import Edition, EntityRow, Field, FileEnd, FileStart, Item, Layout, Unparsed, Value
from fse.norm.layout.checks import field_place
from fse.norm.referentiels.codes import PACKAGED, CodeLists


class FamilyChecks(Protocol):
    """What a family checks while one of its logical files goes by."""

    def row(self, row: EntityRow) -> Iterable[Finding]:
        """Findings on one row, given those before it. Rows that no layout reads are shown too."""

    def end(self, end: FileEnd) -> Iterator[Finding]:
        """Findings on the whole file."""


class Family(Protocol):
    """The module of the checks of a family."""

    def checks_of(self, edition: Edition, /) -> FamilyChecks:
        """What follows one logical file."""

    def uncovered_fields(self, edition: Edition) -> dict[str, list[str]]:
        """The fields that no count, sum, repetition or seal covers, by record type."""


def _family(famille: str) -> Family | None:
    """Imported with its first file: few contents are of several families."""
    match famille:
        case "arl":
            from fse.norm.codec.arl import checks as arl

            return arl
        case "b2":
            from fse.norm.codec.b2 import checks as b2

            return b2
        case "cfonb":
            from fse.norm.codec.cfonb import checks as cfonb

            return cfonb
        case "noemie":
            from fse.norm.codec.noemie import checks as noemie

            return noemie
    return None


def read(
    chunks: Iterable[bytes], candidates: tuple[Edition, ...] | None = None, codes: CodeLists = PACKAGED
) -> Iterator[Item]:
    """Items of a container, like `fse.norm.layout.read`, with the findings of codes and of the family.

    The code lists `codes` are asked at the date of the file; they are not asked when it cannot be read.
    Raises `UnreadableError` when nothing in it is one of our files.
    """
    checks: FamilyChecks | None = None
    day: date | None = None
    for item in _items(chunks, candidates):
        if isinstance(item, EntityRow):
            if item.rang == 1:
                created = item.valeurs.get("date_creation")
                day = created if isinstance(created, date) else None
            added = () if item.layout is None or day is None else _codes(item, item.layout, day, codes)
            told = checks.row(item) if checks else ()
            found = (*added, *told)
            yield item._replace(constats=item.constats + found) if found else item
            continue
        if isinstance(item, FileStart):
            family = _family(item.edition.famille) if item.edition else None
            checks = family.checks_of(item.edition) if item.edition and family else None
        elif isinstance(item, FileEnd) and checks is not None:
            yield from checks.end(item)
        yield item


_FIRST_LOOK = 65536
"""Bytes in which a bank statement opens, banner included."""


def _items(chunks: Iterable[bytes], candidates: tuple[Edition, ...] | None) -> Iterator[Item]:
    """The items of a content, by the framing that it has: an envelope goes before the first record of a statement."""
    window, whole = look_ahead(chunks, _FIRST_LOOK)
    if candidates is None and not layout.has_envelope(window) and statements.recognises(window):
        return statements.read(whole)
    return layout.read(whole, candidates)


def look_ahead(chunks: Iterable[bytes], length: int) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes of a content (fewer when it is shorter), and all of its chunks."""
    rest = iter(chunks)
    parts: list[bytes] = []
    size = 0
    for chunk in rest:
        parts.append(bytes(chunk))
        size += len(chunk)
        if size >= length:
            break
    return b"".join(parts)[:length], chain(parts, rest)


def uncovered_fields(edition: Edition) -> dict[str, list[str]]:
    """The fields of an edition that no count, sum, repetition or seal covers, by record type."""
    family = _family(edition.famille)
    return family.uncovered_fields(edition) if family else {}


def _codes(row: EntityRow, layout: Layout, day: date, codes: CodeLists) -> Sequence[Finding]:
    """Codes that their list does not hold at the date of the file. What a sign cannot be is no code either."""
    unknown = _unknown(codes, layout, layout.codes_of(row.valeurs), day)
    if not unknown:
        return ()
    found = []
    for field in unknown:
        place = field_place(row_place(row), field, layout.raw(row.brut, field))
        found.append(finding("champ.code_inconnu", place, champ=field.libelle or field.nom, type=row.type))
    return found


@lru_cache(maxsize=4096)
def _unknown(codes: CodeLists, layout: Layout, values: tuple[Value, ...], day: date) -> tuple[Field, ...]:
    """The coded fields of a layout whose code, among these values, is in no list."""
    found = []
    for (field, table), value in zip(layout.coded, values, strict=True):
        code = value.brut if isinstance(value, Unparsed) else value
        if isinstance(code, str) and codes.code_at(table, code, day) is None:
            found.append(field)
    return tuple(found)
