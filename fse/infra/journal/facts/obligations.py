"""Facts about duties: those that a person closed. Each adds its own event."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from fse.infra.journal.events import Genre
from fse.infra.journal.facts import rows
from fse.infra.journal.schema.obligation_tables import obligation_faite
from fse.infra.journal.transaction import Reading, Transaction

Verdict = Literal["faite", "sans_objet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationFaiteRow:
    """A duty closed. `nature` is its rule, `rang` tells apart those of one nature of an invoice; `faite_le` in days.

    `motif` says why it had no reason to be, "" otherwise, without personal data.
    """

    prestataire: str
    racine: int
    nature: str
    rang: int
    numero: int
    verdict: Verdict
    motif: str
    auteur: str
    faite_le: int


def close(transaction: Transaction, row: ObligationFaiteRow) -> None:
    """Record that a duty is closed, and its event. One that is closed already raises the error of the database."""
    rows.write(transaction.connection, obligation_faite, transaction.cabinet, row)
    transaction.event(Genre.OBLIGATION_FAITE, asdict(row))


def closed(reading: Reading) -> dict[tuple[str, str, int, int], ObligationFaiteRow]:
    """Every duty closed, by nature, prestataire, first invoice of its chain, and rank."""
    query = rows.query(obligation_faite, ObligationFaiteRow, reading.cabinet)
    found = rows.read_all(reading.connection, ObligationFaiteRow, query)
    return {(one.nature, one.prestataire, one.racine, one.rang): one for one in found}
