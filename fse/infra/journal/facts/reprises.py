"""Facts about the previous software: the last numbers that it gave, and the invoices that it left open.

An open invoice is an invoice of mode `reprise`: its lot and its departure are known, its bytes are not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, select

from fse.infra.journal.events import Genre
from fse.infra.journal.facts import compteurs, rows
from fse.infra.journal.facts.factures import FactureRow
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.schema.fact_tables import MODE_REPRISE
from fse.infra.journal.schema.fact_tables import facture as facture_table
from fse.infra.journal.schema.fact_tables import facture_reprise as ouverte_table
from fse.infra.journal.schema.fact_tables import lot as lot_table
from fse.infra.journal.schema.fact_tables import reprise as reprise_table
from fse.infra.journal.transaction import Reading, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class RepriseRow:
    """The last numbers of one prestataire, 0 when there are none; `date_dernier_lot` and `reprise_le` in days.

    `dernier_fichier` is that of the sender. Numbers up to these were given by the previous software.
    """

    prestataire: str
    dernier_numero: int
    dernier_lot: int
    date_dernier_lot: int
    dernier_fichier: int
    reprise_le: int
    auteur: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OuverteRow:
    """How an open invoice left: its lot (0 and 0 when it is not known), the day it was sent (days)."""

    prestataire: str
    numero: int
    numero_lot: int
    date_lot: int
    envoyee_le: int


def find_reprise(reading: Reading, prestataire: str) -> RepriseRow | None:
    """What the previous software gave to this prestataire."""
    query = rows.query(reprise_table, RepriseRow, reading.cabinet)
    return rows.read_one(reading.connection, RepriseRow, query.where(reprise_table.c.prestataire == prestataire))


def find_open(reading: Reading, prestataire: str, numero: int) -> OuverteRow | None:
    """How this invoice of the previous software left."""
    query = rows.query(ouverte_table, OuverteRow, reading.cabinet)
    query = query.where(ouverte_table.c.prestataire == prestataire, ouverte_table.c.numero == numero)
    return rows.read_one(reading.connection, OuverteRow, query)


def first_own_number(reading: Reading, prestataire: str) -> int | None:
    """The smallest number of an invoice that was secured here."""
    query = select(func.min(facture_table.c.numero)).where(
        facture_table.c.cabinet == reading.cabinet,
        facture_table.c.prestataire == prestataire,
        facture_table.c.mode != MODE_REPRISE,
    )
    numero: int | None = reading.connection.execute(query).scalar_one()
    return numero


def is_own_lot(reading: Reading, key: LotKey) -> bool:
    """True when a lot of this number and date was constituted here."""
    query = select(lot_table.c.numero_lot).where(
        lot_table.c.cabinet == reading.cabinet,
        lot_table.c.prestataire == key.prestataire,
        lot_table.c.numero_lot == key.numero_lot,
        lot_table.c.date_lot == key.date_lot,
    )
    return reading.connection.execute(query).first() is not None


def take_over(
    transaction: Transaction,
    reprises: Sequence[RepriseRow],
    ouvertes: Sequence[tuple[FactureRow, OuverteRow]],
    emetteur: str,
) -> None:
    """Record last numbers and open invoices, in one event, and raise the counters above what was given.

    Raises `StorageError` (`journal.contrainte`) on a prestataire or an invoice that is already there.
    """
    for reprise in reprises:
        rows.write(transaction.connection, reprise_table, transaction.cabinet, reprise)
        compteurs.raise_to(transaction, compteurs.of_factures(reprise.prestataire), reprise.dernier_numero)
        compteurs.raise_to(transaction, compteurs.of_lots(reprise.prestataire), reprise.dernier_lot)
        compteurs.raise_to(transaction, compteurs.of_fichiers(emetteur), reprise.dernier_fichier)
    for facture, ouverte in ouvertes:
        rows.write(transaction.connection, facture_table, transaction.cabinet, facture)
        rows.write(transaction.connection, ouverte_table, transaction.cabinet, ouverte)
    transaction.event(
        Genre.REPRISE_EFFECTUEE,
        {
            "reprises": [asdict(reprise) for reprise in reprises],
            "factures": [asdict(facture) | asdict(ouverte) for facture, ouverte in ouvertes],
        },
    )
