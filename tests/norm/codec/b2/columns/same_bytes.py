"""What the record path makes of invoices, lots and files, for comparison with the columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from fse.base.findings import Finding
from fse.norm.codec.b2.building import build_file, build_lot, freeze_facture
from fse.norm.codec.b2.columns import FactureColumns, build_lots, columns_of, file_chunks, freeze_columns
from fse.norm.codec.b2.reading import RawLot, raw_lots, read_entete_fichier, read_entete_lot, read_facture
from fse.norm.codec.b2.seals import EDITION, facture_seal, read_seal
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow, FileEnd, FileStart
from fse.norm.layout.columns import PLACE, schema_of
from fse.norm.model import EnteteFichier, EnteteLot, Facture, ModelError

SUPPORTED = frozenset(EDITION.layouts) - {"4U"}
"""Types that tables can hold: a trip (4U) belongs to the transport before it."""

Held = tuple[EnteteLot, list[Facture]]


def by_records(entete: EnteteFichier, lots: Sequence[Held]) -> bytes:
    """The file, one record at a time."""
    return build_file(entete, [build_lot(one, [freeze_facture(held) for held in factures]) for one, factures in lots])


def by_columns(entete: EnteteFichier, lots: Sequence[Held]) -> bytes:
    """The file, by columns."""
    frozen = freeze_columns(columns_of([facture for _, factures in lots for facture in factures]))
    cuts = np.cumsum([0, *(len(factures) for _, factures in lots)])
    return b"".join(file_chunks(entete, build_lots(table_of([one for one, _ in lots]), frozen, cuts)))


def table_of(entetes: Sequence[EnteteLot]) -> Any:
    """Headers of lots as a table, one row a lot."""
    schemas = [schema_of(EDITION, EDITION.layouts[type]) for type in ("1", "6")]
    columns = {}
    for name in EnteteLot.__dataclass_fields__:
        schema = next(one for one in schemas if name in one.names)
        columns[name] = pa.array([getattr(one, name) for one in entetes], schema.field(name).type)
    return pa.table(columns)


def files_of(path: Path) -> Iterator[tuple[EnteteFichier, list[Held]]]:
    """The files of a content that the model can hold whole, less the invoices that it cannot."""
    data = path.read_bytes()
    rows: list[EntityRow] = []
    known = False
    for item in read([data]):
        if isinstance(item, FileStart):
            rows, known = [], item.edition is not None and item.edition.famille == "b2"
        elif isinstance(item, EntityRow):
            rows.append(item)
        elif isinstance(item, FileEnd) and known:
            yield from _file(rows)


def columns_read_in(content: bytes) -> Iterator[tuple[bytes, FactureColumns]]:
    """The invoices of a sound content of the first edition, one at a time: their records, and the values read there."""
    items = list(read([content]))
    said = [one for item in items for one in (item.constats if isinstance(item, EntityRow) else (item,))]
    if any(isinstance(one, Finding) and one.is_error for one in said):
        return
    editions = {item.edition.nom for item in items if isinstance(item, FileStart) and item.edition is not None}
    if editions != {EDITION.nom}:
        return
    for lot in raw_lots(item for item in items if isinstance(item, EntityRow)):
        for run in lot.runs:
            plain = all(row.layout is not None and row.layout.is_plain(row.brut, row.valeurs) for row in run.rows)
            held = {row.type for row in run.rows} <= SUPPORTED
            if plain and held and facture_seal(run.records) == read_seal(run.records[-1]):
                yield b"".join(run.records), _tables(run.rows)


def _tables(rows: Sequence[EntityRow]) -> FactureColumns:
    columns: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        owner = {"ligne": len(columns.get("4", ())) - 1, "facture": 0}
        columns.setdefault(row.type, []).append({**row.valeurs, **owner})
    heads, lines, _ = (_table(type, columns.pop(type)) for type in ("2", "4", "5"))
    return FactureColumns(heads, lines, {type: _table(type, held) for type, held in columns.items()})


def _table(type: str, rows: Sequence[dict[str, Any]]) -> Any:
    schema = schema_of(EDITION, EDITION.layouts[type])
    types = {one.name: one.type for one in schema if one.name not in {name for name, *_ in PLACE}}
    if type != "2":
        types["ligne" if type[0] == "4" and type != "4" else "facture"] = pa.int64()
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in types.items()})


def _file(rows: list[EntityRow]) -> Iterator[tuple[EnteteFichier, list[Held]]]:
    try:
        entete = read_entete_fichier(rows[0])
    except (ModelError, KeyError):
        return
    held = [one for lot in raw_lots(rows) if (one := _lot(lot)) is not None]
    if held:
        yield entete, held


def _lot(lot: RawLot) -> Held | None:
    factures = []
    for run in lot.runs:
        if run.is_whole and any(row.type == "4" for row in run.rows):
            try:
                factures.append(read_facture(run))
            except (ModelError, KeyError):
                continue
    marked = [one for one in factures if one.marque is not None]
    if lot.header is None or lot.trailer is None or not marked:
        return None
    try:
        return read_entete_lot(lot), marked
    except (ModelError, KeyError):
        return None
