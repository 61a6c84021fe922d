"""What a failure concerns: the lots of a file, the invoices and the fund of a lot, when each left and was answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import and_, func, select

from fse.app.operations.incidents.ligne import Lot
from fse.base.dates import from_days
from fse.infra.journal import Genre, Reading
from fse.infra.journal.facts import rows
from fse.infra.journal.facts.fichiers_emis import name_of
from fse.infra.journal.facts.fichiers_recus import AccuseRow
from fse.infra.journal.facts.lots import LotKey, LotRow
from fse.infra.journal.schema import derived
from fse.infra.journal.schema.fact_tables import accuse, fichier_lot, fichier_recu, lot_facture
from fse.infra.journal.schema.fact_tables import lot as lot_table
from fse.infra.journal.schema.relations import LEFT, LIVE_LOT_INVOICE
from fse.infra.journal.upkeep.facts import events

_TOLD: dict[Genre, tuple[str, ...]] = {
    Genre.FICHIER_RECU: ("empreinte",),
    Genre.RELANCE_DECIDEE: ("prestataire", "numero_lot", "date_lot", "rang"),
    Genre.DUPLICATA_EDITE: ("prestataire", "numero", "rang"),
}
"""What names a fact in the event that recorded it."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A lot that a file of ours took away."""

    lot: LotKey
    fichier: str
    identifiant: str
    parti_le: date


class Concerned:
    """The lots of a journal and what carried them, read once."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    @cached_property
    def _lots(self) -> dict[LotKey, LotRow]:
        query = rows.query(lot_table, LotRow, self._reading.cabinet)
        return {row.key: row for row in rows.read_all(self._reading.connection, LotRow, query)}

    @cached_property
    def _invoices(self) -> dict[LotKey, list[int]]:
        here = lot_facture.c
        query = select(here.prestataire, here.numero_lot, here.date_lot, here.numero).where(
            here.cabinet == self._reading.cabinet
        )
        found: dict[LotKey, list[int]] = {}
        for prestataire, numero_lot, date_lot, numero in self._reading.connection.execute(query):
            found.setdefault(LotKey(prestataire, numero_lot, date_lot), []).append(numero)
        return found

    @cached_property
    def _files(self) -> dict[tuple[str, str], list[LotKey]]:
        here = fichier_lot.c
        query = select(fichier_lot).where(here.cabinet == self._reading.cabinet)
        found: dict[tuple[str, str], list[LotKey]] = {}
        for row in self._reading.connection.execute(query.order_by(here.emetteur, here.identifiant, here.ordre)):
            key = LotKey(row.prestataire, row.numero_lot, row.date_lot)
            found.setdefault((row.emetteur, row.identifiant), []).append(key)
        return found

    @cached_property
    def left(self) -> dict[str, date]:
        """The day on which each file that fse sent left, by its name."""
        here = LEFT.c
        query = select(here.emetteur, here.identifiant, here.parti_le).where(
            here.cabinet == self._reading.cabinet, here.canal != "", here.parti_le.is_not(None)
        )
        found = self._reading.connection.execute(query)
        return {name_of(emetteur, identifiant): from_days(day) for emetteur, identifiant, day in found}

    @cached_property
    def accuses(self) -> dict[LotKey, list[AccuseRow]]:
        """What was acknowledged of each lot, oldest first."""
        here = accuse.c
        query = rows.query(accuse, AccuseRow, self._reading.cabinet).order_by(here.recu_le, here.fichier, here.rang)
        found: dict[LotKey, list[AccuseRow]] = {}
        for row in rows.read_all(self._reading.connection, AccuseRow, query):
            found.setdefault(LotKey(row.prestataire, row.numero_lot, row.date_lot), []).append(row)
        return found

    @cached_property
    def answered(self) -> dict[LotKey, date]:
        """The first day on which an answer of a payer to an invoice of each lot was received."""
        matched, held = derived.METADATA.tables["appariement"], LIVE_LOT_INVOICE
        here = held.c
        query = (
            select(here.prestataire, here.numero_lot, here.date_lot, func.min(fichier_recu.c.recu_le))
            .join_from(held, matched, rows.same(matched, held, "prestataire", "numero"))
            .join(
                fichier_recu,
                and_(fichier_recu.c.cabinet == matched.c.cabinet, fichier_recu.c.empreinte == matched.c.fichier),
            )
            .where(here.cabinet == self._reading.cabinet)
            .group_by(here.prestataire, here.numero_lot, here.date_lot)
        )
        return {LotKey(*key): from_days(day) for *key, day in self._reading.connection.execute(query)}

    @cached_property
    def instants(self) -> dict[tuple[str | int, ...], str]:
        """When what has no instant of its own was recorded: a received file by its digest, a decision by its lot and
        rank, a duplicate by its invoice and rank.
        """
        found: dict[tuple[str | int, ...], str] = {}
        for _, genre, instant, told in events(self._reading, *_TOLD):
            found[genre, *(told[name] for name in _TOLD[Genre(genre)])] = instant
        return found

    def instant(self, genre: Genre, *key: str | int) -> str:
        """When this was recorded (UTC)."""
        return self.instants.get((genre, *key), "")

    def lot(self, key: LotKey) -> LotRow | None:
        """The lot of this key, void ones included."""
        return self._lots.get(key)

    def lots_of_file(self, emetteur: str, identifiant: str) -> list[LotKey]:
        """The lots that a file holds, in its order."""
        return self._files.get((emetteur, identifiant), [])

    def lots_of_invoice(self, prestataire: str, numero: int) -> list[LotKey]:
        """The lots that hold, or held, an invoice, oldest first."""
        held = (key for key, numeros in self._invoices.items() if key.prestataire == prestataire and numero in numeros)
        return sorted(held, key=lambda key: (key.date_lot, key.numero_lot))

    def file_named(self, lot: LotKey, identifiant: str) -> str:
        """The name of the file of this id that holds the lot, "" when there is none."""
        files = (key for key, held in self._files.items() if key[1] == identifiant and lot in held)
        return next((name_of(emetteur, one) for emetteur, one in files), "")

    def departures(self) -> Iterator[Departure]:
        """Each lot that a file of ours took away, once for each file."""
        for (emetteur, identifiant), held in self._files.items():
            name = name_of(emetteur, identifiant)
            day = self.left.get(name)
            if day is not None:
                yield from (Departure(lot, name, identifiant, day) for lot in held)

    def acknowledged(self, departure: Departure, until: date) -> bool:
        """True when an acknowledgement of this departure came, positive or negative, at the latest on a day; so does
        any answer of a payer to an invoice of the lot, which it has then.
        """
        answered = self.answered.get(departure.lot)
        if answered is not None and answered <= until:
            return True
        for one in self.accuses.get(departure.lot, ()):
            ours = one.identifiant_fichier == departure.identifiant or from_days(one.recu_le) >= departure.parti_le
            if ours and from_days(one.recu_le) <= until:
                return True
        return False

    def named(self, lots: Iterable[LotKey]) -> tuple[Lot, ...]:
        """Lots as the log shows them."""
        return tuple(
            Lot(prestataire=key.prestataire, numero_lot=key.numero_lot, date_lot=from_days(key.date_lot))
            for key in lots
        )

    def invoices(self, lots: Iterable[LotKey]) -> tuple[int, ...]:
        """The numbers of the invoices of lots."""
        return tuple(sorted({numero for key in lots for numero in self._invoices.get(key, ())}))

    def funds(self, lots: Iterable[LotKey]) -> tuple[str, ...]:
        """The funds of lots."""
        return tuple(sorted({self._lots[key].organisme for key in lots if key in self._lots}))
