"""One rich month, as relations of facts and entities: what every engine is asked to match.

The facts come from the world of the tests of matching, which lays them in SQLite; here they are only copied out.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from fse.domain.reconciliation import relations
from fse.domain.reconciliation.schema import Column, Relation, Role
from fse.norm.layout import load_edition
from tests.domain.reconciliation.world.bank import every_proof
from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.values import (
    CABINET,
    COMPANY,
    DAY,
    DOC,
    LOCUM,
    LOT_DAY,
    NURSE,
    OTHER_CABINET,
    STRANGER,
    Annulment,
    Attach,
    Entry,
    Explain,
    Facture,
    File,
    Force,
    Line,
    Lump,
    Mandate,
    Movement,
    Range,
    Step,
    Takeover,
    Transfer,
    deferred,
    paid,
    rejected,
    returned,
)

_PLACE = ("cabinet text", "fichier text", "rang bigint", "rang_parent bigint", "octet bigint")
_INTEGERS = ("entier", "montant", "decimal", "date")

STORY: tuple[Step, ...] = (
    *(Facture(numero, nir=f"{numero:064x}") for numero in range(1, 31)),
    Facture(31, annulee=1),
    Facture(32, emise_le=0, lot=(0, 0)),
    Facture(33, mode="papier", emise_le=0, lot=(0, 0)),
    Facture(34, attend_amc=0, amc=0),
    Facture(35, attend_amo=0, attend_amc=0),
    Facture(36, remplacant=LOCUM),
    Facture(40, remplace=4),
    Facture(41, remplace=5),
    Facture(1, prestataire=NURSE, amo=4200, amc=0, attend_amc=0, lot=(7, LOT_DAY)),
    Facture(50, prestataire=NURSE, lot=(8, LOT_DAY)),
    Facture(50, lot=(9, LOT_DAY)),
    Facture(51, prestataire=NURSE, lot=(8, LOT_DAY)),
    Facture(51, lot=(8, LOT_DAY)),
    Facture(60, remplacant=LOCUM, lot=(3, LOT_DAY)),
    Facture(1, cabinet=OTHER_CABINET, lot=(2, LOT_DAY)),
    Mandate(COMPANY),
    Mandate(COMPANY, NURSE),
    Takeover(900, NURSE),
    Range(1, 5000),
    File(
        "aa",
        (
            Transfer(
                (
                    Line(1, paid(1500), paid(1000)),
                    Line(2, paid(1500, 1200), rejected(1000), rejets=(("0250", "F", "C", None), ("9920", "L", "O", 2))),
                    Line(3, deferred(1500), None),
                    Line(4, rejected(1500), rejected(1000), rejets=(("9921", "A", "O", 1),)),
                    Line(5, paid(1500), rejected(1000)),
                    Line(1, paid(4200), lot=(7, LOT_DAY)),
                    Line(None, paid(700), lot=(None, None), nir=f"{9:064x}"),
                    Line(31, paid(1500)),
                    Line(32, paid(1500)),
                    Line(33, paid(1500), lot=(None, None)),
                    Line(99, paid(300)),
                ),
                forfaits=(Lump(30000, ((DAY - 40, DAY - 10), (None, None))), Lump(500)),
                mouvements=(Movement(900, solde=8100), Movement(8100, operation="CIN", reference="IND42")),
            ),
            Transfer((Line(6, paid(1500)),), lieu=NURSE, payeur=None, controle=False),
            Transfer((Line(6, None, paid(1000)),), montant=99),
            Transfer((), montant=2500),
        ),
    ),
    File(
        "ab",
        (
            Transfer(
                (Line(1, paid(4200), lot=(7, LOT_DAY)), Line(950)),
            ),
        ),
        beneficiaire=NURSE,
    ),
    File(
        "ac",
        (
            Transfer((Line(50, paid(1500), lot=(None, None)), Line(51, paid(1500), lot=(8, LOT_DAY)))),
            Transfer((Line(50, paid(1500), paid(1000), lot=(9, LOT_DAY)),)),
        ),
        beneficiaire=COMPANY,
    ),
    File("ad", (Transfer((Line(60, paid(1500), lot=(3, LOT_DAY)), Line(7, paid(1500)))),), beneficiaire=LOCUM),
    File("ae", (Transfer((Line(8, paid(1500)),)),), beneficiaire="ILLISIBLE"),
    File("af", (Transfer((Line(8, paid(1500)),)),), beneficiaire=STRANGER),
    File(
        "b0",
        (
            Transfer((Line(9, paid(1500), paid(1000)), Line(10, rejected(1500), rejets=(("0250", "F", "O", None),)))),
            Transfer((Line(11, paid(1500, -1500)), Line(None)), forfaits=(Lump(100),), mouvements=(Movement(40),)),
        ),
        generation=576,
    ),
    returned("b1", Line(3, paid(1500), paid(1000)), Line(4, paid(1500)), Line(12, paid(1500, -1500)), jour=DAY + 6),
    returned("b2", Line(40, paid(1500), paid(1000)), Line(5, paid(1500)), Line(41, paid(1500)), jour=DAY + 7),
    returned("b3", Line(12, paid(1500)), Line(13, paid(1500, 1800)), Line(14, rejected(1500)), jour=DAY + 7),
    File("aa", (Transfer((Line(1, paid(1500)),)),), cabinet=OTHER_CABINET, beneficiaire=DOC.zfill(14)),
    File("b4", (Transfer((), mouvements=(Movement(600, solde=7500), Movement(-40, reference=None))),), cree_le=None),
    Attach(1, "aa", 11, 15),
    Attach(2, "b1", 5, 16),
    Annulment(2),
    Force(3, 14, "AMO", "abandonnee", 1),
    Force(4, 17, "AMC", "payee", 0),
    Force(5, 1, "AMO", "rejetee", 0),
    Entry(6, 18, "AMO", 1500),
    Entry(7, 1, "AMC", 1000),
    Entry(8, 19, "AMC", 0, "R"),
    Explain(9, "IND42", 2, DAY + 1),
)


@cache
def world() -> World:
    """The month, matched in SQLite as the tests of matching do."""
    made = World()
    made.hold(STORY)
    every_proof(made)
    made.rebuild()
    made.ask("perimetre", (CABINET,), (OTHER_CABINET,))
    return made


def entities() -> tuple[Relation, ...]:
    """The entities of returns as relations of facts."""
    return tuple(
        Relation(
            f"noemie_{layout.type}",
            Role.FAIT,
            tuple(Column(*name.split(), nullable=False) for name in _PLACE)
            + tuple(
                Column(field.nom, "bigint" if field.genre in _INTEGERS else "text", nullable=True)
                for field in layout.champs
                if not (field.personnel or field.is_filler or field.nom in ("type", "niveau", "terminateur"))
            ),
            ("cabinet", "fichier", "rang"),
        )
        for layout in load_edition("noemie", "ps-2007").layouts.values()
    )


SOURCES = (*relations.FACTS, *entities())


def rows_of(relation: Relation) -> list[tuple[Any, ...]]:
    """What the month holds of a relation of facts, or of an entity."""
    return world().db.execute(f"SELECT {', '.join(relation.names)} FROM {relation.name}").fetchall()


def write_archive(folder: Path) -> Path:
    """The month as an archive of Parquet files."""
    for relation in SOURCES:
        rows = rows_of(relation)
        columns = [
            pa.array([row[place] for row in rows], pa.int64() if column.type == "bigint" else pa.string())
            for place, column in enumerate(relation.columns)
        ]
        pq.write_table(pa.table(columns, names=list(relation.names)), folder / f"{relation.name}.parquet")
    return folder
