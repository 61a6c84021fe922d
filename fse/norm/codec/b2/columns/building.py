"""Columns to the records 2 to 5 of many invoices, in their order, the zone of the seal left blank."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fse.norm.codec.b2 import fields
from fse.norm.codec.b2.columns.ranking import Parts, rank_records
from fse.norm.codec.b2.columns.shapes import FACTURE, LENGTH, LIGNE, Bytes, FactureColumns, Frozen, Longs
from fse.norm.codec.b2.columns.tallies import announced, number_per_owner, per_owner, summed
from fse.norm.codec.b2.refusals import real_mark, without_line, without_mark
from fse.norm.codec.b2.seals import EDITION, SEAL_CHARACTERS
from fse.norm.layout.columns.assembling import Part, assemble
from fse.norm.layout.columns.building import build_records

MARKS = ("T", "D")
"""What may be written: test and demonstration (architecture, decision 1)."""

_Columns = dict[str, Any]


def build_records_of(factures: FactureColumns) -> Frozen:
    """Records 2 to 5 of these invoices, not sealed yet (`seals` are blanks).

    Raises `BuildError`: the one of `Layout.build`, `b2.marque_absente`, `b2.marque_reelle`, `b2.sans_ligne`; a number
    of record that it gives is the row of its table. `ValueError` when the tables do not hold together.
    """
    count = factures.entetes.num_rows
    heads = _columns(factures.entetes)
    require_marks(heads, count)
    lines = _columns(factures.lignes)
    invoice_of = _owners(lines, FACTURE, count)
    if not (number_per_owner(invoice_of, count) > 0).all():
        raise without_line()
    records: dict[str, Bytes] = {"2": build_records(EDITION.layouts["2"], count, heads)}
    owners: dict[str, Longs] = {"4": invoice_of}
    key = {name: heads[name] for name in fields.CLE if name in heads}
    line_key = _of_rows(key, invoice_of)
    records["4"] = build_records(EDITION.layouts["4"], len(invoice_of), line_key | lines)
    for type, table in factures.complements.items():
        of_line = _parent_of(type) == "4"
        columns = _columns(table)
        owners[type] = _owners(columns, LIGNE if of_line else FACTURE, len(invoice_of) if of_line else count)
        own_key = _of_rows(line_key if of_line else key, owners[type])
        records[type] = build_records(EDITION.layouts[type], len(owners[type]), own_key | columns)
    ends, totals = _ends(count, key, lines, invoice_of)
    records["5"] = ends
    ranks, starts, counts = rank_records(Parts(count, owners))
    content, _ = assemble([Part(records[type], ranks[type]) for type in records])
    sums = summed(EDITION.controles["6"], {("5", champ): amount for champ, amount in totals.items()})
    blank = np.full((count, SEAL_CHARACTERS), ord(" "), np.uint8)
    return Frozen(content.reshape(-1, LENGTH), starts, blank, counts, sums)


def require_marks(columns: _Columns, count: int) -> None:
    """Each row has a marking, T or D. Raises `BuildError` (`b2.marque_absente`, `b2.marque_reelle`)."""
    marks = columns.get("marque")
    if marks is None or marks.null_count:
        if count:
            raise without_mark()
        return
    if not pc.all(pc.is_in(marks, pa.array(MARKS)), min_count=0).as_py():
        raise real_mark()


def _parent_of(type: str) -> str:
    """The record, 2 or 4, that a sub-record completes. Raises `ValueError` for what completes neither."""
    (parent,) = EDITION.parents.get(type, ("",))
    if parent not in ("2", "4") or type in ("4", "5"):
        raise ValueError(f"{type} is no sub-record of an invoice or of a line")
    return parent


def _ends(count: int, key: _Columns, lines: _Columns, invoice_of: Longs) -> tuple[Bytes, dict[str, Longs]]:
    """The records 5, and what they announce of the lines of their invoices."""
    control = EDITION.controles["5"]
    champs = {term.champ for terms in control.sommes.values() for term in terms}
    amounts = {("4", champ): per_owner(invoice_of, _amounts(lines, champ), count) for champ in champs}
    totals = announced(control, {"4": number_per_owner(invoice_of, count)}) | summed(control, amounts)
    written = {champ: pa.array(values) for champ, values in totals.items()}
    return build_records(EDITION.layouts["5"], count, key | written), totals


def _amounts(lines: _Columns, champ: str) -> Longs:
    """Centimes (n,); 0 where there is none."""
    if champ not in lines:
        return np.zeros(len(next(iter(lines.values()))), np.int64)
    values: Longs = pc.fill_null(lines[champ], 0).to_numpy(zero_copy_only=False)
    return values


def _columns(table: Any) -> _Columns:
    """The columns of a table by name, each in one piece."""
    return {
        name: column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }


def _owners(columns: _Columns, name: str, count: int) -> Longs:
    """Takes the column that says which invoice or line each row belongs to. Raises `ValueError`."""
    owners: Longs = columns.pop(name).to_numpy()
    if len(owners) and (owners[0] < 0 or owners[-1] >= count or (np.diff(owners) < 0).any()):
        raise ValueError(f"{name}: 0 to {count - 1}, never going back")
    return owners


def _of_rows(columns: _Columns, owners: Longs) -> _Columns:
    """The same columns, a row for each owner named."""
    rows = pa.array(owners)
    return {name: column.take(rows) for name, column in columns.items()}
