"""`journal exporter`: the facts of a practice as an archive of Parquet files, to be matched elsewhere (DuckDB, Spark).

Nothing personal leaves: no NIR, no name, no content of a message, and the fingerprints of insured persons stay here too
(the suggestions, which nothing is booked on, are all that an archive cannot give).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import column, select, table

from fse.app.operations.practice import Practice, entity_tables
from fse.base.errors import StorageError
from fse.base.french import system_reason
from fse.base.resources import require
from fse.domain.reconciliation.relations import FACTS
from fse.infra.journal.transaction import Reading

_PERSONAL = frozenset({"assure_facture", "assure_retour"})
_CHUNK = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """The archive written, and how many rows each of its relations holds."""

    dossier: Path
    lignes: dict[str, int]


def exporter_journal(practice: Practice, sortie: Path) -> Export:
    """Write the archive in a new folder, whole or not at all; one snapshot of the journal.

    Raises `UsageError` without the extra `masse`, `StorageError` (`sortie.existe`, `sortie.impossible`).
    """
    require("pyarrow", extra="masse")
    if sortie.exists():
        raise StorageError(
            "sortie.existe",
            "Ce dossier existe déjà : une archive n'en remplace pas une autre.",
            action="Donner un dossier qui n'existe pas.",
            lieu=str(sortie),
        )
    temporary = sortie.with_name(f".{sortie.name}.tmp")
    try:
        with suppress(FileNotFoundError):
            shutil.rmtree(temporary)
        temporary.mkdir(parents=True)
        with practice.journal.reading() as reading:
            lignes = {name: _write(reading, temporary, name, columns) for name, columns in _relations()}
        temporary.rename(sortie)
    except OSError as error:
        raise StorageError(
            "sortie.impossible",
            f"L'archive ne peut pas être écrite : {system_reason(error)}.",
            action="Vérifier le dossier, les droits et la place libre, puis recommencer : rien n'est perdu.",
            lieu=str(sortie),
        ) from error
    return Export(dossier=sortie, lignes=lignes)


def entity_names() -> list[str]:
    """The relations of the entities of returns."""
    return sorted(entity_tables().metadata.tables)


def _relations() -> Iterator[tuple[str, dict[str, bool]]]:
    """Each relation of an archive: its columns, whether each is a whole number."""
    for relation in FACTS:
        yield relation.name, {one.name: one.type == "bigint" for one in relation.columns}
    for name, entity in entity_tables().metadata.tables.items():
        yield name, {one.name: one.type.python_type is int for one in entity.columns}


def _write(reading: Reading, folder: Path, name: str, columns: dict[str, bool]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(one, pa.int64() if whole else pa.string()) for one, whole in columns.items()])
    written = 0
    with pq.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd") as file:
        for rows in _chunks(reading, name, columns):
            arrays = [pa.array(cells, kind.type) for cells, kind in zip(zip(*rows, strict=True), schema, strict=True)]
            file.write_table(pa.table(arrays, schema=schema))
            written += len(rows)
    return written


def _chunks(reading: Reading, name: str, columns: Iterable[str]) -> Iterator[list[tuple[Any, ...]]]:
    if name in _PERSONAL:
        return
    stored = table(name, *(column(one) for one in columns))
    query = select(stored).where(stored.c.cabinet == reading.cabinet)
    found = reading.connection.execution_options(stream_results=True).execute(query)
    for rows in found.partitions(_CHUNK):
        yield [tuple(row) for row in rows]
