"""Facts about supporting documents: deposited for an invoice, then what became of each. Each adds its own event.

A document that was deposited for another invoice of the same person is a reference to it: its bytes are kept once.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from sqlalchemy import func, select

from fse.base.dates import to_days
from fse.infra.journal.events import Genre
from fse.infra.journal.facts import rows
from fse.infra.journal.schema.exchange_tables import piece as piece_table
from fse.infra.journal.schema.exchange_tables import piece_suite
from fse.infra.journal.transaction import Reading, Transaction

Fait = Literal["envoyee", "echec", "acceptee", "refusee", "papier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceRow:
    """A document of an invoice. `piece` is its number in the cabinet, `empreinte` the SHA-256 (hex) of its bytes.

    `contenu_piece` is the id of its bytes (PDF), `None` in a reference, whose `reprend` is the document that has them.
    """

    piece: int
    prestataire: str
    numero: int
    nature: str
    contenu_piece: str | None
    empreinte: str
    reprend: int | None
    auteur: str
    deposee_le: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceSuiteRow:
    """What became of a document; `rang` counts from 1 for each. `jour` in days, `instant` UTC.

    `code` is what went wrong, "" otherwise; `detail` is French, without personal data; `auteur` is "" when nobody did
    it by hand.
    """

    piece: int
    rang: int
    fait: Fait
    jour: int
    instant: str
    code: str
    detail: str
    auteur: str


def deposit(
    transaction: Transaction,
    prestataire: str,
    numero: int,
    *,
    nature: str,
    data: bytes | None,
    empreinte: str,
    reprend: int | None,
    auteur: str,
    le: int,
) -> PieceRow:
    """Keep a document, encrypted, or a reference to one (`data` is then `None`), and its event."""
    here = piece_table.c
    last = select(func.max(here.piece)).where(here.cabinet == transaction.cabinet)
    row = PieceRow(
        piece=(transaction.connection.execute(last).scalar_one() or 0) + 1,
        prestataire=prestataire,
        numero=numero,
        nature=nature,
        contenu_piece=None if data is None else transaction.store("piece", data),
        empreinte=empreinte,
        reprend=reprend,
        auteur=auteur,
        deposee_le=le,
    )
    rows.write(transaction.connection, piece_table, transaction.cabinet, row)
    transaction.event(Genre.PIECE_DEPOSEE, asdict(row))
    return row


def follow(
    transaction: Transaction, piece: int, fait: Fait, *, jour: int, code: str = "", detail: str = "", auteur: str = ""
) -> PieceSuiteRow:
    """Record what became of a document, and its event."""
    here = piece_suite.c
    last = select(func.max(here.rang)).where(here.cabinet == transaction.cabinet, here.piece == piece)
    row = PieceSuiteRow(
        piece=piece,
        rang=(transaction.connection.execute(last).scalar_one() or 0) + 1,
        fait=fait,
        jour=jour,
        instant=transaction.instant,
        code=code,
        detail=detail,
        auteur=auteur,
    )
    rows.write(transaction.connection, piece_suite, transaction.cabinet, row)
    transaction.event(Genre.PIECE_SUIVIE, asdict(row))
    return row


def all_pieces(reading: Reading) -> list[PieceRow]:
    """Every document, by number."""
    query = rows.query(piece_table, PieceRow, reading.cabinet)
    return rows.read_all(reading.connection, PieceRow, query.order_by(piece_table.c.piece))


def find(reading: Reading, piece: int) -> PieceRow | None:
    """The document of this number."""
    query = rows.query(piece_table, PieceRow, reading.cabinet).where(piece_table.c.piece == piece)
    return rows.read_one(reading.connection, PieceRow, query)


def of_digest(reading: Reading, empreinte: str) -> list[PieceRow]:
    """The documents that have these bytes, references included, by number."""
    query = rows.query(piece_table, PieceRow, reading.cabinet).where(piece_table.c.empreinte == empreinte)
    return rows.read_all(reading.connection, PieceRow, query.order_by(piece_table.c.piece))


def of_invoice(reading: Reading, prestataire: str, numero: int) -> list[PieceRow]:
    """The documents of an invoice, by number."""
    here = piece_table.c
    query = rows.query(piece_table, PieceRow, reading.cabinet).where(
        here.prestataire == prestataire, here.numero == numero
    )
    return rows.read_all(reading.connection, PieceRow, query.order_by(here.piece))


def followed(reading: Reading) -> dict[int, list[PieceSuiteRow]]:
    """What became of each document, oldest first; a document of which nothing is known is not there."""
    here = piece_suite.c
    query = rows.query(piece_suite, PieceSuiteRow, reading.cabinet).order_by(here.piece, here.rang)
    found: dict[int, list[PieceSuiteRow]] = {}
    for one in rows.read_all(reading.connection, PieceSuiteRow, query):
        found.setdefault(one.piece, []).append(one)
    return found


def between(reading: Reading, depuis: date, jusqu: date, *faits: Fait) -> list[PieceSuiteRow]:
    """What became so of documents between two civil dates, both included, oldest first."""
    here = piece_suite.c
    query = rows.query(piece_suite, PieceSuiteRow, reading.cabinet).where(
        here.fait.in_(faits), here.jour >= to_days(depuis), here.jour <= to_days(jusqu)
    )
    return rows.read_all(reading.connection, PieceSuiteRow, query.order_by(here.instant, here.piece, here.rang))
