"""Which sheets a practice has still to send, by wire or on paper, and what their deadline follows from."""

from __future__ import annotations

from dataclasses import dataclass, fields

from sqlalchemy import and_, func, or_, select

from fse.infra.journal.facts import rows
from fse.infra.journal.schema import derived
from fse.infra.journal.schema.exchange_tables import duplicata
from fse.infra.journal.schema.fact_tables import facture
from fse.infra.journal.transaction import Reading

PAPIER = "papier"
"""The mode of a sheet that travels on paper."""

TO_SEND = ("a_emettre", "a_reemettre")
"""The states of a sheet that has to leave by wire, for the first time or in a new lot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A sheet to send. `attend_amo` is 1 when the compulsory part is paid to the professional; days for dates."""

    prestataire: str
    numero: int
    mode: str
    securisee_le: int
    attend_amo: int
    organisme: str
    type_destinataire: str
    centre: str


def to_send(reading: Reading) -> list[SheetRow]:
    """The sheets that no file took away yet, or that a refused lot gave back, and those on paper with third-party
    payment that nobody answered.
    """
    state = derived.METADATA.tables["etat_facture"]
    here = facture.c
    on_paper = and_(state.c.etat == "en_cours", here.mode == PAPIER, here.attend_amo == 1)
    query = (
        select(*(here[field.name] for field in fields(SheetRow)))
        .join_from(state, facture, rows.same(state, facture, "prestataire", "numero"))
        .where(state.c.cabinet == reading.cabinet, state.c.etat.in_((*TO_SEND, "en_cours")))
        .where(or_(state.c.etat.in_(TO_SEND), on_paper))
    )
    return rows.read_all(reading.connection, SheetRow, query.order_by(here.prestataire, here.numero))


def duplicated(reading: Reading) -> dict[tuple[str, int], int]:
    """The day of the last duplicate of each sheet whose payment is awaited, by (prestataire, numero)."""
    state, here = derived.METADATA.tables["etat_facture"], duplicata.c
    query = (
        select(here.prestataire, here.numero, func.max(here.edite_le))
        .join_from(state, duplicata, rows.same(state, duplicata, "prestataire", "numero"))
        .where(state.c.cabinet == reading.cabinet, state.c.etat == "en_cours")
        .group_by(here.prestataire, here.numero)
    )
    return {(prestataire, numero): day for prestataire, numero, day in reading.connection.execute(query)}
