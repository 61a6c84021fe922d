"""`piece deposer`: a supporting document for an invoice, kept encrypted until its lot is known to be received.

The same document for another invoice of the same person (a series of acts, one prescription) is kept and sent once:
the second is a reference to the first. A document of a nature is one for an invoice; it is never quietly changed.
"""

from __future__ import annotations

import hashlib
from datetime import date

from sqlalchemy import select

from fse.app.operations.annuler import resolve
from fse.app.operations.clock import now
from fse.app.operations.pieces.controle import check_document
from fse.app.operations.pieces.etat import ETATS
from fse.app.operations.pieces.suivi import Piece, emissions, pieces_of
from fse.app.operations.practice import Practice
from fse.base.dates import to_days
from fse.base.errors import UsageError
from fse.infra.journal import Reading
from fse.infra.journal.facts import factures
from fse.infra.journal.facts.exchanges import pieces as facts
from fse.infra.journal.facts.exchanges.pieces import PieceRow
from fse.infra.journal.facts.factures import FactureRow
from fse.infra.journal.schema.fact_tables import MODE_REPRISE
from fse.infra.journal.schema.tables import personne
from fse.infra.journal.upkeep.ciphertexts import destroyed
from fse.norm.model.saisie import MODES_EN_LOT

NATURES = {
    "ordonnance": "ordonnance (prescription)",
    "accord_prealable": "demande d'accord préalable",
    "feuille_accident": "feuille d'accident du travail",
    "autre": "autre pièce justificative",
}
"""What a document is: a closed list of ours, so that nobody's name is written there."""

_AGAIN = frozenset({"refusee", "remplacee"})
"""States after which another document of the same nature may be deposited."""

_NOT_SHARED = frozenset({*_AGAIN, "sans_objet"})


def deposer_piece(
    practice: Practice,
    numero: int,
    contenu: bytes | None,
    *,
    nature: str,
    auteur: str,
    reprend: int | None = None,
    prestataire: str | None = None,
    le: date | None = None,
) -> Piece:
    """Keep a document (PDF) for an invoice, or with `reprend` a reference to one that is kept already.

    The same document again does nothing. Raises `UsageError`: `piece.nature`, `piece.contenu`, `piece.facture_annulee`,
    `piece.facture_papier`, `piece.autre_document`, `piece.inconnue`, `piece.autre_personne`, `piece.non_reprise`, those
    of `resolve`; and as `check_document`.
    """
    if nature not in NATURES:
        raise UsageError(
            "piece.nature",
            f"« {nature} » n'est pas une nature de pièce.",
            action=f"Donner l'une de : {', '.join(NATURES)}.",
        )
    if (contenu is None) == (reprend is None):
        raise UsageError(
            "piece.contenu",
            "Une pièce est un document, ou en reprend un autre.",
            action="Donner un fichier PDF, ou bien le numéro de la pièce à reprendre.",
        )
    if contenu is not None:
        check_document(contenu)
    today = practice.day(le)
    with practice.journal.transaction(now()) as transaction:
        who = resolve(transaction, numero, prestataire)
        invoice = factures.find(transaction, who, numero)
        assert invoice is not None
        _refuse_invoice(transaction, invoice)
        states = {one.piece: one.etat for one in pieces_of(transaction, today)}
        named = _named(transaction, invoice, reprend, states) if reprend is not None else None
        empreinte = named.empreinte if named else hashlib.sha256(contenu or b"").hexdigest()
        same = _already(transaction, invoice, nature, empreinte, states)
        if same is None:
            source = named or _shared(transaction, invoice, empreinte, states)
            same = facts.deposit(
                transaction,
                who,
                numero,
                nature=nature,
                data=contenu if source is None else None,
                empreinte=empreinte,
                reprend=source.piece if source else None,
                auteur=auteur,
                le=to_days(today),
            )
        return next(one for one in pieces_of(transaction, today) if one.piece == same.piece)


