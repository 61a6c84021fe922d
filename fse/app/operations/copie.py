"""`copie`: the copy of a sheet that a patient asks for (CSS R161-47), with what has become of it; it pays nothing.

Names and NIR stand in it in clear, as on the patient's own card: the reading is noted first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, FromClause, and_, case, column, func, select, table

from fse.app.operations.annuler import resolve
from fse.app.operations.cabinet import Cabinet
from fse.app.operations.delivery import PRIVATE, deliver
from fse.app.operations.feuille import Feuille, read_sheet
from fse.app.operations.journal.lectures import record_reading
from fse.app.operations.practice import Practice
from fse.app.operations.transmission.lots import lots_told
from fse.base.dates import from_days
from fse.base.errors import UsageError
from fse.infra.journal.facts import factures
from fse.infra.journal.facts.factures import FactureRow
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.facts.rows import same
from fse.infra.journal.schema.fact_tables import MODE_REPRISE, accuse, fichier_lot, lot_facture
from fse.infra.journal.schema.relations import LEFT
from fse.infra.journal.transaction import Reading
from fse.norm.model.saisie import MODES_SANS_LOT

__all__ = ["Copie", "CopieEcrite", "RenduCopie", "copie"]

_EMITTED = table(
    "facture_emise", *map(column, ("cabinet", "prestataire", "numero", "emise_le", "accuse", "numero_lot", "date_lot"))
)

_LOT = ("prestataire", "numero_lot", "date_lot")

_RECEIVED, _ON_PAPER = "positif", "papier"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Copie(Feuille):
    """One copy. `le` and `auteur`: when and by whom it is made; `suite`: what has become of the sheet, in French."""

    le: date
    auteur: str
    suite: str


RenduCopie = Callable[[Copie], bytes]
"""Makes the document, the same bytes for the same copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopieEcrite:
    """What was written. Nothing personal."""

    prestataire: str
    numero: int
    suite: str
    auteur: str
    le: date
    chemin: Path


def copie(
    practice: Practice,
    numero: int,
    sortie: Path,
    rendu: RenduCopie,
    *,
    auteur: str,
    prestataire: str | None = None,
    visibles: Collection[str] | None = None,
    le: date | None = None,
) -> CopieEcrite:
    """Write the copy of a sheet to `sortie`, which only its owner reads.

    `visibles` are the prestataires that the user sees, `None` for all. Raises `UsageError`: `facture.inconnue`,
    `facture.ambigue`, `lecture.auteur`, `copie.reprise`, `copie.papier`, those of `read_sheet` and of `rendu`;
    `StorageError` (`sortie.differente`, `sortie.impossible`).
    """
    today = practice.day(le)
    with practice.journal.reading() as reading:
        who = resolve(reading, numero, prestataire, visibles)
        row = factures.find(reading, who, numero)
        assert row is not None
        _refuse(row)
        sheet = read_sheet(reading, practice.cabinet, row, "copie")
        document = Copie(
            **{one.name: getattr(sheet, one.name) for one in fields(sheet)},
            le=today,
            auteur=auteur,
            suite=_what_became(reading, practice.cabinet, row, today),
        )
    record_reading(practice, numero, auteur=auteur, commande="copie", prestataire=who)
    deliver(sortie, rendu(document), PRIVATE)
    return CopieEcrite(prestataire=who, numero=numero, suite=document.suite, auteur=auteur, le=today, chemin=sortie)


def _refuse(row: FactureRow) -> None:
    if row.mode == MODE_REPRISE:
        raise UsageError(
            "copie.reprise",
            "Cette feuille est partie par le logiciel précédent : son contenu n'est pas ici.",
            action="Faire la copie avec le logiciel précédent.",
            lieu=f"facture {row.numero:09d}",
        )
    if row.mode in MODES_SANS_LOT:
        raise UsageError(
            "copie.papier",
            "Cette feuille est sur papier : l'original est ce que le patient ou la caisse a reçu.",
            action="Photocopier l'original avant de le poster ; la copie de fse est celle d'une feuille électronique.",
            lieu=f"facture {row.numero:09d}",
        )


def _what_became(reading: Reading, cabinet: Cabinet, row: FactureRow, le: date) -> str:
    """One sentence: a copy must not let believe that a sheet cancelled or corrected is still to be paid."""
    cancelled = factures.find_cancellation(reading, row.prestataire, row.numero)
    if cancelled is not None:
        return f"Annulée le {from_days(cancelled.annulee_le):%d/%m/%Y} : aucun organisme n'a à la payer."
    later = factures.find_successor(reading, row.prestataire, row.numero)
    if later is not None and factures.find_cancellation(reading, later.prestataire, later.numero) is None:
        return f"Corrigée par la feuille n° {later.numero:09d}, qui la remplace."
    here = _EMITTED.c
    query = select(here.emise_le, here.accuse, here.numero_lot, here.date_lot).where(_is(reading, _EMITTED, row))
    emise_le, said, numero_lot, date_lot = reading.connection.execute(query).one()
    if not emise_le:
        return "Pas encore transmise à l'organisme : elle le sera par le professionnel."
    day = f"{from_days(emise_le):%d/%m/%Y}"
    if said == _ON_PAPER:
        return f"Remplacée par un duplicata sur papier ; transmise ou éditée le {day}."
    held = lots_told(reading, cabinet, [LotKey(row.prestataire, numero_lot, date_lot)], le) if numero_lot else []
    if said == _RECEIVED or any(one.transmission.etat == "recu" for one in held):
        return f"Transmise le {day}, reçue par l'organisme."
    return f"Transmise le {day}{_refused(reading, row)}."


def _refused(reading: Reading, row: FactureRow) -> str:
    """What a refusal of its lot, at the reception, means for the sheet; "" without one."""
    refused, named = reading.connection.execute(
        select(func.max(accuse.c.recu_le), func.max(case((accuse.c.numero_facture == row.numero, 1), else_=0)))
        .select_from(lot_facture)
        .join(accuse, same(accuse, lot_facture, *_LOT))
        .where(_is(reading, lot_facture, row), accuse.c.sens == "N")
    ).one()
    if refused is None:
        return ""
    left = reading.connection.execute(
        select(func.max(LEFT.c.parti_le))
        .select_from(lot_facture)
        .join(fichier_lot, same(fichier_lot, lot_facture, *_LOT))
        .join(LEFT, same(LEFT, fichier_lot, "emetteur", "identifiant"))
        .where(_is(reading, lot_facture, row))
    ).scalar_one()
    if left is not None and left > refused:
        return f", refusée par l'organisme, renvoyée le {from_days(left):%d/%m/%Y}"
    return f", refusée par l'organisme : elle sera {'corrigée, puis ' if named else ''}renvoyée"


def _is(reading: Reading, rows: FromClause, row: FactureRow) -> ColumnElement[bool]:
    here = rows.c
    return and_(here.cabinet == reading.cabinet, here.prestataire == row.prestataire, here.numero == row.numero)
