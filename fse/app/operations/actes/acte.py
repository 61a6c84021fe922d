"""An act as it is told: what it does in a French sentence, who, when, why, and whether it still holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fse.app.operations.motifs import ETATS
from fse.app.operations.states import answer, ask_invoices
from fse.app.operations.worklist.taches import line_name
from fse.base.dates import from_days
from fse.base.money import format_euros
from fse.domain.reconciliation.life_cycle import PART
from fse.infra.journal.facts.actes import ActeRow, GenreActe, annulments
from fse.infra.journal.transaction import Reading

Statut = Literal["en_vigueur", "caduc", "annule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Annulation:
    """The act that annuls another."""

    acte: int
    auteur: str
    motif: str
    pose_le: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Acte:
    """One act. `libelle` says what it does; what the others name, where it has one, else `None` (`montant`: centimes).

    `ligne` names a return line, a transfer or a file, `reference` a debt, `vise` the act that this one annuls.
    `statut`: `caduc` is a forced state that a further answer ended; `annulation` is there when it is `annule`.
    """

    acte: int
    genre: GenreActe
    libelle: str
    auteur: str
    motif: str
    pose_le: date
    statut: Statut
    annulation: Annulation | None
    prestataire: str | None
    numero: int | None
    partie: str | None
    etat: str | None
    montant: int | None
    jour: date | None
    piece: str | None
    ligne: str | None
    reference: str | None
    notifiee_le: date | None
    vise: int | None


def tell(reading: Reading, rows: Collection[ActeRow]) -> Iterator[Acte]:
    """These acts, in order, as the journal of this reading has them."""
    annulled = annulments(reading, [row.acte for row in rows])
    holding = _holding(reading, [row for row in rows if row.genre == "etat_force" and row.acte not in annulled])
    for row in rows:
        by = annulled.get(row.acte)
        lapsed = row.genre == "etat_force" and row.acte not in holding
        yield Acte(
            acte=row.acte,
            genre=row.genre,
            libelle=_libelle(row),
            auteur=row.auteur,
            motif=row.motif,
            pose_le=from_days(row.pose_le),
            statut="annule" if by else "caduc" if lapsed else "en_vigueur",
            annulation=_annulation(by) if by else None,
            prestataire=row.prestataire,
            numero=row.numero,
            partie=row.partie,
            etat=row.etat,
            montant=row.montant,
            jour=_day(row.jour),
            piece=row.piece,
            ligne=None if row.fichier is None or row.rang is None else line_name(row.fichier, row.rang),
            reference=row.reference,
            notifiee_le=_day(row.notifiee_le),
            vise=row.vise,
        )


def _holding(reading: Reading, forced: Iterable[ActeRow]) -> set[int]:
    """The forced states in force, among these."""
    numeros = {row.numero for row in forced if row.numero is not None}
    if not numeros:
        return set()
    ask_invoices(reading, numeros)
    return {part["acte"] for part in answer(reading, "parts_du_bloc")}


def _annulation(row: ActeRow) -> Annulation:
    return Annulation(acte=row.acte, auteur=row.auteur, motif=row.motif, pose_le=from_days(row.pose_le))


def _day(days: int | None) -> date | None:
    return None if days is None else from_days(days)


def _libelle(row: ActeRow) -> str:
    facture = "" if row.numero is None else f"facture {row.numero:09d}"
    if row.genre == "rattachement":
        return f"ligne {line_name(row.fichier or '', row.rang or 0)} rattachée à la {facture}"
    if row.genre == "etat_force":
        return f"{facture}, part {row.partie} : état forcé « {PART[row.etat or ''].libelle} »"
    if row.genre == "paiement_saisi":
        answered = f"{facture}, part {row.partie} {ETATS[row.etat or '']}, {format_euros(row.montant or 0)}"
        return f"{answered}, le {from_days(row.jour or 0):%d/%m/%Y}, saisie d'après « {row.piece} »"
    if row.genre == "creance_rattachee":
        parts = [f"créance {row.reference}"]
        parts += [f"rattachée à la {facture}"] if facture else []
        parts += [f"notifiée le {from_days(row.notifiee_le):%d/%m/%Y}"] if row.notifiee_le is not None else []
        return ", ".join(parts)
    if row.genre == "classement":
        what = "" if row.rang else "retour mis de côté "
        return f"{what}{line_name(row.fichier or '', row.rang or 0)} : classé, rien à faire"
    if row.genre == "preuve_bancaire":
        transfer = line_name(row.fichier_virement or "", row.rang_virement or 0)
        return f"ligne du compte {line_name(row.fichier or '', row.rang or 0)} : c'est le virement {transfer}"
    return f"annule l'acte n° {row.vise}"
