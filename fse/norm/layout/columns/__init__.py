"""The columnar codec: many records at once, from the same layouts as the record codec and with the same meaning.

    for item in read_columns(lambda: chunks_of(path)):   # Batch | Finding | Account

Two ways only: what is regular is decoded by columns (numpy, Arrow), anything else is read by `fse.norm.layout.read`.
Needs the extra `masse`; nothing imports this package unless asked for columns.
"""

from fse.norm.layout.columns.reading import Account, read_columns
from fse.norm.layout.columns.table import PLACE, Batch, kept_fields, schema_of

__all__ = ["PLACE", "Account", "Batch", "kept_fields", "read_columns", "schema_of"]
