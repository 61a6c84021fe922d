"""Facts about what people do by hand: attach a return, force a state, enter a statement, put away, take back.

Each act has a number in its cabinet, an author and a reason, and is never erased: it is annulled by another act. What
an act may name is judged by its caller; the journal refuses what would make two live acts contradict each other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import select

from fse.base.errors import UsageError
from fse.infra.journal.events import Genre
from fse.infra.journal.facts import rows
from fse.infra.journal.schema.fact_tables import acte_manuel
from fse.infra.journal.schema.relations import PUT_AWAY
from fse.infra.journal.transaction import Reading, Transaction

GenreActe = Literal[
    "rattachement",
    "etat_force",
    "paiement_saisi",
    "creance_rattachee",
    "classement",
    "preuve_bancaire",
    "annulation_acte",
]

_SAME = {
    "rattachement": ("fichier", "rang"),
    "etat_force": ("prestataire", "numero", "partie"),
    "creance_rattachee": ("prestataire", "emetteur", "reference"),
    "classement": ("fichier", "rang"),
    "preuve_bancaire": ("fichier", "rang"),
}
"""What two live acts of one genre cannot both name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActeRow:
    """One act. Days for dates, centimes for `montant`.

    rattachement: `fichier` (digest), `rang` of the line → `prestataire`, `numero`; etat_force: `prestataire`, `numero`,
    `partie`, `etat`, `retours` (answers of the part at that moment); paiement_saisi: the same with `etat` P, R or D,
    `montant`, `jour`, `piece`; creance_rattachee: `prestataire`, `emetteur` (who sends its returns), `reference` →
    `numero`, `notifiee_le` (`None`: not known); classement: `fichier`, `rang` of a return line or of a transfer (0: the
    file itself), with the `prestataire` and `numero` of the task; preuve_bancaire: `fichier`, `rang` of a movement of
    the account → `fichier_virement`, `rang_virement`, the transfer that it is; annulation_acte: `vise`, the act that it
    annuls.
    """

    acte: int
    genre: GenreActe
    auteur: str
    motif: str
    pose_le: int
    prestataire: str | None = None
    numero: int | None = None
    partie: str | None = None
    etat: str | None = None
    retours: int | None = None
    montant: int | None = None
    jour: int | None = None
    piece: str | None = None
    fichier: str | None = None
    rang: int | None = None
    emetteur: str | None = None
    reference: str | None = None
    notifiee_le: int | None = None
    fichier_virement: str | None = None
    rang_virement: int | None = None
    vise: int | None = None


def next_acte(transaction: Transaction) -> int:
    """The number of a new act."""
    return transaction.allocate("acte")


def insert_acte(transaction: Transaction, acte: ActeRow) -> None:
    """Record an act, and its event. Raises `UsageError` (`acte.deja_pose`, `acte.deja_annule`)."""
    other = _contradicted(transaction, acte)
    if other is not None:
        raise _refusal(acte, other)
    rows.write(transaction.connection, acte_manuel, transaction.cabinet, acte)
    transaction.event(Genre.ACTE_MANUEL, asdict(acte))


def find_acte(reading: Reading, acte: int) -> ActeRow | None:
    """The act of this number, annulled or not."""
    query = rows.query(acte_manuel, ActeRow, reading.cabinet).where(acte_manuel.c.acte == acte)
    return rows.read_one(reading.connection, ActeRow, query)


def find_annulment(reading: Reading, acte: int) -> ActeRow | None:
    """The act that annuls this one."""
    query = rows.query(acte_manuel, ActeRow, reading.cabinet).where(acte_manuel.c.vise == acte)
    return rows.read_one(reading.connection, ActeRow, query)


def actes(reading: Reading) -> list[ActeRow]:
    """Every act, annulled or not, oldest first."""
    query = rows.query(acte_manuel, ActeRow, reading.cabinet).order_by(acte_manuel.c.acte)
    return rows.read_all(reading.connection, ActeRow, query)


def actes_of(reading: Reading, numero: int) -> list[ActeRow]:
    """The acts that name an invoice of this number, whoever its prestataire, oldest first; annulled or not."""
    here = acte_manuel.c
    query = rows.query(acte_manuel, ActeRow, reading.cabinet).where(here.numero == numero)
    return rows.read_all(reading.connection, ActeRow, query.order_by(here.acte))


def annulments(reading: Reading, actes: Collection[int]) -> dict[int, ActeRow]:
    """What annuls these acts: annulled act → the act that annuls it."""
    if not actes:
        return {}
    here = acte_manuel.c
    query = rows.query(acte_manuel, ActeRow, reading.cabinet).where(here.vise >= min(actes), here.vise <= max(actes))
    found = rows.read_all(reading.connection, ActeRow, query)
    return {one.vise: one for one in found if one.vise in set(actes)}


def files_put_away(reading: Reading) -> set[str]:
    """The files set aside (digests) that were put away by hand."""
    query = select(PUT_AWAY.c.fichier).where(PUT_AWAY.c.cabinet == reading.cabinet, PUT_AWAY.c.rang == 0)
    return set(reading.connection.execute(query).scalars())


def places_put_away(reading: Reading) -> set[tuple[str, int]]:
    """The lines, transfers and movements put away by hand: file and rank."""
    query = select(PUT_AWAY.c.fichier, PUT_AWAY.c.rang).where(PUT_AWAY.c.cabinet == reading.cabinet)
    return {(row.fichier, row.rang) for row in reading.connection.execute(query)}


def _contradicted(transaction: Transaction, acte: ActeRow) -> ActeRow | None:
    """The live act that this one contradicts."""
    if acte.genre == "annulation_acte":
        assert acte.vise is not None
        return find_annulment(transaction, acte.vise)
    names = _SAME.get(acte.genre)
    if names is None:
        return None
    annulled = select(acte_manuel.c.vise).where(
        acte_manuel.c.cabinet == transaction.cabinet, acte_manuel.c.vise.is_not(None)
    )
    query = rows.query(acte_manuel, ActeRow, transaction.cabinet).where(
        acte_manuel.c.genre == acte.genre,
        acte_manuel.c.acte.not_in(annulled),
        *(acte_manuel.c[name] == getattr(acte, name) for name in names),
    )
    return rows.read_one(transaction.connection, ActeRow, query)


def _refusal(acte: ActeRow, other: ActeRow) -> UsageError:
    said = f"L'acte n° {other.acte}, de {other.auteur}, « {other.motif} »,"
    if acte.genre == "annulation_acte":
        return UsageError(
            "acte.deja_annule",
            f"{said} l'a déjà annulé.",
            action="Il n'y a rien à faire.",
            lieu=f"acte n° {acte.vise}",
        )
    return UsageError(
        "acte.deja_pose",
        f"{said} le dit déjà, ou dit autre chose.",
        action=f"S'il ne convient plus, l'annuler d'abord : fse annuler-acte {other.acte} --motif …",
        lieu=f"acte n° {other.acte}",
    )
