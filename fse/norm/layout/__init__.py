"""The fixed-width engine. It knows no norm: every position, type, tree and default is data in `schemas/layouts/`.

`read` turns chunks of bytes into items, `Edition.build` and `frame` turn values into bytes.
"""

from fse.norm.layout.edition import Edition
from fse.norm.layout.fields import Field
from fse.norm.layout.framing.physical import count_records, frame
from fse.norm.layout.items import EntityRow, FileEnd, FileStart, Framing, Item
from fse.norm.layout.layout import Layout
from fse.norm.layout.loading.loader import all_editions, editions, load_edition
from fse.norm.layout.reader import has_envelope, read
from fse.norm.layout.record import CHARSET
from fse.norm.layout.values import Unparsed, Value, printable

__all__ = [
    "CHARSET",
    "Edition",
    "EntityRow",
    "Field",
    "FileEnd",
    "FileStart",
    "Framing",
    "Item",
    "Layout",
    "Unparsed",
    "Value",
    "all_editions",
    "count_records",
    "editions",
    "frame",
    "has_envelope",
    "load_edition",
    "printable",
    "read",
]
