"""The facts of the lots that are still on their way: read together, and for these lots only.

A lot is on its way until a payer acknowledged it or answered one of its invoices, until it left without anything to
wait for, or until each of its invoices stands on paper or is replaced. A lot acknowledged whose third-party payment is
not answered yet is still read: its transfer is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select

from fse.infra.journal.facts import rows
from fse.infra.journal.facts.exchanges.open_lots import (
    FILE,
    INVOICE,
    LOT,
    as_flag,
    is_answered,
    is_awaited,
    is_on_paper,
    is_open,
    is_settled_elsewhere,
    is_signed,
)
from fse.infra.journal.facts.fichiers_recus import AccuseRow
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.schema.exchange_tables import relance
from fse.infra.journal.schema.fact_tables import accuse, facture, fichier_emis, fichier_lot, lot, lot_facture
from fse.infra.journal.schema.relations import LEFT, LIVE_LOT, LIVE_LOT_INVOICE
from fse.infra.journal.transaction import Reading

_CHUNK = 100
"""Lots asked in one statement."""

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLotRow:
    """A lot on its way. `signe` and `repondu` are 0 or 1: signed; a payer answered one of its invoices.

    `ancien_numero_lot` and `ancienne_date_lot` name the refused lot that its invoices left, `None` when they left none.
    """

    prestataire: str
    numero_lot: int
    date_lot: int
    organisme: str
    type_destinataire: str
    centre: str
    certification: str
    ancien_numero_lot: int | None
    ancienne_date_lot: int | None
    signe: int
    repondu: int

    @property
    def key(self) -> LotKey:
        return LotKey(self.prestataire, self.numero_lot, self.date_lot)

    @property
    def ancien(self) -> LotKey | None:
        if self.ancien_numero_lot is None or self.ancienne_date_lot is None:
            return None
        return LotKey(self.prestataire, self.ancien_numero_lot, self.ancienne_date_lot)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """An invoice of a lot. `vivante`: it did not leave it; `reglee`: a duplicate (`sur_papier`) or an invoice replaces
    it; `attendue`: a payment of it is awaited (0 or 1).
    """

    numero: int
    securisee_le: int
    attend_amo: int
    total_honoraires: int
    vivante: int
    reglee: int
    sur_papier: int
    attendue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierRow:
    """A file that holds a lot; `parti_le` (days) is `None` until it leaves, `canal` "" when someone else sends it."""

    emetteur: str
    identifiant: str
    canal: str
    date_creation: int
    parti_le: int | None


@dataclass(frozen=True, slots=True)
class LotOnItsWay:
    """All the facts of one lot; `decisions`: what was decided of it, `renvoi` or `relot`."""

    lot: OpenLotRow
    factures: tuple[HeldRow, ...]
    fichiers: tuple[CarrierRow, ...]
    accuses: tuple[AccuseRow, ...]
    decisions: tuple[str, ...]


def on_their_way(reading: Reading) -> list[LotOnItsWay]:
    """The lots on their way, oldest first."""
    here = lot.c
    query = _lots(reading).where(is_open()).order_by(here.date_lot, here.prestataire, here.numero_lot)
    return _complete(reading, rows.read_all(reading.connection, OpenLotRow, query))


def of_lots(reading: Reading, keys: Iterable[LotKey]) -> list[LotOnItsWay]:
    """The same facts of these lots, whether they are on their way or not, oldest first; void ones are left out."""
    found: list[OpenLotRow] = []
    for chunk in _chunks(sorted(keys)):
        found += rows.read_all(reading.connection, OpenLotRow, _lots(reading).where(_among(lot, chunk)))
    return _complete(reading, sorted(found, key=lambda one: (one.date_lot, one.prestataire, one.numero_lot)))


def lots_that_held(reading: Reading, prestataire: str, numero: int) -> list[LotKey]:
    """Every lot that an invoice entered and that is not void, oldest first; it is live in the last one at most."""
    here = lot_facture.c
    query = (
        rows.query(lot_facture, LotKey, reading.cabinet)
        .where(here.prestataire == prestataire, here.numero == numero)
        .where(exists().where(rows.same(LIVE_LOT, lot_facture, *LOT)))
    )
    return rows.read_all(reading.connection, LotKey, query.order_by(here.date_lot, here.numero_lot))


def is_resend(reading: Reading, emetteur: str, identifiant: str) -> bool:
    """True of a file that was made to send a lot again."""
    here = relance.c
    query = select(here.rang).where(
        here.cabinet == reading.cabinet, here.emetteur == emetteur, here.identifiant == identifiant
    )
    return reading.connection.execute(query).first() is not None


def acknowledged_by(reading: Reading, key: LotKey) -> list[tuple[str, AccuseRow]]:
    """What was acknowledged of a lot, with the digest of the file that says so; oldest first."""
    here = accuse.c
    query = select(here.fichier, *(here[field.name] for field in fields(AccuseRow))).where(
        here.cabinet == reading.cabinet, _among(accuse, [key])
    )
    found = reading.connection.execute(query.order_by(here.recu_le, here.fichier, here.rang)).mappings()
    return [(row["fichier"], AccuseRow(**{name: row[name] for name in row if name != "fichier"})) for row in found]


def _lots(reading: Reading) -> Select[Any]:
    here = lot.c
    plain = (field.name for field in fields(OpenLotRow) if field.name not in ("signe", "repondu"))
    return select(
        *(here[name] for name in plain),
        as_flag(is_signed()).label("signe"),
        as_flag(is_answered()).label("repondu"),
    ).where(here.cabinet == reading.cabinet, exists().where(rows.same(LIVE_LOT, lot, *LOT)))


def _complete(reading: Reading, lots: Sequence[OpenLotRow]) -> list[LotOnItsWay]:
    keys = [one.key for one in lots]
    invoices = _by_lot(reading, HeldRow, _invoices(reading), lot_facture, keys)
    files = _by_lot(reading, CarrierRow, _files(reading), fichier_lot, keys)
    told = select(*(accuse.c[field.name] for field in fields(AccuseRow))).where(accuse.c.cabinet == reading.cabinet)
    accuses = _by_lot(reading, AccuseRow, told, accuse, keys)
    decisions = decisions_of(reading, keys)
    return [
        LotOnItsWay(
            one,
            tuple(invoices.get(one.key, ())),
            tuple(files.get(one.key, ())),
            tuple(accuses.get(one.key, ())),
            tuple(decisions.get(one.key, ())),
        )
        for one in lots
    ]


def _invoices(reading: Reading) -> Select[Any]:
    here = facture.c
    live = exists().where(rows.same(LIVE_LOT_INVOICE, lot_facture, *LOT, "numero"))
    return (
        select(
            here.numero,
            here.securisee_le,
            here.attend_amo,
            here.total_honoraires,
            as_flag(live).label("vivante"),
            as_flag(is_settled_elsewhere()).label("reglee"),
            as_flag(is_on_paper()).label("sur_papier"),
            as_flag(is_awaited()).label("attendue"),
        )
        .join_from(lot_facture, facture, rows.same(lot_facture, facture, *INVOICE))
        .where(lot_facture.c.cabinet == reading.cabinet)
    )


def _files(reading: Reading) -> Select[Any]:
    here = fichier_emis.c
    return (
        select(here.emetteur, here.identifiant, here.canal, here.date_creation, LEFT.c.parti_le)
        .join_from(fichier_lot, fichier_emis, rows.same(fichier_lot, fichier_emis, *FILE))
        .join(LEFT, rows.same(LEFT, fichier_emis, *FILE))
        .where(fichier_lot.c.cabinet == reading.cabinet)
    )


def _by_lot(
    reading: Reading, kind: type[_Row], query: Select[Any], source: Any, keys: Sequence[LotKey]
) -> dict[LotKey, list[_Row]]:
    """The rows of a query, lot by lot; `source` is its table that names the lot."""
    found: dict[LotKey, list[_Row]] = {}
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    keyed = query.add_columns(*(source.c[name].label(f"lot_{name}") for name in LOT))
    for chunk in _chunks(keys):
        for row in reading.connection.execute(keyed.where(_among(source, chunk))).mappings():
            key = LotKey(*(row[f"lot_{name}"] for name in LOT))
            found.setdefault(key, []).append(kind(**{name: row[name] for name in names}))
    return found


def decisions_of(reading: Reading, keys: Sequence[LotKey]) -> dict[LotKey, list[str]]:
    """What was decided of these lots, `renvoi` or `relot`; those of which nothing was are not there."""
    here = relance.c
    found: dict[LotKey, list[str]] = {}
    query = select(*(here[name] for name in LOT), here.genre).where(here.cabinet == reading.cabinet)
    for chunk in _chunks(keys):
        for *key, genre in reading.connection.execute(query.where(_among(relance, chunk))):
            found.setdefault(LotKey(*key), []).append(genre)
    return found


def _among(source: Any, keys: Sequence[LotKey]) -> ColumnElement[bool]:
    """One of these lots: said key by key, for SQLite only reads an index by the first column of a row value."""
    if not keys:
        return false()
    return or_(*(and_(*(source.c[name] == getattr(key, name) for name in LOT)) for key in keys))


def _chunks(keys: Sequence[LotKey]) -> Iterator[Sequence[LotKey]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
