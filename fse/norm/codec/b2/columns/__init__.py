"""Many invoices at once, from Arrow columns to sealed records, lots and files.

    frozen = freeze_columns(factures)                   # FactureColumns -> Frozen
    lots = build_lots(entetes, frozen, cuts)            # one row of `entetes` a lot
    file.writelines(file_chunks(entete, lots))

Byte for byte what `fse.norm.codec.b2.building` makes of the same invoices. Needs the extra `masse`.
"""

from fse.norm.codec.b2.columns.building import build_records_of
from fse.norm.codec.b2.columns.checking import require_attributes, require_model
from fse.norm.codec.b2.columns.lots import build_lots, file_chunks
from fse.norm.codec.b2.columns.modelled import columns_of
from fse.norm.codec.b2.columns.sealing import freeze_columns, seal_factures
from fse.norm.codec.b2.columns.shapes import FactureColumns, Frozen, Lots

__all__ = [
    "FactureColumns",
    "Frozen",
    "Lots",
    "build_lots",
    "build_records_of",
    "columns_of",
    "file_chunks",
    "freeze_columns",
    "require_attributes",
    "require_model",
    "seal_factures",
]
