"""The tree of the records of an edition, drawn as text, as the tables `parents` and `details` of its manifest say."""

from __future__ import annotations

from collections.abc import Iterator

from docs.generator.wording import limit
from fse.norm.layout import Edition

_GAP = 2


def drawn(edition: Edition) -> str:
    """One line a record, under the first of its parents: its place, its French name, then its other parents and limits,
    in columns.
    """
    lines = list(_branch(edition, edition.tete, "", ""))
    width = max(len(place) for place, _, _ in lines) + _GAP
    labels = max(len(label) for _, label, _ in lines) + _GAP
    return "\n".join(f"{place:<{width}}{label:<{labels}}{remark}".rstrip() for place, label, remark in lines)


def in_order(edition: Edition) -> list[str]:
    """The types of an edition in the order of its tree. Raises `ValueError` when the tree does not reach them all."""
    order = [place.lstrip("│├└─ ") for place, _, _ in _branch(edition, edition.tete, "", "")]
    if missing := set(edition.layouts) - set(order):
        raise ValueError(f"{edition.famille}/{edition.nom}: not in the tree: {sorted(missing)}")
    return order


def _branch(edition: Edition, type: str, head: str, rest: str) -> Iterator[tuple[str, str, str]]:
    """Place, label and remark of a record and of those under it; `rest` opens the lines below its own."""
    yield head + type, edition.layouts[type].libelle, "; ".join(_remarks(edition, type))
    children = [child for child, (first, *_) in edition.parents.items() if first == type]
    for child in children:
        last = child == children[-1]
        yield from _branch(edition, child, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  "))


def _remarks(edition: Edition, type: str) -> Iterator[str]:
    if others := edition.parents.get(type, ())[1:]:
        yield f"or in {', '.join(others)}"
    if type in edition.details:
        yield limit(edition.details[type]).replace("`", "")
