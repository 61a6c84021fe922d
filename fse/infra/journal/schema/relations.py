"""The relations that the matching reads, as views over the facts, and the two that Python fills.

The SQL of a view lies beside this module in the portable subset (architecture, decision 12). The matching brings its
own views over these; they are created with `create_view` in the same transaction as the journal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Table, column, delete, insert, select, table

from fse.base.resources import read_sql
from fse.infra.journal.schema import bank_tables
from fse.infra.journal.schema import exchange_tables as _exchange_tables  # noqa: F401  the views read its tables
from fse.infra.journal.schema import incentive_tables as _incentive_tables  # noqa: F401  part of every journal
from fse.infra.journal.schema import network_tables as _network_tables  # noqa: F401  part of every journal
from fse.infra.journal.schema import obligation_tables as _obligation_tables  # noqa: F401  part of every journal
from fse.infra.journal.schema.fact_tables import identifiant, mandat, prestataire

OWN_VIEWS = (
    "lot_vivant",
    "lot_facture_vivante",
    "fichier_parti",
    "facture_emise",
    "assure_facture",
    "acte_vivant",
    "rattachement",
    "etat_force",
    "paiement_saisi",
    "creance_rattachee",
    "classement",
    "preuve_manuelle",
)
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
SENT = table(
    "facture_emise",
    *map(column, ("cabinet", "prestataire", "numero", "emise_le", "annulee", "remplacee_par", "accuse")),
)
"""What became of each invoice: see the view."""

LEFT = table("fichier_parti", *map(column, ("cabinet", "emetteur", "identifiant", "canal", "parti_le")))
"""When each file left (days), `None` for what did not; `canal` "" when someone else sends it."""

PUT_AWAY = table("classement", column("cabinet"), column("fichier"), column("rang"), column("acte"))


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


Declared = Iterable[Mapping[str, str | int]]


def undeclared(
    connection: Connection, cabinet: str, prestataires: Declared, mandats: Declared, comptes: Declared = ()
) -> bool:
    """True when the journal does not know what the practice declares of itself as it declares it."""
    return any(
        _of(row) not in _known(connection, cabinet, stored)
        for stored, rows in _declarations(prestataires, mandats, comptes)
        for row in rows
    )


def declare(
    connection: Connection, cabinet: str, prestataires: Declared, mandats: Declared, comptes: Declared = ()
) -> None:
    """Say which prestataires (9 characters, range of numbers) are of this cabinet, who is paid for whom, and where.

    What the practice does not declare any more stays known: returns still come for it.
    """
    for stored, rows in _declarations(prestataires, mandats, comptes):
        key = [column.name for column in stored.primary_key if column.name != "cabinet"]
        known = _known(connection, cabinet, stored)
        for row in rows:
            if _of(row) not in known:
                same = (stored.c[name] == row[name] for name in key)
                connection.execute(delete(stored).where(stored.c.cabinet == cabinet, *same))
                connection.execute(insert(stored).values(cabinet=cabinet, **row))


def _declarations(prestataires: Declared, mandats: Declared, comptes: Declared) -> tuple[tuple[Table, Declared], ...]:
    return (prestataire, prestataires), (mandat, mandats), (bank_tables.compte_prestataire, comptes)


def _known(connection: Connection, cabinet: str, stored: Table) -> set[tuple[tuple[str, str | int], ...]]:
    rows = connection.execute(select(stored).where(stored.c.cabinet == cabinet)).mappings()
    return {_of({name: row[name] for name in row if name != "cabinet"}) for row in rows}


def _of(row: Mapping[str, str | int]) -> tuple[tuple[str, str | int], ...]:
    return tuple(sorted(row.items()))


def add_identifiants(connection: Connection, cabinet: str, read: Mapping[str, str]) -> None:
    """Say what raw identifiers read as (9 characters, `''` when none); those already known stay."""
    mine = identifiant.c.cabinet == cabinet
    query = select(identifiant.c.brut).where(mine, identifiant.c.brut.in_(sorted(read)))
    known = set(connection.execute(query).scalars())
    missing = [{"cabinet": cabinet, "brut": raw, "prestataire": read[raw]} for raw in sorted(read) if raw not in known]
    if missing:
        connection.execute(insert(identifiant), missing)
