"""The lines of the invoices secured, by patient: what the rules of pricing and the figures of a practice count.

Facts of `facture_securisee`.

A patient is a keyed fingerprint, never a NIR. Neither what was cancelled counts, nor what an invoice corrects that was
not cancelled itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, RowMapping, case, exists, func, insert, or_, select

from fse.infra.journal.events import canonical
from fse.infra.journal.facts import rows
from fse.infra.journal.schema.fact_tables import annulation, facture, soin
from fse.infra.journal.transaction import Reading, Transaction

_INVOICE = ("prestataire", "numero")


@dataclass(frozen=True, slots=True, kw_only=True)
class SoinRow:
    """One line: `ordre` from 1, `date_soins` in days, `heure` "HH:MM" or "". `executant`: whose activity it is;
    `remplacant`: who did it in their place, "" when they did it.

    Coefficients are in hundredths: `coefficient` is that of the act, `coefficient_facture` what article 11 B left of
    it. `acte` is its name in our tables, "" when it was given by its code; `trajet` and `foyer` are "" without a trip;
    `bilan` is the assessment of speech therapy that its prescription asks for, "" for none. `honoraires` and `base` in
    centimes, for the whole line; `ccam`: the codes of its acts of the CCAM, with a space between, "" for none.
    """

    prestataire: str
    numero: int
    ordre: int
    patient: str
    executant: str
    remplacant: str
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
    honoraires: int
    base: int
    ccam: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class HonorairesRow:
    """The lines of one kind that someone did on a day (days since 1970) for a prestataire, those billed above the
    tariff (`au_dessus`, 0 or 1) apart, and those of each `remplacant` ("": of none). Amounts in centimes; `quantite`
    adds up theirs.
    """

    executant: str
    remplacant: str
    prestataire: str
    date_soins: int
    code_acte: str
    ccam: str
    au_dessus: int
    honoraires: int
    base: int
    quantite: int


class Visites(NamedTuple):
    """`date_soins` in days."""

    executant: str
    prestataire: str
    date_soins: int
    nombre: int


def fees(reading: Reading, debut: int, fin: int, praticiens: Collection[str] | None) -> list[HonorairesRow]:
    """What was billed from a day to a day, both included, by these prestataires or done by them; `None`: by all."""
    above = case((soin.c.honoraires > soin.c.base, 1), else_=0).label("au_dessus")
    lines = select(soin, above).where(*_done(reading, debut, fin, praticiens)).subquery().c
    names = ("executant", "remplacant", "prestataire", "date_soins", "code_acte", "ccam", "au_dessus")
    kind = tuple(lines[name] for name in names)
    sums = (lines.honoraires, lines.base, lines.quantite)
    query = select(*kind, *(func.sum(one).label(one.name) for one in sums)).group_by(*kind).order_by(*kind)
    return [_billed(row) for row in reading.connection.execute(query).mappings()]


def _billed(row: RowMapping) -> HonorairesRow:
    """PostgreSQL adds integers up to decimals."""
    added = {name: int(row[name]) for name in ("honoraires", "base", "quantite")}
    return HonorairesRow(**{**row, **added})


def visits(reading: Reading, debut: int, fin: int, praticiens: Collection[str] | None) -> list[Visites]:
    """How many visits each made on a day for a prestataire.

    A visit is one patient at one hour; two of a day of which neither has an hour count as one.
    """
    here = soin.c
    whose = ("executant", "prestataire", "date_soins")
    each = (
        select(*(here[name] for name in whose), here.patient, here.heure)
        .where(*_done(reading, debut, fin, praticiens))
        .distinct()
        .subquery()
    )
    kind = tuple(each.c[name] for name in whose)
    query = select(*kind, func.count().label("nombre")).group_by(*kind).order_by(*kind)
    return [Visites(**row) for row in reading.connection.execute(query).mappings()]


def _done(reading: Reading, debut: int, fin: int, praticiens: Collection[str] | None) -> Iterator[ColumnElement[bool]]:
    yield soin.c.cabinet == reading.cabinet
    yield soin.c.date_soins.between(debut, fin)
    if praticiens is not None:
        yield or_(soin.c.prestataire.in_(praticiens), soin.c.executant.in_(praticiens))
    yield counts()


@cache
def counts() -> ColumnElement[bool]:
    """Whether a line counts: its invoice was neither cancelled nor corrected."""
    correction, given_up = facture.alias(), annulation.alias()
    corrected = exists(
        select(1).where(
            correction.c.cabinet == soin.c.cabinet,
            correction.c.prestataire == soin.c.prestataire,
            correction.c.remplace == soin.c.numero,
            ~exists(select(1).where(rows.same(given_up, correction, *_INVOICE))),
        )
    )
    return ~exists(select(1).where(rows.same(annulation, soin, *_INVOICE))) & ~corrected


def _read(reading: Reading, *wanted: ColumnElement[bool]) -> list[SoinSecurise]:
    query = (
        rows.query(soin, SoinRow, reading.cabinet)
        .add_columns(facture.c.reference, facture.c.racine)
        .join(facture, rows.same(facture, soin, *_INVOICE))
        .where(*wanted, counts())
        .order_by(soin.c.date_soins, soin.c.heure, soin.c.prestataire, soin.c.numero, soin.c.ordre)
    )
    return [_secured(row) for row in reading.connection.execute(query).mappings()]


def _secured(row: RowMapping) -> SoinSecurise:
    line = dict(row)
    reference, racine = line.pop("reference"), line.pop("racine")
    return SoinSecurise(SoinRow(**line), reference, racine)
