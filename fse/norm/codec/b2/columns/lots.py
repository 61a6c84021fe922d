"""Frozen invoices to sealed lots, and lots to a file: `build_lot` and `build_file`, for many at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from fse.norm.codec.b2 import fields
from fse.norm.codec.b2.columns.building import require_marks
from fse.norm.codec.b2.columns.sealing import seal_lots
from fse.norm.codec.b2.columns.shapes import Frozen, Longs, Lots
from fse.norm.codec.b2.columns.tallies import announced
from fse.norm.codec.b2.seals import EDITION
from fse.norm.codec.mapping import values_of
from fse.norm.layout.columns.building import build_records
from fse.norm.model.lot import EnteteFichier

_OWN = ("1", "6")
"""The records that a lot adds to those of its invoices, one each."""


def build_lots(entetes: Any, frozen: Frozen, cuts: Longs) -> Lots:
    """The lots of these frozen invoices. `cuts`: the first invoice of each lot, then n; each holds one at least.

    `entetes`: an Arrow table, one row a lot, whose columns are the attributes of `EnteteLot` that records 1 and 6
    carry. Raises `BuildError` as `build_lot`, and for a marking that is not T or D.
    """
    rows = entetes.num_rows
    columns = dict(zip(entetes.column_names, entetes.columns, strict=True))
    require_marks(columns, rows)
    openers = cuts[:-1]
    counts = {type: np.add.reduceat(count, openers) for type, count in frozen.counts.items()}
    control = EDITION.controles["6"]
    said = announced(control, counts) | {
        champ: np.add.reduceat(frozen.sums[champ], openers) for champ in control.sommes
    }
    headers = build_records(EDITION.layouts["1"], rows, _given(columns, fields.LOT))
    totals = {champ: pa.array(values) for champ, values in said.items()}
    trailers = build_records(EDITION.layouts["6"], rows, _given(columns, fields.FIN_LOT) | totals)
    seal_lots(headers, trailers, frozen.seals, cuts)
    whole = {type: int(count.sum()) for type, count in counts.items()}
    return Lots(headers, trailers, frozen, cuts, whole | dict.fromkeys(_OWN, rows))


def file_chunks(entete: EnteteFichier, lots: Lots) -> Iterator[bytes]:
    """The bytes of a whole file 000…999, in pieces: the head, each lot, the tail. Raises `BuildError` first of all."""
    envelope = values_of(entete, fields.FICHIER)
    head = EDITION.build(EDITION.tete, envelope | {"date_creation": entete.date_creation})
    counts = {**lots.counts, EDITION.tete: 1, EDITION.pied: 1}
    tail = EDITION.build(EDITION.pied, envelope | announced(EDITION.controles[EDITION.pied], counts))
    yield head
    yield from lots.contents()
    yield tail


def _given(columns: dict[str, Any], table: dict[str, str]) -> dict[str, Any]:
    """The fields of a record, from the columns of the attributes that it carries."""
    return {champ: columns[attribute] for champ, attribute in table.items() if attribute in columns}
