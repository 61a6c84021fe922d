"""The lines of the invoices secured, by patient: what the rules of pricing count. Facts of `facture_securisee`.

A patient is a keyed fingerprint, never a NIR. Neither what was cancelled counts, nor what an invoice corrects that was
not cancelled itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, RowMapping, exists, insert, select

from fse.infra.journal.events import canonical
from fse.infra.journal.facts import rows
from fse.infra.journal.schema.fact_tables import annulation, facture, soin
from fse.infra.journal.transaction import Reading, Transaction

_INVOICE = ("prestataire", "numero")


@dataclass(frozen=True, slots=True, kw_only=True)
class SoinRow:
    """One line: `ordre` from 1, `date_soins` in days, `heure` "HH:MM" or "".

    Coefficients are in hundredths: `coefficient` is that of the act, `coefficient_facture` what article 11 B left of
    it. `acte` is its name in our tables, "" when it was given by its code; `trajet` and `foyer` are "" without a trip;
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
    coefficient_facture: int
    quantite: int
    trajet: str
    foyer: str
    bilan: str


@dataclass(frozen=True, slots=True)
class SoinSecurise:
    """A line with what its invoice is: its `reference`, and `racine`, the first number of its chain of corrections."""

    soin: SoinRow
    reference: str
    racine: int


def patient_key(reading: Reading, nir: str, date_naissance: str, rang_naissance: int) -> str:
    """The fingerprint of a patient: a NIR, 13 characters (their own when it is known, else that of the insured one),
    the birth date and rank on the card.
    """
    return reading.coffre.content_fingerprint(canonical(["patient", nir, date_naissance, rang_naissance]).encode())


def insert_soins(transaction: Transaction, soins: Iterable[SoinRow]) -> None:
    """Record the lines of an invoice; its event holds them."""
    values = [{"cabinet": transaction.cabinet, **asdict(one)} for one in soins]
    if values:
        transaction.connection.execute(insert(soin), values)


def soins_of_patient(reading: Reading, patient: str) -> list[SoinSecurise]:
    """All that was billed for a patient, the oldest first."""
    return _read(reading, soin.c.patient == patient)


def soins_of_executant(reading: Reading, executant: str, debut: int, fin: int) -> list[SoinSecurise]:
    """All that someone did from a day to a day (days since 1970, both included), for whatever patient."""
    return _read(reading, soin.c.executant == executant, soin.c.date_soins.between(debut, fin))


def soins_of_prestataire(reading: Reading, prestataire: str, code_acte: str) -> list[SoinSecurise]:
    """All that a prestataire billed by a letter, the oldest first."""
    return _read(reading, soin.c.prestataire == prestataire, soin.c.code_acte == code_acte)


def _read(reading: Reading, *wanted: ColumnElement[bool]) -> list[SoinSecurise]:
    correction, given_up = facture.alias(), annulation.alias()
    corrected = exists(
        select(1).where(
            correction.c.cabinet == soin.c.cabinet,
            correction.c.prestataire == soin.c.prestataire,
            correction.c.remplace == soin.c.numero,
            ~exists(select(1).where(rows.same(given_up, correction, *_INVOICE))),
        )
    )
    query = (
        rows.query(soin, SoinRow, reading.cabinet)
        .add_columns(facture.c.reference, facture.c.racine)
        .join(facture, rows.same(facture, soin, *_INVOICE))
        .where(*wanted, ~exists(select(1).where(rows.same(annulation, soin, *_INVOICE))), ~corrected)
        .order_by(soin.c.date_soins, soin.c.heure, soin.c.prestataire, soin.c.numero, soin.c.ordre)
    )
    return [_secured(row) for row in reading.connection.execute(query).mappings()]


def _secured(row: RowMapping) -> SoinSecurise:
    line = dict(row)
    reference, racine = line.pop("reference"), line.pop("racine")
    return SoinSecurise(SoinRow(**line), reference, racine)
