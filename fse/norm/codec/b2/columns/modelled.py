"""Invoices of the model as columns: the same tables of correspondence as the record path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from fse.norm.codec.b2 import fields
from fse.norm.codec.b2.columns.shapes import FACTURE, LIGNE, FactureColumns
from fse.norm.codec.b2.complements import header_complements, is_long, line_complements
from fse.norm.codec.b2.seals import EDITION
from fse.norm.codec.mapping import values_of
from fse.norm.layout import Value
from fse.norm.layout.columns import schema_of
from fse.norm.model.facture import Facture

_Rows = list[dict[str, Value]]


def columns_of(factures: Sequence[Facture]) -> FactureColumns:
    """The columns of these invoices; freezing them gives the bytes of `freeze_facture`, one after the other."""
    heads: _Rows = []
    lines: _Rows = []
    complements: dict[str, _Rows] = {}
    for facture in factures:
        head = values_of(facture, fields.ENTETE)
        if facture.amc is not None and is_long(facture.amc):
            head["numero_adherent"] = None
        _add(complements, header_complements(facture), FACTURE, len(heads))
        for prestation in facture.prestations:
            _add(complements, line_complements(prestation), LIGNE, len(lines))
            lines.append(values_of(prestation, fields.PRESTATION) | {FACTURE: len(heads)})
        heads.append(head)
    return FactureColumns(
        _table("2", heads, tuple(fields.ENTETE)),
        _table("4", lines, (*fields.PRESTATION, FACTURE)),
        {type: _table(type, rows, _names(rows)) for type, rows in complements.items()},
    )


def _add(complements: dict[str, _Rows], records: Iterable[tuple[str, dict[str, Value]]], owner: str, row: int) -> None:
    for type, values in records:
        complements.setdefault(type, []).append(values | {owner: row})


def _names(rows: _Rows) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in rows for name in row))


def _table(type: str, rows: _Rows, names: tuple[str, ...]) -> Any:
    """Rows as a table of the types of the columns of a record; the ordinals of owners are int64."""
    schema = schema_of(EDITION, EDITION.layouts[type])
    types = {name: pa.int64() if name in (FACTURE, LIGNE) else schema.field(name).type for name in names}
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in types.items()})
