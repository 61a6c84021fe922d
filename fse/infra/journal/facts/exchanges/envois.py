"""Facts about the attempts to send a file, and the outbox that follows from them. Each adds its own event.

The outbox is derived: a file that fse sends itself stays in it until an attempt was accepted, and comes back when its
recipient could not be reached after all. An attempt never changes the file: its bytes were frozen before the first one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from sqlalchemy import ColumnElement, exists, func, or_, select

from fse.base.dates import to_days
from fse.infra.journal.events import Genre
from fse.infra.journal.facts import rows
from fse.infra.journal.facts.fichiers_emis import FichierEmisRow
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.schema.exchange_tables import duplicata, envoi
from fse.infra.journal.schema.fact_tables import annulation, facture, fichier_ecrit, fichier_emis, fichier_lot
from fse.infra.journal.schema.relations import LIVE_LOT_INVOICE
from fse.infra.journal.transaction import Reading, Transaction

Resultat = Literal["accepte", "differe", "refuse", "incertain", "non_remis"]

_KEY = ("emetteur", "identifiant")
_LOT = ("prestataire", "numero_lot", "date_lot")
_INVOICE = ("prestataire", "numero")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvoiRow:
    """One attempt, or what was learned of it later (`non_remis`). `tentative` counts from 1 for each file.

    `jour` in days, `instant` UTC; `code` is what the other side answered ("250", "451"…; "" when nobody answered, in an
    outage), `detail` a French sentence.
    """

    emetteur: str
    identifiant: str
    tentative: int
    jour: int
    instant: str
    resultat: Resultat
    code: str
    detail: str


def record(
    transaction: Transaction,
    emetteur: str,
    identifiant: str,
    *,
    jour: int,
    resultat: Resultat,
    code: str = "",
    detail: str = "",
) -> EnvoiRow:
    """Record what came of sending a file, and its event."""
    here = envoi.c
    last = select(func.max(here.tentative)).where(
        here.cabinet == transaction.cabinet, here.emetteur == emetteur, here.identifiant == identifiant
    )
    row = EnvoiRow(
        emetteur=emetteur,
        identifiant=identifiant,
        tentative=(transaction.connection.execute(last).scalar_one() or 0) + 1,
        jour=jour,
        instant=transaction.instant,
        resultat=resultat,
        code=code,
        detail=detail,
    )
    rows.write(transaction.connection, envoi, transaction.cabinet, row)
    transaction.event(Genre.ENVOI_TENTE, asdict(row))
    return row


def outbox(reading: Reading) -> list[FichierEmisRow]:
    """The files that fse has to send and that were not taken over, in the order of their ids.

    A file all of whose sheets left on paper, or were corrected, is not sent any more: they would be paid twice.
    """
    here = fichier_emis.c
    query = rows.query(fichier_emis, FichierEmisRow, reading.cabinet)
    query = query.where(here.canal != "", ~_accepted(), _holds(~_is_settled()))
    return rows.read_all(reading.connection, FichierEmisRow, query.order_by(here.emetteur, here.identifiant))


def to_hand_over(reading: Reading) -> list[FichierEmisRow]:
    """The files that someone else sends and that are not on the disk yet, in the order of their ids.

    Like those of the outbox, they hold a sheet that is neither on paper nor corrected.
    """
    here = fichier_emis.c
    written = exists().where(rows.same(fichier_ecrit, fichier_emis, *_KEY))
    query = rows.query(fichier_emis, FichierEmisRow, reading.cabinet)
    query = query.where(here.canal == "", ~written, _holds(~_is_settled()))
    return rows.read_all(reading.connection, FichierEmisRow, query.order_by(here.emetteur, here.identifiant))


def attempts(reading: Reading, emetteur: str, identifiant: str) -> list[EnvoiRow]:
    """The attempts of a file, oldest first."""
    here = envoi.c
    query = rows.query(envoi, EnvoiRow, reading.cabinet).where(
        here.emetteur == emetteur, here.identifiant == identifiant
    )
    return rows.read_all(reading.connection, EnvoiRow, query.order_by(here.tentative))


def failures(reading: Reading, depuis: date, jusqu: date) -> list[EnvoiRow]:
    """The attempts that failed between two civil dates, both included, oldest first."""
    here = envoi.c
    query = rows.query(envoi, EnvoiRow, reading.cabinet).where(
        here.resultat != "accepte", here.jour >= to_days(depuis), here.jour <= to_days(jusqu)
    )
    return rows.read_all(reading.connection, EnvoiRow, query.order_by(here.instant, here.emetteur, here.identifiant))


def files_holding(reading: Reading, lots: Iterable[LotKey]) -> dict[LotKey, list[FichierEmisRow]]:
    """The files of each of these lots, first one first, whether written or sent or not."""
    found = {}
    for lot in lots:
        held = exists().where(
            rows.same(fichier_lot, fichier_emis, *_KEY),
            fichier_lot.c.prestataire == lot.prestataire,
            fichier_lot.c.numero_lot == lot.numero_lot,
            fichier_lot.c.date_lot == lot.date_lot,
        )
        query = rows.query(fichier_emis, FichierEmisRow, reading.cabinet).where(held)
        order = (fichier_emis.c.date_creation, fichier_emis.c.identifiant)
        found[lot] = rows.read_all(reading.connection, FichierEmisRow, query.order_by(*order))
    return found


def sheets_on_paper(reading: Reading, emetteur: str, identifiant: str) -> list[int]:
    """The numbers of the sheets of a file that a paper duplicate replaces."""
    return _sheets(reading, emetteur, identifiant, _has_duplicate())


def sheets_corrected(reading: Reading, emetteur: str, identifiant: str) -> list[int]:
    """The numbers of the sheets of a file that a later invoice, not cancelled, corrects."""
    return _sheets(reading, emetteur, identifiant, _is_corrected())


def sheets_left(reading: Reading, emetteur: str, identifiant: str) -> list[int]:
    """The numbers of the sheets of a file that only this file can still take away: neither on paper nor corrected."""
    return _sheets(reading, emetteur, identifiant, ~_is_settled())


def _sheets(reading: Reading, emetteur: str, identifiant: str, condition: ColumnElement[bool]) -> list[int]:
    here = fichier_lot.c
    query = (
        select(LIVE_LOT_INVOICE.c.numero)
        .join_from(LIVE_LOT_INVOICE, fichier_lot, rows.same(LIVE_LOT_INVOICE, fichier_lot, *_LOT))
        .where(here.cabinet == reading.cabinet, here.emetteur == emetteur, here.identifiant == identifiant, condition)
        .order_by(LIVE_LOT_INVOICE.c.numero)
    )
    return list(reading.connection.execute(query).scalars())


def _is_settled() -> ColumnElement[bool]:
    """A live sheet must not leave any more."""
    return or_(_has_duplicate(), _is_corrected())


def _has_duplicate() -> ColumnElement[bool]:
    return exists().where(rows.same(duplicata, LIVE_LOT_INVOICE, *_INVOICE))


def _is_corrected() -> ColumnElement[bool]:
    held, later = facture.alias("tenue"), facture.alias("suivante")
    cancelled = exists().where(rows.same(annulation, later, *_INVOICE))
    return exists().where(
        rows.same(held, LIVE_LOT_INVOICE, *_INVOICE),
        rows.same(later, held, "prestataire", "racine"),
        later.c.rang_chaine > held.c.rang_chaine,
        ~cancelled,
    )


def _holds(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A live sheet of the file is so."""
    return exists().where(
        rows.same(fichier_lot, fichier_emis, *_KEY), rows.same(LIVE_LOT_INVOICE, fichier_lot, *_LOT), condition
    )


def _accepted() -> ColumnElement[bool]:
    """The last thing known of the file is that it was taken over."""
    later = envoi.alias("suite")
    undone = exists().where(rows.same(later, envoi, *_KEY), later.c.tentative > envoi.c.tentative)
    return exists().where(rows.same(envoi, fichier_emis, *_KEY), envoi.c.resultat == "accepte", ~undone)
