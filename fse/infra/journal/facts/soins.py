"""The lines of the invoices secured, by patient: what the rules of pricing count. Facts of `facture_securisee`.

A patient is a keyed fingerprint, never a NIR; what was cancelled, or corrected by another invoice, does not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, exists, insert, select

from fse.infra.journal.events import canonical
from fse.infra.journal.facts import rows
from fse.infra.journal.schema.fact_tables import annulation, facture, soin
from fse.infra.journal.transaction import Reading, Transaction

_INVOICE = ("prestataire", "numero")


@dataclass(frozen=True, slots=True, kw_only=True)
class SoinRow:
    """One line: `ordre` from 1, `date_soins` in days, `heure` "HH:MM" or "", `coefficient` in hundredths.

    `acte` is its name in our tables, "" when it was given by its code; `trajet` and `foyer` are "" without a trip;
    `bilan` is the assessment of speech therapy that its prescription asks for, "" for none.
    """

    prestataire: str
    numero: int
    ordre: int
    patient: str
    executant: str
    date_soins: int
    heure: str
    acte: str
    code_acte: str
    coefficient: int
    quantite: int
    trajet: str
    foyer: str
    bilan: str


def patient_key(reading: Reading, nir: str, date_naissance: str, rang_naissance: int) -> str:
    """The fingerprint of a patient: the insured one's NIR, 13 characters, the birth date and rank on the card."""
    return reading.coffre.content_fingerprint(canonical(["patient", nir, date_naissance, rang_naissance]).encode())


def insert_soins(transaction: Transaction, soins: Iterable[SoinRow]) -> None:
    """Record the lines of an invoice; its event holds them."""
    values = [{"cabinet": transaction.cabinet, **asdict(one)} for one in soins]
    if values:
        transaction.connection.execute(insert(soin), values)


def soins_of_patient(reading: Reading, patient: str) -> list[SoinRow]:
    """All that was billed for a patient, the oldest first."""
    return _read(reading, soin.c.patient == patient)


def soins_of_executant(reading: Reading, executant: str, date_soins: int) -> list[SoinRow]:
    """All that someone did on a day (days since 1970), for whatever patient."""
    return _read(reading, soin.c.executant == executant, soin.c.date_soins == date_soins)


def soins_of_prestataire(reading: Reading, prestataire: str, code_acte: str) -> list[SoinRow]:
    """All that a prestataire billed by a letter, the oldest first."""
    return _read(reading, soin.c.prestataire == prestataire, soin.c.code_acte == code_acte)


def _read(reading: Reading, *wanted: ColumnElement[bool]) -> list[SoinRow]:
    corrected = facture.alias()
    dropped = exists(select(1).where(rows.same(annulation, soin, *_INVOICE))) | exists(
        select(1).where(
            corrected.c.cabinet == soin.c.cabinet,
            corrected.c.prestataire == soin.c.prestataire,
            corrected.c.remplace == soin.c.numero,
        )
    )
    query = rows.query(soin, SoinRow, reading.cabinet).where(*wanted, ~dropped)
    order = (soin.c.date_soins, soin.c.heure, soin.c.prestataire, soin.c.numero, soin.c.ordre)
    return rows.read_all(reading.connection, SoinRow, query.order_by(*order))
