"""The tables of what follows from the facts: lines mapped, matches, residues, states. They can be computed again.

The matching says their columns, their keys, and the indexes that it counts on; this module only makes them, and adds
nothing: a shape is written once (`fse.domain.reconciliation.relations`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import Connection, MetaData, PrimaryKeyConstraint
from sqlalchemy.schema import SchemaItem

from fse.domain.reconciliation.relations import INDEXES, STORED
from fse.domain.reconciliation.schema import Relation
from fse.infra.journal.schema.columns import integer, narrow_table, optional_integer, optional_text, text

METADATA = MetaData()

_COLUMNS: dict[tuple[str, bool], Callable[[str], SchemaItem]] = {
    ("text", False): text,
    ("text", True): optional_text,
    ("bigint", False): integer,
    ("bigint", True): optional_integer,
}
_NAME = re.compile(r"[a-z_0-9]+")


def _declare(relation: Relation) -> None:
    columns = (_COLUMNS[column.type, column.nullable](column.name) for column in relation.columns)
    narrow_table(relation.name, METADATA, *columns, PrimaryKeyConstraint(*relation.key))


for _relation in STORED:
    _declare(_relation)


ETAT_FACTURE = METADATA.tables["etat_facture"]


def create_indexes(connection: Connection, tables: set[str]) -> None:
    """Create the indexes of the matching on those of these tables that it reads."""
    for ordinal, index in enumerate(INDEXES, start=1):
        if index.relation in tables:
            terms = (term if _NAME.fullmatch(term) else f"({term})" for term in index.expressions)
            connection.exec_driver_sql(
                f"CREATE INDEX {index.relation}_{ordinal} ON {index.relation} ({', '.join(terms)})"
            )
