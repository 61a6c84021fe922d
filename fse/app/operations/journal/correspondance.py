"""Messages fetched and supporting documents, as archives: from when they are kept, and whether they are settled.

A message is kept 90 days from its receipt and until it is read: what it carried is an archive of its own, which never
goes earlier. A document is kept 90 days from its sending, until it is closed and its invoices are settled.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from email import message_from_bytes

from sqlalchemy import select

from fse.app.operations.pieces.etat import ETATS
from fse.app.operations.pieces.suivi import pieces_of
from fse.base.dates import from_days
from fse.infra.journal import Reading
from fse.infra.journal.facts.exchanges import pieces
from fse.infra.journal.schema import derived
from fse.infra.journal.schema.exchange_tables import courrier, courrier_lu
from fse.infra.journal.schema.fact_tables import assure_retour, fichier_recu

Invoice = tuple[str, int]
Kept = tuple[str, tuple[str, ...], int | None, frozenset[Invoice], bool]
"""Designation, ids of the contents, day from which it is kept (`None`: it did not leave), invoices, settled."""

_SEALED = (b"pkcs7-mime", b".p7m", b"enveloped-data")


def messages(reading: Reading) -> Iterator[Kept]:
    """Each message, oldest first."""
    here, read = courrier.c, _read_on(reading)
    query = select(here.empreinte, here.recu_le, here.contenu_courrier).where(here.cabinet == reading.cabinet)
    for empreinte, day, contenu in reading.connection.execute(query.order_by(here.recu_le, here.empreinte)):
        yield f"{empreinte[:12]} relevé le {from_days(day)}", (contenu,), day, frozenset(), empreinte in read


def documents(reading: Reading, final: Collection[Invoice]) -> Iterator[Kept]:
    """Each document that has bytes, with the invoices of those that refer to it.

    One that is closed and never left (its invoice was cancelled) is kept from its deposit.
    """
    kept, follow = pieces.all_pieces(reading), pieces.followed(reading)
    ended = {one.piece for one in pieces_of(reading, from_days(0)) if ETATS[one.etat].close}
    for one in kept:
        if one.contenu_piece is None:
            continue
        shared = [one, *(other for other in kept if other.reprend == one.piece)]
        facts = [fact for other in shared for fact in follow.get(other.piece, ())]
        days = [fact.jour for fact in facts if fact.fait != "echec"]
        factures = frozenset((other.prestataire, other.numero) for other in shared)
        closed = ended.issuperset(other.piece for other in shared)
        since = max(days, default=max(other.deposee_le for other in shared) if closed else None)
        name = f"{one.piece} de la facture {one.numero:09d} ({one.prestataire})"
        yield name, (one.contenu_piece,), since, factures, closed and factures <= set(final)


def may_name(
    reading: Reading,
    messages: Collection[str],
    factures: Collection[Invoice],
    nirs: Collection[str],
    fingerprints: Collection[str],
) -> set[str]:
    """Those of these messages, by the id of their content, in which a person may be named.

    Her NIR stands in it, or it is sealed: it may be hers when it was read on a day on which a return that names her
    came, or when it is not read yet. Only the key of the practice would tell.
    """
    days = _days_of_returns(reading, factures, fingerprints)
    read, here, found = _read_on(reading), courrier.c, set()
    query = select(here.empreinte, here.contenu_courrier).where(here.cabinet == reading.cabinet)
    for empreinte, contenu in reading.connection.execute(query).all():
        if contenu in messages:
            content = reading.load(contenu)
            sealed = any(mark in content for mark in _SEALED)
            if (sealed and read.get(empreinte, -1) in {-1, *days}) or _names(content, nirs):
                found.add(contenu)
    return found


def _read_on(reading: Reading) -> dict[str, int]:
    """The day on which each message was read."""
    here = courrier_lu.c
    query = select(here.empreinte, here.lu_le).where(here.cabinet == reading.cabinet)
    return {row.empreinte: row.lu_le for row in reading.connection.execute(query)}


def _days_of_returns(reading: Reading, factures: Collection[Invoice], fingerprints: Collection[str]) -> set[int]:
    """The days on which returns came that answer these invoices, or name this insured."""
    matched, insured, received = derived.METADATA.tables["appariement"].c, assure_retour.c, fichier_recu.c
    answers = select(matched.fichier, matched.prestataire, matched.numero).where(matched.cabinet == reading.cabinet)
    files = {row.fichier for row in reading.connection.execute(answers) if (row.prestataire, row.numero) in factures}
    named = select(insured.fichier).where(
        insured.cabinet == reading.cabinet, insured.nir_empreinte.in_(sorted(fingerprints))
    )
    files |= set(reading.connection.execute(named).scalars())
    query = select(received.empreinte, received.recu_le).where(received.cabinet == reading.cabinet)
    return {day for empreinte, day in reading.connection.execute(query) if empreinte in files}


def _names(content: bytes, nirs: Collection[str]) -> bool:
    """True when a NIR stands in a message, or in one of its parts once decoded."""
    parts = [content]
    for part in message_from_bytes(content).walk():
        decoded = part.get_payload(decode=True)
        if isinstance(decoded, bytes):
            parts.append(decoded)
    return any(nir.encode("latin-1") in part for nir in nirs for part in parts)
