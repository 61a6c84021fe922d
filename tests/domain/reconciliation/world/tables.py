"""The tables, views and indexes of a world, made once."""

import sqlite3
from functools import cache

from fse.domain.reconciliation import relations, statements
from fse.domain.reconciliation.schema import Relation
from fse.norm.layout import load_edition
from tests.domain.reconciliation.world.facts import Facts
from tests.domain.reconciliation.world.values import CABINET, KNOWN, OTHER_CABINET

IDENTIFIERS = {raw: known for known in KNOWN for raw in (known, known.zfill(14))} | {"ILLISIBLE": ""}
LAYOUTS = load_edition("noemie", "ps-2007").layouts.values()
_KEPT = {"identifiant", "perimetre", "parametre", "parametre_banque"}
TABLES = [
    *(one.name for one in (*relations.FACTS, *relations.ASKED, *relations.STORED) if one.name not in _KEPT),
    *(f"noemie_{layout.type}" for layout in LAYOUTS),
]


@cache
def empty() -> bytes:
    """A database of the relations without a row, but the identifiers and the prestataires."""
    db = sqlite3.connect(":memory:")
    for relation in (*relations.FACTS, *relations.ASKED, *relations.STORED):
        db.execute(_table(relation))
    for layout in LAYOUTS:
        place = ["cabinet text", "fichier text", "rang bigint", "rang_parent bigint", "octet bigint"]
        fields = [
            f"{f.nom} {'bigint' if f.genre in ('entier', 'montant', 'decimal', 'date') else 'text'}"
            for f in layout.champs
            if not (f.personnel or f.is_filler or f.nom in ("type", "niveau", "terminateur"))
        ]
        key = "PRIMARY KEY (cabinet, fichier, rang)"
        db.execute(f"CREATE TABLE noemie_{layout.type} ({', '.join((*place, *fields, key))})")
    for view in statements.views():
        db.execute(f"CREATE VIEW {view.relation.name} AS\n{view.sql}")
    for number, index in enumerate(relations.INDEXES):
        db.execute(f"CREATE INDEX i{number} ON {index.relation} ({', '.join(index.expressions)})")
    db.executemany(
        "INSERT INTO identifiant VALUES (?, ?, ?)",
        [(cabinet, *known) for cabinet in (CABINET, OTHER_CABINET) for known in IDENTIFIERS.items()],
    )
    first = Facts().ranges
    db.executemany(
        "INSERT INTO prestataire VALUES (?, ?, ?, ?)", [(*who, *reserved) for who, reserved in first.items()]
    )
    _tell_sizes(db)
    db.commit()
    image = db.serialize()
    db.close()
    return image


def _table(relation: Relation) -> str:
    columns = [f"{c.name} {c.type}{'' if c.nullable else ' NOT NULL'}" for c in relation.columns]
    key = [f"PRIMARY KEY ({', '.join(relation.key)})"] if relation.key else []
    return f"CREATE TABLE {relation.name} ({', '.join(columns + key)})"


def _tell_sizes(db: sqlite3.Connection) -> None:
    """Statistics as an engine keeps them: what is asked is small, what is stored is not."""
    db.execute("ANALYZE")
    db.execute("DELETE FROM sqlite_stat1")
    for relation in relations.ASKED:
        if relation.key:
            sizes = " ".join(["4", *["4"] * (len(relation.key) - 1), "1"])
            db.execute(
                f"INSERT INTO sqlite_stat1 VALUES ('{relation.name}', 'sqlite_autoindex_{relation.name}_1', '{sizes}')"
            )
