"""Facts about what was decided of a lot that did not arrive, or was refused. Each adds its own event.

Two decisions (architecture, decision 16): the lot leaves again unchanged in a new file (`renvoi`: no card), or its
invoices, but the one that the payer named, wait for a new lot (`relot`: that lot must be signed).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import func, select

from fse.infra.journal.events import Genre
from fse.infra.journal.facts import rows
from fse.infra.journal.facts.fichiers_emis import FichierEmisRow, freeze, name_of
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.schema.exchange_tables import relance
from fse.infra.journal.transaction import Reading, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class RelanceRow:
    """A decision about a lot; `rang` counts from 1 for each lot, `decidee_le` in days.

    `motif` is why ("accuse_negatif", "sans_accuse"). A `renvoi` names the new file by `emetteur` and `identifiant`;
    a `relot` names the invoice that stays behind, by its number (`numero_facture`, 0 in a `renvoi`).
    """

    prestataire: str
    numero_lot: int
    date_lot: int
    rang: int
    genre: Literal["renvoi", "relot"]
    motif: str
    numero_facture: int
    decidee_le: int
    emetteur: str | None
    identifiant: str | None

    @property
    def fichier(self) -> str:
        """The name of the new file, "" for a `relot`."""
        return name_of(self.emetteur, self.identifiant) if self.emetteur and self.identifiant else ""


def send_again(transaction: Transaction, lot: LotKey, fichier: FichierEmisRow, *, motif: str, le: int) -> RelanceRow:
    """Freeze the file that carries this lot a second time, its bytes unchanged, and record why, with the event."""
    freeze(transaction, fichier, [lot])
    row = _row(transaction, lot, "renvoi", motif, 0, le, (fichier.emetteur, fichier.identifiant))
    rows.write(transaction.connection, relance, transaction.cabinet, row)
    transaction.event(Genre.RELANCE_DECIDEE, asdict(fichier) | asdict(row) | {"lots": [asdict(lot)]})
    return row


def free_the_others(transaction: Transaction, lot: LotKey, numero_facture: int, *, motif: str, le: int) -> RelanceRow:
    """From now on the invoices of this lot wait for a new one, but the one named; the event is added."""
    row = _row(transaction, lot, "relot", motif, numero_facture, le, (None, None))
    rows.write(transaction.connection, relance, transaction.cabinet, row)
    transaction.event(Genre.RELANCE_DECIDEE, asdict(row))
    return row


def decisions(reading: Reading, lot: LotKey) -> list[RelanceRow]:
    """What was decided of a lot, oldest first."""
    here = relance.c
    query = rows.query(relance, RelanceRow, reading.cabinet).where(
        here.prestataire == lot.prestataire, here.numero_lot == lot.numero_lot, here.date_lot == lot.date_lot
    )
    return rows.read_all(reading.connection, RelanceRow, query.order_by(here.rang))


def _row(
    transaction: Transaction,
    lot: LotKey,
    genre: Literal["renvoi", "relot"],
    motif: str,
    numero_facture: int,
    le: int,
    fichier: tuple[str | None, str | None],
) -> RelanceRow:
    here = relance.c
    last = select(func.max(here.rang)).where(
        here.cabinet == transaction.cabinet,
        here.prestataire == lot.prestataire,
        here.numero_lot == lot.numero_lot,
        here.date_lot == lot.date_lot,
    )
    return RelanceRow(
        **asdict(lot),
        rang=(transaction.connection.execute(last).scalar_one() or 0) + 1,
        genre=genre,
        motif=motif,
        numero_facture=numero_facture,
        decidee_le=le,
        emetteur=fichier[0],
        identifiant=fichier[1],
    )
