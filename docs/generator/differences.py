"""What an edition changes in the one that it inherits from: records, fields, and tables of the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields as dataclass_fields
from dataclasses import replace

from docs.generator.markdown import code, codes, link, table
from docs.generator.sources import Documented, documented
from docs.generator.wording import positions
from fse.norm.layout import Edition, Field

_TABLES = ("reconnaissance", "reconnaissance_lot", "discriminants", "parents", "succession", "details", "controles")


def described(one: Documented) -> str:
    """The part of a page that says what is not as in the parent; nothing for an edition without one."""
    if one.parent is None:
        return ""
    parent = documented(one.parent)
    here, there = one.layouts, one.parent.layouts
    lines = [f"Whatever is not listed is that of {link(code(parent.name), parent.page)}; its source may be another."]
    if added := [type for type in here if type not in there]:
        lines.append("Records that it adds: " + ", ".join(link(code(type), f"#{type.lower()}") for type in added) + ".")
    if dropped := [type for type in there if type not in here]:
        lines.append(f"Records that it drops: {codes(dropped)}.")
    if restated := [name for name in _TABLES if getattr(one.edition, name) != getattr(one.parent, name)]:
        lines.append(f"Tables of the manifest that it restates: {codes(restated)}.")
    rows = [row for type in here if type in there for row in _changes(type, one.edition, one.parent)]
    changes = table(("Record", "Positions", "Inherited", "Here"), rows) if rows else "No field of a record changes."
    return (
        f"## What differs from {code(parent.edition.nom)}\n\n"
        + "\n".join(f"- {line}" for line in lines)
        + "\n\n"
        + changes
    )


def _changes(type: str, here: Edition, there: Edition) -> Iterator[tuple[str, str, str, str]]:
    """A row for each stretch of positions whose fields differ."""
    ours, theirs = (_of_the_norm(edition.layouts[type].champs) for edition in (here, there))
    changed = sorted({*ours} ^ {*theirs}, key=lambda field: (field.debut, field.fin))
    for first, last in _stretches(changed):
        inside = [[field for field in champs if first <= field.debut <= last] for champs in (theirs, ours)]
        span = f"{first}-{last}" if last > first else str(first)
        yield link(code(type), f"#{type.lower()}"), span, *_compared(*inside)


def _of_the_norm(champs: Iterable[Field]) -> list[Field]:
    """The fields without what only says where they were seen."""
    return [replace(field, source="", confiance="") for field in champs]


def _stretches(champs: Sequence[Field]) -> Iterator[tuple[int, int]]:
    """First and last position of each group of fields that overlap."""
    first, last = 0, 0
    for field in champs:
        if field.debut > last:
            if last:
                yield first, last
            first = field.debut
        last = max(last, field.fin)
    if last:
        yield first, last


def _compared(theirs: list[Field], ours: list[Field]) -> tuple[str, str]:
    """Both sides of a stretch: the names of its fields, or what changes in its only field."""
    if len(theirs) == len(ours) == 1 and theirs[0].nom == ours[0].nom:
        return _attributes(theirs[0], ours[0]), _attributes(ours[0], theirs[0])
    return _names(theirs), _names(ours)


def _names(champs: list[Field]) -> str:
    return ", ".join(f"{positions(field)} {code(field.nom)}" for field in champs) or "—"


def _attributes(field: Field, other: Field) -> str:
    """What a field says otherwise than another of the same name and place."""
    changed = [one.name for one in dataclass_fields(Field) if getattr(field, one.name) != getattr(other, one.name)]
    return f"{code(field.nom)}: " + ", ".join(f"{name} = {getattr(field, name)}" for name in changed)
