"""The supporting documents of a practice, each with its state; and what people say of them: accepted, refused, paper.

A document is listed until the caisse accepted it, or until it went on paper.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import column, select, table

from fse.app.operations.clock import now
from fse.app.operations.pieces.etat import ETATS, Acheminement, state_of
from fse.app.operations.practice import Practice
from fse.base.dates import from_days, to_days
from fse.base.errors import UsageError
from fse.infra.journal import Reading
from fse.infra.journal.facts.exchanges import pieces as facts
from fse.infra.journal.facts.exchanges.pieces import PieceRow, PieceSuiteRow
from fse.infra.journal.facts.rows import same
from fse.infra.journal.schema import derived
from fse.infra.journal.schema.exchange_tables import piece as piece_table
from fse.infra.journal.schema.fact_tables import facture

Invoice = tuple[str, int]
Verdict = Literal["acceptee", "refusee", "papier"]

_KEY = ("cabinet", "prestataire", "numero")
_EMITTED = table(
    "facture_emise",
    *(column(name) for name in (*_KEY, "emise_le", "accuse", "annulee", "remplacee_par")),
)
_INVOICE = ("prestataire", "numero")
_CLOSING = ("acceptee", "papier")
_TO_LEAVE = frozenset({"attend_lot", "attend_piece", "a_envoyer"})
_UNKNOWN = Acheminement(partie=False, accuse="", repondue=False, annulee=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A document on a day. `etat`: a name of `pieces.etat.ETATS`, `libelle` and `action` in French.

    `reprend` is the document that it refers to; `organisme` the fund of its invoice; `tentatives` how often it was
    tried; `jusqu_au` the last day on which a failed sending is tried again; `detail` why the last one failed, or why
    the caisse refused it.
    """

    piece: int
    prestataire: str
    numero: int
    organisme: str
    nature: str
    reprend: int | None
    deposee_le: date
    etat: str
    libelle: str
    action: str
    tentatives: int
    jusqu_au: date | None
    detail: str


def suivre_pieces(
    practice: Practice,
    *,
    le: date | None = None,
    praticiens: Collection[str] | None = None,
    toutes: bool = False,
) -> list[Piece]:
    """The documents that are not closed, the most urgent first; `toutes`: closed ones too. Reads only."""
    with practice.journal.reading() as reading:
        found = pieces_of(reading, practice.day(le))
    wanted = [
        one
        for one in found
        if (toutes or not ETATS[one.etat].close) and (praticiens is None or one.prestataire in praticiens)
    ]
    order = list(ETATS)
    return sorted(wanted, key=lambda one: (order.index(one.etat), one.piece))


def noter_piece(
    practice: Practice, piece: int, verdict: Verdict, *, auteur: str, detail: str = "", le: date | None = None
) -> Piece:
    """Say by hand that the caisse accepted or refused a document, or that it was sent on paper.

    A document that left is not printed: it goes on paper once it failed, or was refused.
    Raises `UsageError`: `piece.inconnue`, `piece.close`, `piece.pas_envoyee`, `piece.un_seul_canal`,
    `piece.partira`.
    """
    today = practice.day(le)
    with practice.journal.transaction(now()) as transaction:
        known = {one.piece: one for one in pieces_of(transaction, today)}
        one = known.get(piece)
        if one is None:
            raise _refusal("piece.inconnue", piece, "Aucune pièce ne porte ce numéro.", "Voir fse piece suivre.")
        _refuse(one, verdict, leaves=practice.cabinet.envoi is not None)
        facts.follow(transaction, piece, verdict, jour=to_days(today), detail=detail, auteur=auteur)
        return next(other for other in pieces_of(transaction, today) if other.piece == piece)


def pieces_of(reading: Reading, today: date) -> list[Piece]:
    """Every document with its state on a day, by number."""
    kept, follow = facts.all_pieces(reading), facts.followed(reading)
    sent = emissions(reading, {(one.prestataire, one.numero) for one in kept if not _is_closed(follow, one)})
    funds = _funds(reading)
    last = {(one.prestataire, one.numero, one.nature): one.piece for one in kept}
    states: dict[int, tuple[str, int | None]] = {}
    found = []
    for one in kept:  # a document refers to an earlier one
        key = (one.prestataire, one.numero)
        suite = follow.get(one.piece, [])
        states[one.piece] = state_of(
            suite,
            sent.get(key, _UNKNOWN),
            to_days(today),
            refaite=last[*key, one.nature] != one.piece,
            source=states[one.reprend][0] if one.reprend is not None else None,
        )
        found.append(_piece(one, suite, states[one.piece], funds[key]))
    return found