def _refuse_invoice(reading: Reading, invoice: FactureRow) -> None:
    key = (invoice.prestataire, invoice.numero)
    sent = emissions(reading, [key])[key]
    place = f"facture {invoice.numero:09d}"
    if sent.annulee:
        raise UsageError(
            "piece.facture_annulee",
            "Cette facture est annulée ou remplacée : elle n'a plus de pièce à envoyer.",
            action="Donner le numéro de la facture qui la remplace.",
            lieu=place,
        )
    if sent.accuse == "papier" or invoice.mode not in (*MODES_EN_LOT, MODE_REPRISE):
        raise UsageError(
            "piece.facture_papier",
            "Cette facture part sur papier : sa pièce part avec elle, pas par télétransmission.",
            action="Joindre la pièce à la feuille de papier.",
            lieu=place,
        )


def _already(
    reading: Reading, invoice: FactureRow, nature: str, empreinte: str, states: dict[int, str]
) -> PieceRow | None:
    """The document of this nature that the invoice has, the same; `None` when it has none, or has to have another."""
    held = [one for one in facts.of_invoice(reading, invoice.prestataire, invoice.numero) if one.nature == nature]
    if not held or (states[held[-1].piece] in _AGAIN and held[-1].empreinte != empreinte):
        return None
    if held[-1].empreinte == empreinte:
        return held[-1]
    state = ETATS[states[held[-1].piece]]
    raise UsageError(
        "piece.autre_document",
        f"Cette facture a déjà une pièce de cette nature, la pièce {held[-1].piece} ({state.libelle.lower()}) : un "
        "autre document ne la remplace pas.",
        action="Réunir les documents d'une même nature en un seul PDF avant de les déposer.",
        lieu=f"facture {invoice.numero:09d}",
    )


def _named(reading: Reading, invoice: FactureRow, piece: int, states: dict[int, str]) -> PieceRow:
    """The document that has the bytes of this one, of the same person."""
    one = facts.find(reading, piece)
    if one is not None and one.reprend is not None:
        one = facts.find(reading, one.reprend)
    if one is None:
        raise UsageError(
            "piece.inconnue",
            "Aucune pièce ne porte ce numéro.",
            action="Voir fse piece suivre --toutes.",
            lieu=f"pièce {piece}",
        )
    if not _of_one_person(reading, one, invoice):
        raise UsageError(
            "piece.autre_personne",
            "Cette pièce est celle d'une facture d'une autre personne : elle ne se reprend pas.",
            action="Vérifier le numéro de la pièce.",
            lieu=f"pièce {piece}",
        )
    if not _may_be_shared(reading, one, states):
        raise UsageError(
            "piece.non_reprise",
            "Cette pièce a été refusée, refaite ou détruite : elle ne se reprend pas.",
            action="Donner le document.",
            lieu=f"pièce {piece}",
        )
    return one


def _shared(reading: Reading, invoice: FactureRow, empreinte: str, states: dict[int, str]) -> PieceRow | None:
    """The document that has these bytes already, for the same person."""
    return next(
        (
            one
            for one in facts.of_digest(reading, empreinte)
            if one.reprend is None and _may_be_shared(reading, one, states) and _of_one_person(reading, one, invoice)
        ),
        None,
    )


def _may_be_shared(reading: Reading, one: PieceRow, states: dict[int, str]) -> bool:
    return states[one.piece] not in _NOT_SHARED and one.contenu_piece not in destroyed(reading)[0]


def _of_one_person(reading: Reading, one: PieceRow, invoice: FactureRow) -> bool:
    """True when the invoice of a document and this one are of the same insured. Whoever has no NIR is nobody's."""
    other = factures.find(reading, one.prestataire, one.numero)
    if other is None:
        return False
    if other.personne == invoice.personne:
        return True
    here = personne.c
    query = select(here.nir_empreinte).where(
        here.cabinet == reading.cabinet, here.id.in_([other.personne, invoice.personne])
    )
    known = reading.connection.execute(query).scalars().all()
    return len(known) == 2 and known[0] is not None and known[0] == known[1]
