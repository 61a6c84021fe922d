"""The return of each week as rows of the tables of entities, made from one that was built and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table

from benchmarks.stored.history import name_of_return
from benchmarks.stored.invoices import DAYS, FIRST_DAY, LOTS, PER_LOT, WEEK, Invoice, contents_of
from fse.app.operations.practice import entity_tables
from fse.app.operations.states import insured
from fse.base.identifiers.prestataire import reduce
from fse.infra.journal.schema import fact_tables as facts
from fse.infra.journal.schema.entities import row_values
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow

Rows = dict[Table, list[dict[str, Any]]]


class Returns:
    """The return of one week as rows, from which those of the others follow: numbers, lots and days are moved."""

    def __init__(self) -> None:
        invoices = [Invoice(rank) for rank in range(WEEK)]
        content = contents_of(invoices, 1, FIRST_DAY + DAYS)
        entities = [item for item in read([content]) if isinstance(item, EntityRow)]
        offsets = {one.nir: one.rank for one in invoices}
        texts = {value for row in entities for value in row.valeurs.values() if isinstance(value, str)}
        self.identifiants = [{"brut": raw, "prestataire": reduce(raw)} for raw in sorted(texts) if reduce(raw)]
        self.without_number = [row.rang for row in entities if row.type == "102" and not row.valeurs["numero_facture"]]
        self._insured = {rang: offsets[nir] for rang, nir in insured(entities)}
        self._rows = [_as_row(row) for row in entities]

    def add(self, rows: Rows, week: int, persons: Mapping[str, str | None]) -> None:
        """Add the rows of the return of a week; `persons` gives the fingerprint of each NIR."""
        fichier = name_of_return(week)
        for table, row, dates in self._rows:
            cells = row | {"fichier": fichier} | {name: row[name] + week * DAYS for name in dates}
            if row.get("numero_facture"):
                cells["numero_facture"] += week * DAYS * PER_LOT
            if row.get("numero_lot"):
                cells["numero_lot"] = (row["numero_lot"] - 1 + week * DAYS) % LOTS + 1
            if "reference_creance" in row:
                cells["reference_creance"] = f"C{(week + 1) // 10:09d}"
            if "identifiant_fichier" in row:
                cells["identifiant_fichier"] = f"{week + 1:06d}"
            rows.setdefault(table, []).append(cells)
        rows[facts.assure_retour] += [
            {"fichier": fichier, "rang_ligne": rang, "nir_empreinte": persons[Invoice(week * WEEK + offset).nir]}
            for rang, offset in self._insured.items()
        ]


def _as_row(row: EntityRow) -> tuple[Table, dict[str, Any], tuple[str, ...]]:
    """The table of an entity, its cells, and those that are days."""
    table = entity_tables().table(row.type)
    assert row.layout is not None
    cells = row_values(row, [field for field in row.layout.champs if field.nom in table.columns])
    dates = [field.nom for field in row.layout.champs if field.genre == "date" and cells.get(field.nom) is not None]
    return table, cells, tuple(dates)
