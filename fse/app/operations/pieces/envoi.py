"""The sending of supporting documents, after that of the files: those whose lot is known to be received.

The transport is ours (docs/pieces.md): the document and a small descriptor (JSON), in one envelope for the computing
centre when it has certificates, by mail or in the folder of the OCT. A reference is a descriptor alone. Delivery is at
least once: the name, the Message-ID and the digest in the descriptor are fixed, so that a repetition is recognised.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.description import Envoi
from fse.app.operations.clock import now
from fse.app.operations.pieces.suivi import Piece, pieces_of
from fse.app.operations.practice import Practice
from fse.app.operations.recipients import Recipients, open_recipients
from fse.app.operations.transmission.voies import DOMAINE, Colis, Voie, open_way
from fse.base.dates import from_days, to_days
from fse.base.errors import FseError, StorageError
from fse.domain.signature.envelope import seal_envelope
from fse.infra.journal import Reading
from fse.infra.journal.facts import factures, lots
from fse.infra.journal.facts.exchanges import incidents
from fse.infra.journal.facts.exchanges import pieces as facts
from fse.infra.journal.facts.exchanges.pieces import PieceRow
from fse.infra.transport.entity import Attachment, build_entity
from fse.infra.transport.smtp import Remise

_READY = frozenset({"a_envoyer", "a_reessayer"})
_DIGITS = 12


def envoyer_pieces(practice: Practice, *, mot_de_passe: Callable[[], str], le: date | None = None) -> list[Piece]:
    """Send every document whose lot was received, failed ones again; those tried, with their state afterwards.

    Without `[envoi]` nothing is sent: the documents stay listed. When the way itself fails, it is one incident, and
    each document that waits has one failed attempt. Raises `StorageError` (the journal).
    """
    cabinet, today = practice.cabinet, practice.day(le)
    if cabinet.envoi is None:
        return []
    with practice.journal.reading() as reading:
        waiting = {one.piece: one.etat for one in pieces_of(reading, today)}
        ready = [one for one in facts.all_pieces(reading) if waiting[one.piece] in _READY]
        references = [one for one in facts.all_pieces(reading) if waiting[one.piece] == "attend_piece"]
    done: list[int] = []
    if ready:
        done += _send(practice, cabinet.envoi, ready, mot_de_passe, today)
        left = {one.piece for one in ready}
        with practice.journal.reading() as reading:
            waiting = {one.piece: one.etat for one in pieces_of(reading, today)}
        freed = [one for one in references if one.reprend in left and waiting[one.piece] == "a_envoyer"]
        if freed:
            done += _send(practice, cabinet.envoi, freed, mot_de_passe, today)
    with practice.journal.reading() as reading:
        return [one for one in pieces_of(reading, today) if one.piece in done]


def _send(
    practice: Practice, envoi: Envoi, ready: Sequence[PieceRow], mot_de_passe: Callable[[], str], today: date
) -> list[int]:
    """Try each of these documents, one transaction an attempt; their numbers."""
    tried: list[int] = []
    try:
        recipients = open_recipients(practice.cabinet, to_days(today))
        with open_way(practice.cabinet, envoi, mot_de_passe) as way:
            for one in ready:
                with practice.journal.reading() as reading:
                    colis = make_parcel(practice.cabinet, reading, one, recipients)
                _record(practice, one, _handed(way, envoi, colis), today)
                tried.append(one.piece)
    except FseError as error:
        if isinstance(error, StorageError) and error.code.startswith("journal."):
            raise
        _incident(practice, error, today)
        for one in ready:
            if one.piece not in tried:
                _record(practice, one, Remise(resultat="differe", code=error.code, detail=error.message), today)
                tried.append(one.piece)
    return tried


def _incident(practice: Practice, error: FseError, today: date) -> None:
    """Record what stopped the sending, unless that of the files said it already that day."""
    with practice.journal.transaction(now()) as transaction:
        incidents.record_once(transaction, nature="envoi", code=error.code, detail=error.message, jour=to_days(today))


def _handed(way: Voie, envoi: Envoi, colis: Colis) -> Remise:
    """What came of handing a document over; mail in clear is refused: it is health data."""
    if envoi.genre == "courriel" and not (colis.rescelle and colis.adresse):
        return Remise(
            resultat="refuse",
            code="piece.en_clair",
            detail="Le centre informatique n'a pas d'adresse, ou pas de certificat : rien ne part en clair.",
        )
    return way.send(colis)


def _record(practice: Practice, piece: PieceRow, remise: Remise, today: date) -> None:
    """One attempt. What may have left (`incertain`) has failed: it leaves again, and is recognised."""
    sent = remise.resultat == "accepte"
    with practice.journal.transaction(now()) as transaction:
        facts.follow(
            transaction,
            piece.piece,
            "envoyee" if sent else "echec",
            jour=to_days(today),
            code="" if sent else remise.code or remise.resultat,
            detail="" if sent else remise.detail,
        )


def make_parcel(cabinet: Cabinet, reading: Reading, piece: PieceRow, recipients: Recipients) -> Colis:
    """A document as it leaves. One that refers to another says so, and does not carry it again."""
    invoice = factures.find(reading, piece.prestataire, piece.numero)
    assert invoice is not None
    source = facts.find(reading, piece.reprend) if piece.reprend is not None else None
    carried = piece if source is None else None
    if source is not None and not _left(reading, source):
        carried = source  # the invoice of the first was cancelled: it never left
    name = f"{piece.prestataire}-{piece.numero:09d}-{piece.piece}"
    fichiers = []
    if carried is not None and carried.contenu_piece is not None:
        fichiers.append(Attachment(f"{name}.pdf", reading.load(carried.contenu_piece)))
    descriptor = _descriptor(cabinet, reading, piece, source if carried is None else None, bool(fichiers))
    fichiers.append(Attachment(f"{name}.json", descriptor))
    centre = (invoice.type_destinataire, invoice.centre)
    ways, certificates = cabinet.centres(*centre), recipients.get(centre, ())
    mark = piece.empreinte[:_DIGITS]
    if certificates:
        fichiers = [Attachment(f"{name}-{mark}.p7m", seal_envelope(build_entity(fichiers), certificates))]
    return Colis(
        sujet=f"PIECE {piece.prestataire} {piece.numero:09d} {piece.piece} {cabinet.marque}",
        identifiant=f"<piece.{piece.prestataire}.{piece.numero}.{piece.piece}.{mark}.{cabinet.marque}@{DOMAINE}>",
        date=from_days(piece.deposee_le),
        adresse=ways[0].adresse if ways else "",
        fichiers=tuple(fichiers),
        rescelle=bool(certificates),
    )


def _left(reading: Reading, piece: PieceRow) -> bool:
    return any(one.fait == "envoyee" for one in facts.followed(reading).get(piece.piece, ()))


def _descriptor(cabinet: Cabinet, reading: Reading, piece: PieceRow, source: PieceRow | None, carries: bool) -> bytes:
    """What the document is, for a program: the same bytes at each sending, as long as the lot is the same."""
    lot = lots.lot_of(reading, piece.prestataire, piece.numero)
    content = {
        "format": "fse-piece-1",
        "marque": cabinet.marque,
        "prestataire": piece.prestataire,
        "facture": piece.numero,
        "lot": {"numero": lot.numero_lot, "date": from_days(lot.date_lot).isoformat()} if lot else None,
        "piece": piece.piece,
        "nature": piece.nature,
        "empreinte": piece.empreinte,
        "document": f"{piece.prestataire}-{piece.numero:09d}-{piece.piece}.pdf" if carries else None,
        "reprend": {"prestataire": source.prestataire, "facture": source.numero, "piece": source.piece}
        if source
        else None,
    }
    return (json.dumps(content, ensure_ascii=True, indent=1) + "\n").encode("ascii")
