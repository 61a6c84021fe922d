"""The Arrow table of one record type: its schema, and the batch of rows that the record codec read.

First where each row stands, then its fields. Fillers and what only frames the record are left out; personal fields are
not: who writes the table decides (`Layout.champ(…).personnel`, and the metadata of each column). A value that does not
read is null, a finding says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from fse.norm.layout.columns.faces.kinds import FACES
from fse.norm.layout.edition import Edition
from fse.norm.layout.fields import Field
from fse.norm.layout.items import EntityRow
from fse.norm.layout.layout import Layout
from fse.norm.layout.values import Unparsed, Value

PLACE = (
    ("fichier", pa.int32(), False, "Rang du fichier logique dans le contenu, à partir de 1"),
    ("rang", pa.int64(), False, "Rang de l'enregistrement dans son fichier, à partir de 1"),
    ("rang_parent", pa.int64(), True, "Rang de l'enregistrement qui le contient"),
    ("octet", pa.int64(), False, "Position de son premier octet dans le contenu, à partir de 0"),
)
"""The columns that every table starts with: name, type, may be null, what it says."""

_FRAME = frozenset({"type", "niveau", "terminateur"})
_UNITS = {"montant": "centime", "date": "jour"}


class Batch(NamedTuple):
    """Rows of one record type of one edition, in the order of the content."""

    edition: Edition
    layout: Layout
    rows: Any
    """A `pyarrow.RecordBatch` of `schema_of(edition, layout)`."""


def kept_fields(layout: Layout) -> tuple[Field, ...]:
    """The fields that have a column, in the order of their positions."""
    return tuple(field for field in layout.champs if not field.is_filler and field.nom not in _FRAME)


def schema_of(edition: Edition, layout: Layout) -> Any:
    """The `pyarrow.Schema` of a record type. Raises `ValueError` when a field has the name of a column of place.

    Metadata in French: of the table, the edition and the source of its layout; of a column, its label, its kind, its
    1-based positions in the record, its unit, and whether it is personal.
    """
    taken = {name for name, *_ in PLACE}
    columns = [pa.field(name, type, may_be_null, {"libelle": says}) for name, type, may_be_null, says in PLACE]
    for field in kept_fields(layout):
        if field.nom in taken:
            raise ValueError(f"record {layout.type}: {field.nom} is the name of a column of place")
        columns.append(pa.field(field.nom, FACES[field.genre].type(field), True, _field_metadata(field)))
    return pa.schema(
        columns,
        {
            "famille": edition.famille,
            "edition": edition.nom,
            "edition_libelle": edition.libelle,
            "type": layout.type,
            "libelle": layout.libelle,
            "source": edition.source,
            "confiance": edition.confiance,
        },
    )


def _field_metadata(field: Field) -> dict[str, str]:
    found = {
        "libelle": field.libelle or field.nom,
        "genre": field.genre,
        "positions": f"{field.debut}-{field.fin}",
        "unite": _UNITS.get(field.genre, ""),
        "table": field.table or "",
        "personnel": "oui" if field.personnel else "",
        "source": field.source,
        "confiance": field.confiance,
    }
    return {key: value for key, value in found.items() if value}


def cells(values: Iterable[Value], type: Any) -> Any:
    """The Arrow array of values as the record codec gives them."""
    return pa.array([None if isinstance(value, Unparsed) else value for value in values], type)


def batch_of_rows(schema: Any, layout: Layout, rows: Sequence[tuple[int, EntityRow]]) -> Any:
    """The record batch of rows of one type, each with the ordinal of its logical file."""
    columns: list[Iterable[Value]] = [
        [ordinal for ordinal, _ in rows],
        [row.rang for _, row in rows],
        [row.rang_parent for _, row in rows],
        [row.octet for _, row in rows],
    ]
    columns += [[row.valeurs[field.nom] for _, row in rows] for field in kept_fields(layout)]
    arrays = [cells(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
