"""The records of one type in one chunk to a record batch, with the findings of their fields.

Rows that a face does not answer for are read again one by one with the record codec, and put in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fse.base.findings import Finding, Place
from fse.norm.layout.checks import field_findings
from fse.norm.layout.columns.faces.arrays import numbers
from fse.norm.layout.columns.faces.block import Block
from fse.norm.layout.columns.faces.kinds import read_field
from fse.norm.layout.columns.table import cells, kept_fields
from fse.norm.layout.layout import Layout
from fse.norm.layout.values import Value

Longs = NDArray[np.int64]


class Places(NamedTuple):
    """Where n records stand: ordinal of the logical file, rank, rank of the parent (0: none), offset; int32
    (n,) for the first, int64 (n,).
    """

    fichiers: NDArray[np.int32]
    rangs: Longs
    parents: Longs
    octets: Longs

    @property
    def last(self) -> tuple[int, int]:
        """The ordinal of the file and the rank of the last one."""
        return int(self.fichiers[-1]), int(self.rangs[-1])

    def at(self, rows: Longs) -> Places:
        """The places of these rows."""
        return Places(self.fichiers[rows], self.rangs[rows], self.parents[rows], self.octets[rows])


class RowFindings(NamedTuple):
    """The findings of one row; sorting puts them in the order of the content."""

    fichier: int
    rang: int
    constats: tuple[Finding, ...]


class Decoded(NamedTuple):
    """A `pyarrow.RecordBatch`, how many of its rows the record codec read, and the findings of those."""

    rows: Any
    reread: int
    findings: list[RowFindings]


def decode(schema: Any, block: Block, places: Places, most_reread: int) -> Decoded | None:
    """The n records of a block; `None` when more than `most_reread` of them need the record codec."""
    columns = {field.nom: read_field(block, field) for field in block.layout.champs}
    doubtful = np.zeros(block.rows, np.bool_)
    for column in columns.values():
        if column.doubtful is not None:
            doubtful |= column.doubtful
    rows = np.flatnonzero(doubtful)
    if len(rows) > most_reread:
        return None
    kept = [field.nom for field in kept_fields(block.layout)]
    arrays = [columns[nom].build() for nom in kept]
    findings: list[RowFindings] = []
    if len(rows):
        read, findings = _read_again(block.layout, block.matrix[rows], places.at(rows))
        mask = pa.array(doubtful)
        arrays = [
            pc.replace_with_mask(array, mask, cells([values[nom] for values in read], array.type))
            for array, nom in zip(arrays, kept, strict=True)
        ]
    batch = pa.RecordBatch.from_arrays([*_place_arrays(places), *arrays], schema=schema)
    return Decoded(batch, len(rows), findings)


def _read_again(
    layout: Layout, records: NDArray[np.uint8], places: Places
) -> tuple[list[dict[str, Value]], list[RowFindings]]:
    """The values of a few records as the record codec reads them, and the findings of those that have some."""
    read: list[dict[str, Value]] = []
    found: list[RowFindings] = []
    wheres: Sequence[tuple[int, int, int]] = list(
        zip(places.fichiers.tolist(), places.rangs.tolist(), places.octets.tolist(), strict=True)
    )
    for (fichier, rang, octet), row in zip(wheres, records, strict=True):
        record = row.tobytes()
        values = layout.parse(record)
        read.append(values)
        place = Place(rang=rang, octet=octet, type=layout.type)
        if constats := tuple(field_findings(layout, record, values, place)):
            found.append(RowFindings(fichier, rang, constats))
    return read, found


def _place_arrays(places: Places) -> list[Any]:
    return [
        numbers(pa.int32(), places.fichiers),
        numbers(pa.int64(), places.rangs),
        numbers(pa.int64(), places.parents, places.parents != 0),
        numbers(pa.int64(), places.octets),
    ]
