"""Facts about lots: constituted, signed, and what is left to do with them. Each writing function adds its own event.

A lot that an invoice left before its signature is void: nothing lists it here, its number is burnt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, case, exists, insert, literal, select, tuple_

from fse.base.errors import UsageError
from fse.base.plages import LOTS, Plage
from fse.infra.journal.events import Genre
from fse.infra.journal.facts import compteurs, rows
from fse.infra.journal.facts.factures import NOT_ON_ITS_WAY, FactureRow, still_waiting
from fse.infra.journal.schema.derived import ETAT_FACTURE
from fse.infra.journal.schema.exchange_tables import relance
from fse.infra.journal.schema.fact_tables import facture as facture_table
from fse.infra.journal.schema.fact_tables import facture_reprise, fichier_lot, lot_facture, reprise, signature_lot
from fse.infra.journal.schema.fact_tables import lot as lot_table
from fse.infra.journal.schema.relations import LIVE_LOT, LIVE_LOT_INVOICE
from fse.infra.journal.transaction import Reading, Transaction

REUSE_DAYS = 90
_KEY = ("prestataire", "numero_lot", "date_lot")


@dataclass(frozen=True, slots=True, order=True)
class LotKey:
    """What is unique of a lot: its prestataire, its number (1 to 999), its date (days)."""

    prestataire: str
    numero_lot: int
    date_lot: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotRow:
    """A lot as it was constituted; `contenu_lot` is the id of its final bytes, records 1 to 6.

    `ancien_numero_lot` and `ancienne_date_lot` name the lot of the same prestataire that it replaces, if any.
    """

    prestataire: str
    numero_lot: int
    date_lot: int
    organisme: str
    type_destinataire: str
    centre: str
    certification: str
    remplacant: str
    ancien_numero_lot: int | None = None
    ancienne_date_lot: int | None = None
    contenu_lot: str

    @property
    def key(self) -> LotKey:
        return LotKey(self.prestataire, self.numero_lot, self.date_lot)


def allocate_numero_lot(
    transaction: Transaction,
    prestataire: str,
    date_lot: int,
    settled: Callable[[LotKey], bool],
    plage: Plage = LOTS,
) -> int:
    """The number of a new lot of this date: the next of the cycle 1 to 999 that is free and of this workstation.

    A number is not free when it was given on the same date, by a lot younger than 90 days, or by a live lot that is
    not `settled` (precisions, Emission); nor when the previous software may have given it in the last 90 days.
    Raises `UsageError` (`lot.numeros_epuises`) when none is.
    """
    name = compteurs.of_lots(prestataire)
    for _ in range(plage.taille):
        ordinal = transaction.allocate(name)
        candidate = LOTS.at(ordinal)
        if candidate not in plage:
            compteurs.raise_to(transaction, name, ordinal + (plage.premier - candidate) % LOTS.taille)
            candidate = plage.premier
        if _is_free(transaction, prestataire, candidate, date_lot, settled):
            return candidate
    raise UsageError(
        "lot.numeros_epuises",
        f"Les numéros de lot de ce praticien, de {plage}, sont tous pris.",
        action="Traiter les lots restés sans réponse complète, puis recommencer."
        if plage == LOTS
        else "Traiter les lots restés sans réponse complète, ou réserver à ce poste une plage de lots plus large.",
        lieu=f"praticien {prestataire}",
    )


def insert_lot(transaction: Transaction, lot: LotRow, numeros: Sequence[int]) -> None:
    """Record a lot and its invoices, in their order, and its event.

    Raises `UsageError` (`lot.facture_indisponible`) when an invoice does not wait for a lot, `ValueError` on a lot
    without invoices, with one twice, or with a number out of 1 to 999.
    """
    if not numeros or len(set(numeros)) != len(numeros) or lot.numero_lot not in LOTS:
        raise ValueError("a lot holds at least one invoice, each once, and has a number from 1 to 999")
    available = still_waiting(transaction, lot.prestataire, numeros)
    taken = [numero for numero in numeros if numero not in available]
    if taken:
        raise UsageError(
            "lot.facture_indisponible",
            "Cette facture n'attend pas de lot : elle est annulée, déjà dans un lot, ou ne se télétransmet pas.",
            action="Relancer l'émission : elle ne prend que les factures en attente.",
            lieu=f"facture {taken[0]}",
        )
    rows.write(transaction.connection, lot_table, transaction.cabinet, lot)
    key = {"cabinet": transaction.cabinet} | asdict(lot.key)
    transaction.connection.execute(
        insert(lot_facture),
        [key | {"ordre": ordre, "numero": numero} for ordre, numero in enumerate(numeros, start=1)],
    )
    transaction.event(Genre.LOT_CONSTITUE, asdict(lot) | {"factures": list(numeros)})


def left_lots(reading: Reading, numeros: Sequence[int]) -> dict[tuple[str, int], LotKey]:
    """The lot that each of these invoices left last because a payer refused it, by (prestataire, numero)."""
    held, decided = lot_facture.c, relance.c
    query = (
        select(held.prestataire, held.numero, held.numero_lot, held.date_lot)
        .join(relance, rows.same(relance, lot_facture, *_KEY))
        .where(
            held.cabinet == reading.cabinet,
            held.numero.in_(numeros),
            decided.genre == "relot",
            decided.numero_facture != held.numero,
        )
        .order_by(decided.decidee_le, held.date_lot, held.numero_lot)
    )
    found = reading.connection.execute(query)
    return {(prestataire, numero): LotKey(prestataire, lot, day) for prestataire, numero, lot, day in found}


def find_lot(reading: Reading, key: LotKey) -> LotRow | None:
    """The live lot of this key."""
    return rows.read_one(reading.connection, LotRow, _of_key(_live(reading), lot_table, key))


def lot_of(reading: Reading, prestataire: str, numero: int) -> LotRow | None:
    """The live lot that holds this invoice."""
    here, live = lot_facture.c, LIVE_LOT_INVOICE.c
    held = select(here.numero_lot, here.date_lot).where(
        here.cabinet == reading.cabinet, here.prestataire == prestataire, here.numero == numero
    )
    for numero_lot, date_lot in reading.connection.execute(held).all():  # few: found by the number of the invoice
        key = LotKey(prestataire, numero_lot, date_lot)
        query = select(live.numero).where(live.cabinet == reading.cabinet, live.numero == numero)
        if reading.connection.execute(_of_key(query, LIVE_LOT_INVOICE, key)).first() is not None:
            return find_lot(reading, key)
    return None


def live_lots(reading: Reading) -> list[LotRow]:
    """Every lot that is not void, oldest first."""
    return rows.read_all(reading.connection, LotRow, _live(reading))


def unsigned_lots(reading: Reading) -> list[LotRow]:
    """Live lots that wait for a signature, oldest first."""
    return rows.read_all(reading.connection, LotRow, _live(reading).where(_not_left(reading), ~_signed()))


def lots_without_file(reading: Reading) -> list[LotRow]:
    """Signed lots that no file holds yet, oldest first."""
    in_a_file = exists().where(rows.same(fichier_lot, lot_table, *_KEY))
    return rows.read_all(reading.connection, LotRow, _live(reading).where(_not_left(reading), _signed(), ~in_a_file))


def factures_of(reading: Reading, key: LotKey) -> list[FactureRow]:
    """The invoices of a lot, in its order; of a lot of the previous software, those that were open, by number."""
    return _held_by(reading, lot_facture, key, lot_facture.c.ordre) or _held_by(
        reading, facture_reprise, key, facture_reprise.c.numero
    )


def sign(transaction: Transaction, key: LotKey, cms: bytes) -> None:
    """Record the signature of a lot (detached CMS, DER), and its event.

    Raises `UsageError`: `lot.inconnu` when there is no such lot or it is void, `lot.deja_signe`.
    """
    place = f"praticien {key.prestataire}, lot {key.numero_lot:03d}"
    if find_lot(transaction, key) is None:
        raise UsageError(
            "lot.inconnu",
            "Ce lot n'existe pas, ou une de ses factures a été annulée.",
            action="Relancer l'émission : elle refait un lot avec les factures en attente.",
            lieu=place,
        )
    if signature_of(transaction, key) is not None:
        raise UsageError("lot.deja_signe", "Ce lot est déjà signé.", action="Il n'y a rien à faire.", lieu=place)
    contenu = transaction.store("signature", cms)
    values = {"cabinet": transaction.cabinet, "contenu_signature": contenu} | asdict(key)
    transaction.connection.execute(insert(signature_lot).values(values))
    transaction.event(Genre.LOT_SIGNE, asdict(key) | {"contenu_signature": contenu})


def signature_of(reading: Reading, key: LotKey) -> bytes | None:
    """The signature of a lot (detached CMS, DER), `None` while it waits for one."""
    query = select(signature_lot.c.contenu_signature).where(signature_lot.c.cabinet == reading.cabinet)
    contenu = reading.connection.execute(_of_key(query, signature_lot, key)).scalar_one_or_none()
    return None if contenu is None else reading.load(contenu)


def _live(reading: Reading) -> Select[Any]:
    live = exists().where(rows.same(LIVE_LOT, lot_table, *_KEY))
    here = lot_table.c
    return (
        rows.query(lot_table, LotRow, reading.cabinet)
        .where(live)
        .order_by(here.date_lot, here.prestataire, here.numero_lot)
    )


def _not_left(reading: Reading) -> ColumnElement[bool]:
    """Lots that hold an invoice that is not on its way: an index knows these, whatever else the journal holds."""
    here, state = lot_facture.c, ETAT_FACTURE.c
    held = (
        select(here.prestataire, here.numero_lot, here.date_lot)
        .join(ETAT_FACTURE, rows.same(ETAT_FACTURE, lot_facture, "prestataire", "numero"))
        .where(here.cabinet == reading.cabinet, state.etat.in_(NOT_ON_ITS_WAY))
    )
    return tuple_(*(lot_table.c[name] for name in _KEY)).in_(held)


def _signed() -> ColumnElement[bool]:
    return exists().where(rows.same(signature_lot, lot_table, *_KEY))


def _of_key(query: Select[Any], table: FromClause, key: LotKey) -> Select[Any]:
    return query.where(
        table.c.prestataire == key.prestataire,
        table.c.numero_lot == key.numero_lot,
        table.c.date_lot == key.date_lot,
    )


def _held_by(reading: Reading, table: Table, key: LotKey, order: ColumnElement[int]) -> list[FactureRow]:
    query = rows.query(facture_table, FactureRow, reading.cabinet).join(
        table, rows.same(table, facture_table, "prestataire", "numero")
    )
    return rows.read_all(reading.connection, FactureRow, _of_key(query, table, key).order_by(order))


def _is_free(
    reading: Reading, prestataire: str, numero_lot: int, date_lot: int, settled: Callable[[LotKey], bool]
) -> bool:
    if _may_be_of_previous_software(reading, prestataire, numero_lot, date_lot):
        return False
    live = exists().where(rows.same(LIVE_LOT, lot_table, *_KEY))
    ours = _given(reading, lot_table, prestataire, numero_lot, case((live, 1), else_=0))
    theirs = _given(reading, facture_reprise, prestataire, numero_lot, literal(1)).distinct()
    return all(
        date_lot - given >= REUSE_DAYS and (not is_live or settled(LotKey(prestataire, numero_lot, given)))
        for query in (ours, theirs)
        for given, is_live in reading.connection.execute(query).all()  # `settled` runs statements of its own
    )


def _given(reading: Reading, table: Table, prestataire: str, numero_lot: int, live: ColumnElement[int]) -> Select[Any]:
    """The dates on which this number was given, and whether that lot is live."""
    return select(table.c.date_lot, live).where(
        table.c.cabinet == reading.cabinet, table.c.prestataire == prestataire, table.c.numero_lot == numero_lot
    )


def _may_be_of_previous_software(reading: Reading, prestataire: str, numero_lot: int, date_lot: int) -> bool:
    """True when the previous software gave this number on its way to its last one, maybe less than 90 days ago."""
    here = reprise.c
    query = select(here.prestataire).where(
        here.cabinet == reading.cabinet,
        here.prestataire == prestataire,
        here.dernier_lot >= numero_lot,
        here.date_dernier_lot > date_lot - REUSE_DAYS,
    )
    return reading.connection.execute(query).first() is not None
