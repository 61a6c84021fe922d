"""What the checks of all families share: where a row is, how a value is shown, what two envelopes must agree on."""

from __future__ import annotations

from collections.abc import Iterator

from fse.base.findings import Place
from fse.norm.layout import EntityRow, Layout, Unparsed, Value, printable


def row_place(row: EntityRow) -> Place:
    """The place of a whole row."""
    return Place(rang=row.rang, octet=row.octet, type=row.type)


def amount(value: Value) -> int:
    """Centimes of an amount; 0 when it is absent or was not read, which has a finding of its own."""
    return value if isinstance(value, int) else 0


def shown(value: Value) -> str:
    """A value inside a message: what stands there when it was not read."""
    if isinstance(value, Unparsed):
        return f"« {printable(value.brut)} »"
    return "rien" if value is None else str(value)


def shared_fields(head: Layout, tail: Layout) -> list[str]:
    """The fields that the last record of a file repeats from the first."""
    return [field.nom for field in tail.champs if field.is_input and field.nom in head]


def envelope_differences(head: EntityRow, tail: EntityRow) -> Iterator[str]:
    """French labels of the fields that the last record of a file repeats otherwise than the first wrote them."""
    if head.layout is None or tail.layout is None:
        return
    for nom in shared_fields(head.layout, tail.layout):
        if head.valeurs[nom] != tail.valeurs[nom]:
            yield tail.layout.champ(nom).libelle or nom
