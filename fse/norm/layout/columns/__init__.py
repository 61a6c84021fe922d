"""The columnar codec: many records at once, from the same layouts as the record codec and with the same meaning.

    for item in read_columns(lambda: chunks_of(path)):   # Batch | Finding | Account
    records = build_records(layout, rows, columns)       # Arrow columns to the bytes of records

Two ways only: what is regular is read and written by columns (numpy, Arrow), anything else by the record codec
(`fse.norm.layout.read`, `Layout.build`).
Needs the extra `masse`; nothing imports this package unless asked for columns.
"""

from fse.norm.layout.columns.assembling import Part, assemble
from fse.norm.layout.columns.building import build_records
from fse.norm.layout.columns.reading import Account, read_columns
from fse.norm.layout.columns.table import PLACE, Batch, kept_fields, schema_of

__all__ = [
    "PLACE",
    "Account",
    "Batch",
    "Part",
    "assemble",
    "build_records",
    "kept_fields",
    "read_columns",
    "schema_of",
]
