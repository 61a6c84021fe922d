"""Facts about paper duplicates of sheets that could not be transmitted. Each adds its own event.

Source: S4 art. 62.2 (regles.md A.4): a duplicate says why it is made, the number of the sheet and that of its lot.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import func, select

from fse.infra.journal.events import Genre
from fse.infra.journal.facts import rows
from fse.infra.journal.schema.exchange_tables import duplicata
from fse.infra.journal.transaction import Reading, Transaction

Voie = Literal["caisse", "patient"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicataRow:
    """A duplicate that was made. `rang` counts from 1 for each invoice; `voie`: who gets it; `empreinte`: SHA-256 (hex)
    of the document. `patient_signe`: 1 when the patient signs, 0 when it says that they could not. Days for dates.
    """

    prestataire: str
    numero: int
    rang: int
    numero_lot: int
    date_lot: int
    motif: str
    voie: Voie
    patient_signe: int
    auteur: str
    edite_le: int
    empreinte: str


def next_rank(reading: Reading, prestataire: str, numero: int) -> int:
    """The rank of the next duplicate of an invoice."""
    here = duplicata.c
    query = select(func.max(here.rang)).where(
        here.cabinet == reading.cabinet, here.prestataire == prestataire, here.numero == numero
    )
    return int(reading.connection.execute(query).scalar_one() or 0) + 1


def record(transaction: Transaction, row: DuplicataRow) -> None:
    """Record that a duplicate was made, and its event."""
    rows.write(transaction.connection, duplicata, transaction.cabinet, row)
    transaction.event(Genre.DUPLICATA_EDITE, asdict(row))


def of_invoice(reading: Reading, prestataire: str, numero: int) -> list[DuplicataRow]:
    """The duplicates of an invoice, oldest first."""
    here = duplicata.c
    query = rows.query(duplicata, DuplicataRow, reading.cabinet).where(
        here.prestataire == prestataire, here.numero == numero
    )
    return rows.read_all(reading.connection, DuplicataRow, query.order_by(here.rang))
