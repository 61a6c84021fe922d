"""The relations that the matching reads, as views over the facts, and the two that Python fills.

The SQL of a view lies beside this module in the portable subset (architecture, decision 12). The matching brings its
own views over these; they are created with `create_view` in the same transaction as the journal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, column, insert, select, table

from fse.base.resources import read_sql
from fse.infra.journal.schema.fact_tables import identifiant, prestataire

OWN_VIEWS = ("lot_vivant", "lot_facture_vivante", "facture_emise")
"""In the order of creation: each may read those before it.

lot_facture_vivante and lot_vivant: invoices in lots and lots, without the lots made void by a cancelled invoice.
"""

LIVE_LOT = table("lot_vivant", column("cabinet"), column("prestataire"), column("numero_lot"), column("date_lot"))
LIVE_LOT_INVOICE = table(
    "lot_facture_vivante",
    column("cabinet"),
    column("prestataire"),
    column("numero_lot"),
    column("date_lot"),
    column("ordre"),
    column("numero"),
)


def create_own_views(connection: Connection) -> None:
    """Create the views of this room."""
    for name in OWN_VIEWS:
        create_view(connection, name, read_sql("fse.infra.journal.schema", name))


def create_view(connection: Connection, name: str, sql: str) -> None:
    """Create a view from one SELECT, in the place of the view of that name. Raises `ValueError` on an odd name."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"{name!r} cannot name a view")
    connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")
    connection.exec_driver_sql(f"CREATE VIEW {name} AS\n{sql.strip().removesuffix(';')}")


def missing_prestataires(connection: Connection, cabinet: str, numbers: Iterable[str]) -> list[str]:
    """Those of these prestataires (9 characters) that the journal does not know as being of this cabinet."""
    query = select(prestataire.c.prestataire).where(prestataire.c.cabinet == cabinet)
    return sorted(set(numbers) - set(connection.execute(query).scalars()))


def add_prestataires(connection: Connection, cabinet: str, numbers: Iterable[str]) -> None:
    """Say which prestataires (9 characters) are of this cabinet; those already known stay."""
    missing = missing_prestataires(connection, cabinet, numbers)
    if missing:
        connection.execute(insert(prestataire), [{"cabinet": cabinet, "prestataire": number} for number in missing])


def add_identifiants(connection: Connection, read: Mapping[str, str]) -> None:
    """Say what raw identifiers read as (9 characters, `''` when none); those already known stay."""
    query = select(identifiant.c.brut).where(identifiant.c.brut.in_(sorted(read)))
    known = set(connection.execute(query).scalars())
    missing = [{"brut": raw, "prestataire": read[raw]} for raw in sorted(read) if raw not in known]
    if missing:
        connection.execute(insert(identifiant), missing)