def emissions(reading: Reading, invoices: Collection[Invoice]) -> Mapping[Invoice, Acheminement]:
    """Of each of these invoices, what became of its lot."""
    numeros = sorted({numero for _, numero in invoices})
    here, matched = _EMITTED.c, derived.METADATA.tables["appariement"].c
    answers = select(matched.prestataire, matched.numero).where(
        matched.cabinet == reading.cabinet, matched.numero.in_(numeros)
    )
    answered = {(who, numero) for who, numero in reading.connection.execute(answers)}
    query = select(_EMITTED).where(here.cabinet == reading.cabinet, here.numero.in_(numeros))
    return {
        (row.prestataire, row.numero): Acheminement(
            partie=row.emise_le > 0,
            accuse=row.accuse,
            repondue=(row.prestataire, row.numero) in answered,
            annulee=bool(row.annulee or row.remplacee_par),
        )
        for row in reading.connection.execute(query)
    }


def _funds(reading: Reading) -> Mapping[Invoice, str]:
    """The fund of each invoice that has a document."""
    here = facture.c
    query = select(here.prestataire, here.numero, here.organisme).join(
        piece_table, same(piece_table, facture, *_INVOICE)
    )
    found = reading.connection.execute(query.where(here.cabinet == reading.cabinet))
    return {(who, numero): organisme for who, numero, organisme in found}


def _is_closed(follow: Mapping[int, Sequence[PieceSuiteRow]], one: PieceRow) -> bool:
    suite = follow.get(one.piece)
    return suite is not None and suite[-1].fait in _CLOSING


def _piece(one: PieceRow, suite: Sequence[PieceSuiteRow], state: tuple[str, int | None], organisme: str) -> Piece:
    name, until = state
    return Piece(
        piece=one.piece,
        prestataire=one.prestataire,
        numero=one.numero,
        organisme=organisme,
        nature=one.nature,
        reprend=one.reprend,
        deposee_le=from_days(one.deposee_le),
        etat=name,
        libelle=ETATS[name].libelle,
        action=ETATS[name].action.format(piece=one.piece),
        tentatives=sum(fact.fait in ("envoyee", "echec") for fact in suite),
        jusqu_au=from_days(until) if until is not None else None,
        detail=suite[-1].detail if suite and suite[-1].fait in ("echec", "refusee") else "",
    )


def _refuse(one: Piece, verdict: Verdict, *, leaves: bool) -> None:
    """`leaves`: fse sends the documents of this practice, once their lot is received."""
    if ETATS[one.etat].close:
        raise _refusal(
            "piece.close", one.piece, f"Cette pièce est close : {one.libelle.lower()}.", "Il n'y a rien à faire."
        )
    if verdict != "papier" and one.etat not in ("envoyee", "refusee"):
        raise _refusal(
            "piece.pas_envoyee",
            one.piece,
            "Cette pièce n'est pas encore partie : la caisse n'a pas pu y répondre.",
            "Vérifier le numéro de la pièce (fse piece suivre).",
        )
    if verdict == "papier" and one.etat == "envoyee":
        raise _refusal(
            "piece.un_seul_canal",
            one.piece,
            "Cette pièce est déjà partie : elle ne s'envoie pas aussi sur papier.",
            "Attendre la réponse de la caisse ; si elle la refuse : fse piece refuser, puis fse piece papier.",
        )
    if verdict == "papier" and one.etat in _TO_LEAVE and (leaves or one.etat != "a_envoyer"):
        raise _refusal(
            "piece.partira",
            one.piece,
            f"Cette pièce n'est pas à envoyer sur papier : {one.libelle[0].lower()}{one.libelle[1:]}.",
            "La laisser partir : elle passe sur papier si son envoi échoue, si la caisse la refuse, ou si sa facture "
            "part sur papier.",
        )


def _refusal(code: str, piece: int, message: str, action: str) -> UsageError:
    return UsageError(code, message, action=action, lieu=f"pièce {piece}")
