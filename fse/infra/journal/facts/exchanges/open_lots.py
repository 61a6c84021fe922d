"""When a lot is on its way, said in SQL: the conditions on a row of `lot`, or of `facture` for its invoices."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, column, exists, or_, table

from fse.infra.journal.facts import rows
from fse.infra.journal.schema import derived
from fse.infra.journal.schema.exchange_tables import duplicata
from fse.infra.journal.schema.fact_tables import accuse, annulation, facture, fichier_lot, lot, signature_lot
from fse.infra.journal.schema.relations import LEFT, LIVE_LOT_INVOICE

LOT = ("prestataire", "numero_lot", "date_lot")
INVOICE = ("prestataire", "numero")
FILE = ("emetteur", "identifiant")

_ENTERED = table("paiement_saisi", *map(column, ("cabinet", "prestataire", "numero")))
_FORCED = table("etat_force", *map(column, ("cabinet", "prestataire", "numero", "etat")))


def is_open() -> ColumnElement[bool]:
    """A lot still asks for something, or its transfer is due (see `transmissions`)."""
    acknowledged = exists().where(rows.same(accuse, lot, *LOT))
    received = exists().where(rows.same(accuse, lot, *LOT), accuse.c.sens == "P")
    unpaid = _holds(and_(facture.c.attend_amo == 1, is_awaited()))
    return and_(
        or_(and_(~received, ~is_answered()), and_(received, unpaid)),
        or_(acknowledged, ~_left_for_good()),
        _holds(~is_settled_elsewhere()),
    )


def is_answered() -> ColumnElement[bool]:
    """A return line was matched with an invoice of the lot, or a person told what a payer answered about one."""
    held, matched = LIVE_LOT_INVOICE, derived.METADATA.tables["appariement"]
    told = or_(
        exists().where(rows.same(matched, held, *INVOICE)),
        exists().where(rows.same(_ENTERED, held, *INVOICE)),
        exists().where(rows.same(_FORCED, held, *INVOICE), _FORCED.c.etat != "abandonnee"),
    )
    return exists().where(rows.same(held, lot, *LOT), told)


def _left_for_good() -> ColumnElement[bool]:
    """It left by someone else, or in the degraded mode, which gets no acknowledgement; and no file of it waits."""
    left = LEFT.c.parti_le.is_not(None)
    nothing_awaited = or_(_carried(and_(left, LEFT.c.canal == "")), and_(lot.c.certification == "D", _carried(left)))
    return and_(nothing_awaited, ~_carried(LEFT.c.parti_le.is_(None)))


def _carried(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        rows.same(fichier_lot, lot, *LOT), exists().where(rows.same(LEFT, fichier_lot, *FILE), condition)
    )


def _holds(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A live invoice of the lot is so."""
    held = LIVE_LOT_INVOICE
    return exists().where(rows.same(held, lot, *LOT), exists().where(rows.same(facture, held, *INVOICE), condition))


def is_awaited() -> ColumnElement[bool]:
    """A payment of the invoice is awaited."""
    state = derived.METADATA.tables["etat_facture"]
    return exists().where(rows.same(state, facture, *INVOICE), state.c.etat == "en_cours")


def is_settled_elsewhere() -> ColumnElement[bool]:
    """On paper, or replaced by an invoice that is not cancelled."""
    later = facture.alias("suite")
    cancelled = exists().where(rows.same(annulation, later, *INVOICE))
    replaced = exists().where(
        rows.same(later, facture, "prestataire"), later.c.remplace == facture.c.numero, ~cancelled
    )
    return or_(is_on_paper(), replaced)


def is_on_paper() -> ColumnElement[bool]:
    """A duplicate of the invoice was made."""
    return exists().where(rows.same(duplicata, facture, *INVOICE))


def is_signed() -> ColumnElement[bool]:
    """A lot has its signature."""
    return exists().where(rows.same(signature_lot, lot, *LOT))


def as_flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 or 0, on every engine."""
    return case((condition, 1), else_=0)
