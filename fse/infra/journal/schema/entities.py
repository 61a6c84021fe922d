"""One table per entity type of an edition, generated from its layouts: `noemie_102`, `noemie_198`…

Nothing here knows a norm: the names come from the edition, the columns from the genres of its fields. Fields marked
`personnel` are left out (architecture, decision 11), and so are fillers and what only frames the entity.
A value that could not be read is null: the archive keeps the bytes, the findings say why. The indexes are those that
the matching asks for (`derived`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sqlalchemy import Column, Connection, MetaData, Table, insert

from fse.base.dates import to_days
from fse.infra.journal.schema.columns import (
    integer,
    key_integer,
    key_text,
    narrow_table,
    optional_integer,
    optional_text,
)
from fse.norm.layout import EntityRow, Field, Layout, Value

_FRAME = frozenset({"type", "niveau", "terminateur"})
_INTEGER_KINDS = frozenset({"entier", "montant", "decimal", "date"})

Cell = str | int | None


class EntityTables:
    """The entity tables of one edition: `famille` prefixes their names, `layouts` gives their columns."""

    def __init__(self, famille: str, layouts: Iterable[Layout]) -> None:
        self.metadata = MetaData()
        self._stored = {
            layout.type: (entity_table(self.metadata, famille, layout), _stored_fields(layout)) for layout in layouts
        }

    def table(self, type: str) -> Table:
        """The table of this entity type. Raises `KeyError`."""
        return self._stored[type][0]

    def insert(self, connection: Connection, cabinet: str, fichier: str, rows: Iterable[EntityRow]) -> int:
        """Insert the rows of one logical file (`fichier`: its SHA-256 in hex); the number of rows inserted.

        Rows of an unknown type have no table: they stay in the archive, and a finding names them.
        """
        batches: dict[str, list[dict[str, Cell]]] = {}
        for row in rows:
            if row.layout is not None and row.type in self._stored:
                cells = row_values(row, self._stored[row.type][1])
                batches.setdefault(row.type, []).append(cells | {"cabinet": cabinet, "fichier": fichier})
        for type_, batch in batches.items():
            connection.execute(insert(self.table(type_)), batch)
        return sum(len(batch) for batch in batches.values())


def entity_table(metadata: MetaData, famille: str, layout: Layout) -> Table:
    """The table of one entity type: a key (cabinet, fichier, rang), the place of the row, then its fields.

    `rang_parent` is 0 when the entity has none; `octet` is the 0-based offset of its first byte in the file read.
    """
    return narrow_table(
        f"{famille}_{layout.type.lower()}",
        metadata,
        key_text("cabinet"),
        key_text("fichier"),
        key_integer("rang"),
        integer("rang_parent"),
        integer("octet"),
        *(_column(field) for field in _stored_fields(layout)),
    )


def row_values(row: EntityRow, fields: Iterable[Field]) -> dict[str, Cell]:
    """The row as columns, without the file it comes from."""
    place: dict[str, Cell] = {"rang": row.rang, "rang_parent": row.rang_parent or 0, "octet": row.octet}
    return place | {field.nom: _cell(row.valeurs.get(field.nom), field) for field in fields}


def _stored_fields(layout: Layout) -> tuple[Field, ...]:
    return tuple(field for field in layout.champs if not (field.personnel or field.is_filler or field.nom in _FRAME))


def _column(field: Field) -> Column[str] | Column[int]:
    return optional_integer(field.nom) if field.genre in _INTEGER_KINDS else optional_text(field.nom)


def _cell(value: Value, field: Field) -> Cell:
    if isinstance(value, (str, int)):
        return value
    if isinstance(value, date):
        return to_days(value)
    if isinstance(value, Decimal):
        return int(value.scaleb(field.decimales))
    return None
