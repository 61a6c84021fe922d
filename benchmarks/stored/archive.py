"""An archive of N invoices of many practices and of the returns that answer them, for measurements.

Each practice has the same `INVOICES` invoices, of the mix that `invoices` says, and one return a week answers them:
what one line touches does not depend on N. The returns of one practice are built and read as they are; the others
repeat their entities. Nobody of these practices did anything by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.stored.invoices import (
    AMC,
    AMO,
    DAYS,
    FIRST_DAY,
    NOT_IN_A_LOT,
    PRESTATAIRES,
    SOCIETE,
    WEEK,
    Invoice,
    contents_of,
)
from fse.app.operations.practice import entity_tables
from fse.base.identifiers.prestataire import reduce
from fse.domain.reconciliation.relations import FACTS
from fse.domain.reconciliation.schema import Column, Relation, Role
from fse.infra.journal.schema.entities import row_values
from fse.norm.layout import EntityRow, load_edition, read

INVOICES = 25 * WEEK
"""Invoices of a practice: half a year."""

Rows = dict[str, list[dict[str, Any]]]
"""Rows of one practice, by relation."""


def entities() -> tuple[Relation, ...]:
    """The entities of returns, as relations of the archive."""
    tables = (entity_tables().table(type) for type in load_edition("noemie", "ps-2007").layouts)
    return tuple(
        Relation(
            table.name,
            Role.FAIT,
            tuple(
                Column(one.name, "text" if one.type.python_type is str else "bigint", bool(one.nullable))
                for one in table.columns
            ),
            tuple(one.name for one in table.primary_key),
        )
        for table in tables
    )


def cabinets_of(invoices: int) -> list[str]:
    """The practices that have so many invoices, or a few more."""
    return [f"cabinet-{ordinal:06d}" for ordinal in range(-(-invoices // INVOICES))]


def make_archive(folder: Path, cabinets: Iterable[str]) -> None:
    """Write the archive of these practices."""
    practice = _practice()
    with duckdb.connect() as connection:
        connection.register("cabinets", pa.table({"cabinet": pa.array(cabinets, pa.string())}))
        for relation in (*FACTS, *entities()):
            connection.register("modele", _as_arrow(relation, practice[relation.name]))
            file = folder / f"{relation.name}.parquet"
            connection.execute(f"COPY ({_repeated(relation)}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")


def _repeated(relation: Relation) -> str:
    """The rows of one practice in each of them, in the order of their key; a file of one is no file of another."""
    if "cabinet" not in relation.names:
        return "FROM modele"
    own = {"cabinet": "c.cabinet", "fichier": "sha256(c.cabinet || m.fichier) AS fichier"}
    columns = ", ".join(own.get(name, f"m.{name}") for name in relation.names)
    return f"SELECT {columns} FROM cabinets c CROSS JOIN modele m ORDER BY {', '.join(relation.key)}"


def _as_arrow(relation: Relation, rows: list[dict[str, Any]]) -> pa.Table:
    types = {"text": pa.string(), "bigint": pa.int64()}
    schema = pa.schema([pa.field(one.name, types[one.type]) for one in relation.columns])
    return pa.Table.from_pylist(rows, schema)  # what a row does not name is null


def _practice() -> Rows:
    rows: Rows = defaultdict(list)
    invoices = [Invoice(rank) for rank in range(INVOICES)]
    rows["prestataire"] = [
        {"prestataire": one, "premier_numero": 0, "dernier_numero": 0} for one in PRESTATAIRES
    ]  # fmt: skip
    rows["mandat"] = [{"beneficiaire": SOCIETE, "prestataire": PRESTATAIRES[-1]}]
    successors = {(one.prestataire, one.remplace): one.numero for one in invoices if one.kind != "annulee"}
    rows["facture_emise"] = [_emitted(one, successors) for one in invoices]
    named = set()
    for week in range(INVOICES // WEEK):
        content = contents_of(invoices[week * WEEK : (week + 1) * WEEK], week + 1, FIRST_DAY + (week + 1) * DAYS)
        for name, row in _entities(content):
            rows[name].append(row | {"fichier": str(week)})
            named |= {value for value in row.values() if isinstance(value, str) and reduce(value)}
    rows["identifiant"] = [{"brut": raw, "prestataire": reduce(raw)} for raw in sorted(named)]
    return rows


def _entities(content: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entities of a return, with the name of their relation."""
    for row in read([content]):
        if isinstance(row, EntityRow) and row.layout is not None:
            table = entity_tables().table(row.type)
            yield table.name, row_values(row, [one for one in row.layout.champs if one.nom in table.columns])


def _emitted(one: Invoice, successors: dict[tuple[str, int | None], int]) -> dict[str, Any]:
    amc = int("AMC" in one.parties)
    left = one.kind not in NOT_IN_A_LOT
    return {
        "prestataire": one.prestataire,
        "numero": one.numero,
        "mode": "papier" if one.kind == "papier" else "S",
        "attend_amo": 1,
        "attend_amc": amc,
        "demande_amo": AMO,
        "demande_amc": amc * AMC,
        "date_facture": one.jour,
        "securisee_le": one.jour,
        "numero_lot": one.numero_lot if left else 0,
        "date_lot": one.jour if left else 0,
        "emise_le": one.jour if left else 0,
        "annulee": int(one.kind == "annulee"),
        "organisme": "998",
        "remplacant": one.remplacant,
        "remplacee_par": successors.get((one.prestataire, one.numero), 0),
        "racine": one.remplace or (one.numero if (one.prestataire, one.numero) in successors else 0),
        "en_route": int(left or one.kind == "papier"),
        "accuse": "",
    }
