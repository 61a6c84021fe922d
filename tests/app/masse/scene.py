"""Returns in a folder, the archive of what was sent, and the rows of a journal that received the same."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from fse.app.operations.journal.exporter import exporter_journal
from fse.app.operations.practice import Practice, entity_tables
from fse.domain.reconciliation.relations import STORED
from tests.app.emitted import emitted_practice, noe, receive, renamed, reordered, rows

Rows = dict[str, list[tuple[Any, ...]]]

FILES = {
    "caisse-a/01.noe": noe,
    "caisse-a/02 accentué.noe": lambda: renamed("ENCORE"),
    "caisse-b/03.noe": noe,  # received already
    "caisse-b/04.noe": reordered,  # the identity of the first, other bytes
    "caisse-b/05.noe": lambda: altered(renamed("ALTERE")),
    "caisse-b/06.pdf": lambda: b"%PDF-1.7 rien",
    "caisse-b/07.vide": lambda: b"",
}


def altered(content: bytes) -> bytes:
    """The same return without its end."""
    return content[:-128]


@cache
def scene() -> tuple[Path, Path, Rows, Rows]:
    """The folder of returns, the archive, then the entities and stored relations of the journal that received them."""
    folder = Path(mkdtemp(prefix="fse-masse-"))
    with emitted_practice(folder / "cabinet") as practice:
        archive = exporter_journal(practice, folder / "archive").dossier
        for name, content in FILES.items():
            path = folder / "retours" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content())
        receive(practice, *(content() for name, content in FILES.items() if name.endswith(".noe")))
        return folder / "retours", archive, entities(practice), stored(practice)


def entities(practice: Practice) -> Rows:
    """Every entity row of the journal, `cabinet` apart."""
    found = {}
    for name, table in entity_tables().metadata.tables.items():
        columns = [one.name for one in table.columns if one.name != "cabinet"]
        found[name] = ordered(rows(practice, f"SELECT {', '.join(columns)} FROM {name}"))
    return {name: one for name, one in found.items() if one}


def stored(practice: Practice) -> Rows:
    """Every row that the journal derives."""
    return {one.name: ordered(rows(practice, f"SELECT {', '.join(one.names)} FROM {one.name}")) for one in STORED}


def read_entities(sortie: Path) -> Rows:
    """Every entity row of a mass run, `cabinet` apart."""
    found = {}
    for folder in sorted((sortie / "retours").iterdir()):
        tables = [pq.ParquetFile(path).read() for path in sorted(folder.rglob("*.parquet"))]
        table = pa.concat_tables(tables, promote_options="permissive").drop_columns(["cabinet"])
        found[folder.name] = ordered(table.to_pylist())
    return {name: one for name, one in found.items() if one}


def read_stored(sortie: Path) -> Rows:
    """Every row that a mass run derives."""
    found = {}
    for one in STORED:
        table = ds.dataset(sortie / "rapprochement" / one.name, format="parquet").to_table()
        found[one.name] = ordered(table.select(list(one.names)).to_pylist())
    return found


def ordered(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted((tuple(row.values()) for row in found), key=repr)
