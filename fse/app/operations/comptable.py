"""What an accountant takes away: each payment that a payer announced or a person entered, and each reject, by date.

Read as the returns say it, line by line, so that the payments of a transfer, with its lump sums and less what it
withheld, make its amount to the centime. Nothing personal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, TableClause, and_, column, func, select, table

from fse.app.operations.motifs import ETATS, MotifRejet, motif_of
from fse.app.operations.practice import Practice
from fse.app.operations.worklist.taches import line_name
from fse.base.dates import from_days, to_days
from fse.infra.journal.transaction import Reading

_LINE = ("cabinet", "fichier", "rang")
_PART = table("part_retour", *map(column, (*_LINE, "partie", "rang_ligne", "demande", "etat", "paye")))
_REJECT = table(
    "rejet_retour",
    *map(
        column,
        (*_LINE, "rang_ligne", "code", "libelle", "niveau", "partie", "numero_ligne", "code_acte", "ordre"),
    ),
)
_ROW = table("ligne_retour", *map(column, (*_LINE, "numero", "prestataire", "date_comptable", "rang_virement")))
_MATCH = table("appariement", *map(column, (*_LINE, "prestataire", "numero")))
_ENTERED = table(
    "paiement_saisi",
    *map(column, ("cabinet", "prestataire", "numero", "partie", "etat", "montant", "jour", "piece", "acte")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paiement:
    """What a return says of one part of an invoice, or what was entered of it by hand; centimes.

    `virement` names the transfer as `line_name` does, "" outside any; `piece` the paper statement of what was entered.
    `rapproche` is false of a line that answers no invoice known: `numero` is then the one that it names, 0 for none.
    """

    jour: date
    virement: str
    prestataire: str
    numero: int
    partie: str
    etat: str
    demande: int | None
    paye: int
    rapproche: bool
    piece: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejet:
    """One reject, on the accounting date of its return."""

    jour: date
    prestataire: str
    numero: int
    motif: MotifRejet


@dataclass(frozen=True, slots=True, kw_only=True)
class Comptes:
    """The payments and the rejects since a day, in the order of their dates."""

    depuis: date
    paiements: tuple[Paiement, ...]
    rejets: tuple[Rejet, ...]


def comptes(practice: Practice, depuis: date, *, praticiens: Collection[str] | None = None) -> Comptes:
    """Everything booked of this day and later; `praticiens`: for these prestataires only. Reads only."""
    with practice.journal.reading() as reading:
        paiements = [*_announced(reading, depuis), *_entered(reading, depuis)]
        rejets = list(_rejects(reading, practice, depuis))
    return Comptes(
        depuis=depuis,
        paiements=tuple(sorted((one for one in paiements if _is_kept(one, praticiens)), key=_order)),
        rejets=tuple(one for one in rejets if _is_kept(one, praticiens)),
    )


def _is_kept(one: Paiement | Rejet, praticiens: Collection[str] | None) -> bool:
    return praticiens is None or one.prestataire in praticiens


def _order(one: Paiement) -> tuple[date, str, str, int, str]:
    return one.jour, one.virement, one.prestataire, one.numero, one.partie


def _announced(reading: Reading, depuis: date) -> Iterator[Paiement]:
    for row in _of_lines(reading, _PART, depuis, ("partie", "demande", "etat", "paye")):
        yield Paiement(
            jour=from_days(row["jour"]),
            virement=line_name(row["fichier"], row["rang_virement"]) if row["rang_virement"] else "",
            prestataire=row["prestataire"],
            numero=row["numero"],
            partie=row["partie"],
            etat=ETATS[row["etat"] or ""],
            demande=row["demande"],
            paye=row["paye"],
            rapproche=bool(row["rapproche"]),
            piece="",
        )


def _entered(reading: Reading, depuis: date) -> Iterator[Paiement]:
    here = _ENTERED.c
    query = select(_ENTERED).where(here.cabinet == reading.cabinet, here.jour >= to_days(depuis)).order_by(here.acte)
    for row in reading.connection.execute(query).mappings():
        yield Paiement(
            jour=from_days(row["jour"]),
            virement="",
            prestataire=row["prestataire"],
            numero=row["numero"],
            partie=row["partie"],
            etat=ETATS[row["etat"]],
            demande=None,
            paye=row["montant"],
            rapproche=True,
            piece=row["piece"],
        )


def _rejects(reading: Reading, practice: Practice, depuis: date) -> Iterator[Rejet]:
    wanted = ("code", "libelle", "niveau", "partie", "numero_ligne", "code_acte", "ordre")
    for row in _of_lines(reading, _REJECT, depuis, wanted):
        texts = {name: row[name] or "" for name in ("code", "libelle", "niveau", "partie", "code_acte")}
        jour = from_days(row["jour"])
        yield Rejet(
            jour=jour,
            prestataire=row["prestataire"],
            numero=row["numero"],
            motif=motif_of(row | texts, practice.cabinet, jour),
        )


def _of_lines(reading: Reading, said: TableClause, depuis: date, wanted: Iterable[str]) -> Iterator[dict[str, Any]]:
    """What stands under the lines of these dates, each with the invoice that its line was matched with."""
    line, match = _ROW.c, _MATCH.c
    query = (
        select(
            line.date_comptable.label("jour"),
            line.fichier,
            line.rang_virement,
            func.coalesce(match.prestataire, line.prestataire).label("prestataire"),
            func.coalesce(match.numero, line.numero).label("numero"),
            match.rang.is_not(None).label("rapproche"),
            *(said.c[name] for name in wanted),
        )
        .select_from(said)
        .join(_ROW, _same(said, _ROW, "rang_ligne"))
        .outerjoin(_MATCH, _same(_ROW, _MATCH, "rang"))
        .where(said.c.cabinet == reading.cabinet, line.date_comptable >= to_days(depuis))
        .order_by(line.date_comptable, line.fichier, line.rang, said.c.rang)
    )
    for row in reading.connection.execute(query).mappings():
        yield dict(row)


def _same(under: TableClause, line: TableClause, rang: str) -> ColumnElement[bool]:
    return and_(under.c.cabinet == line.c.cabinet, under.c.fichier == line.c.fichier, under.c[rang] == line.c.rang)
