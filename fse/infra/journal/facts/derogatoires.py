"""Facts about what health networks pay besides the NGAP: recorded, cancelled. Each adds its own event."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import exists

from fse.infra.journal.events import Genre
from fse.infra.journal.facts import rows
from fse.infra.journal.schema.network_tables import derogatoire as ledger
from fse.infra.journal.schema.network_tables import derogatoire_annulee as cancelled
from fse.infra.journal.transaction import Reading, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class DerogatoireRow:
    """A service recorded. Dates in days, `montant` in centimes, `patient_present` 0 or 1.

    `empreinte_saisie` is `Coffre.content_fingerprint` of the input, `patient` that of the patient, `personne` an id
    given by `Transaction.person`; `professionnel` is a number, or the name that the network gives.
    """

    reference: str
    empreinte_saisie: str
    reseau: str
    code: str
    libelle: str
    critere: str
    professionnel: str
    date_soins: int
    nature: str
    patient_present: int
    montant: int
    patient: str
    personne: str
    enregistree_le: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DerogatoireAnnuleeRow:
    """Why, by whom and on which day (days) a service was cancelled: it is asked from its network no more."""

    reference: str
    motif: str
    auteur: str
    annulee_le: int


def record(transaction: Transaction, row: DerogatoireRow) -> None:
    """Record a service, and its event. A reference that is taken raises the error of the database."""
    rows.write(transaction.connection, ledger, transaction.cabinet, row)
    transaction.event(Genre.PRESTATION_DEROGATOIRE, asdict(row))


def cancel(transaction: Transaction, row: DerogatoireAnnuleeRow) -> None:
    """Record that a service is cancelled, and its event. One that is already raises the error of the database."""
    rows.write(transaction.connection, cancelled, transaction.cabinet, row)
    transaction.event(Genre.DEROGATOIRE_ANNULEE, asdict(row))


def find(reading: Reading, reference: str) -> DerogatoireRow | None:
    """The service of this reference, cancelled or not."""
    query = rows.query(ledger, DerogatoireRow, reading.cabinet).where(ledger.c.reference == reference)
    return rows.read_one(reading.connection, DerogatoireRow, query)


def find_cancellation(reading: Reading, reference: str) -> DerogatoireAnnuleeRow | None:
    """The cancellation of this service."""
    query = rows.query(cancelled, DerogatoireAnnuleeRow, reading.cabinet).where(cancelled.c.reference == reference)
    return rows.read_one(reading.connection, DerogatoireAnnuleeRow, query)


def of_period(reading: Reading, reseau: str, premier: int, dernier: int) -> list[DerogatoireRow]:
    """What was done in a network from a day to a day, both included, and not cancelled, the oldest first."""
    here = ledger.c
    query = rows.query(ledger, DerogatoireRow, reading.cabinet).where(
        here.reseau == reseau,
        here.date_soins >= premier,
        here.date_soins <= dernier,
        ~exists().where(rows.same(cancelled, ledger, "reference")),
    )
    return rows.read_all(reading.connection, DerogatoireRow, query.order_by(here.date_soins, here.reference))
