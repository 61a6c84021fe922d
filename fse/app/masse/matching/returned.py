"""Returns that archives of sendings already hold: those that are read here count as they are read here.

A journal books a whole return under its own practice, whoever it pays. Read here, the rows of the same file (SHA-256)
go each to its practice: those of the archives are then left out. A return that several archives hold and that is not
read here cannot be shared out: it is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fse.app.masse import parquet
from fse.app.masse.matching.facts import Facts, returned
from fse.app.masse.reading.parts import TRAVAIL
from fse.app.operations.journal.exporter import entity_names

_FOLDER = f"{TRAVAIL}/archives"


@dataclass(frozen=True, slots=True)
class Returns:
    """Facts whose returns are those that were not read here. `deja`: how many of those read here an archive held;
    `doubles`: digest → practices, of those that several archives hold.
    """

    facts: Facts
    deja: int
    doubles: Mapping[str, list[str]]


def without(facts: Facts, read: frozenset[str], sortie: Path) -> Returns:
    """Leave out of these facts the rows of the returns of these digests: what is left is written in `sortie`.

    Raises `OSError`.
    """
    gone = facts.taken.digests & read
    relations = dict(facts.relations)
    if gone:
        leaves = pa.array(sorted(gone), pa.string())
        for name in entity_names():
            relations[name] = [
                _left(path, leaves, sortie / _FOLDER / f"{name}-{number}.parquet")
                for number, path in enumerate(facts.relations[name])
            ]
    lignes, verse = returned(relations) if gone else (facts.lignes, facts.verse)
    return Returns(replace(facts, relations=relations, lignes=lignes, verse=verse), len(gone), _doubles(relations))


def _left(path: Path, leaves: Any, target: Path) -> Path:
    """Write the rows of a table that are of no file of `leaves`, a piece at a time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        pq.ParquetFile(path) as source,
        pq.ParquetWriter(target, source.schema_arrow, **parquet.encoding(source.schema_arrow)) as writer,
    ):
        for batch in source.iter_batches(parquet.ROWS_A_GROUP):
            names = batch.column(batch.schema.get_field_index("fichier")).cast(pa.string())
            writer.write_batch(batch.filter(pc.invert(pc.is_in(names, leaves))))
    return target


def _doubles(relations: Mapping[str, Any]) -> dict[str, list[str]]:
    """The returns that several archives hold, with the practices that hold them."""
    holders: dict[str, list[set[str]]] = {}
    for path in relations["noemie_000"]:
        here: dict[str, set[str]] = {}
        table = pq.ParquetFile(path).read(["fichier", "cabinet"])
        for digest, cabinet in zip(*(one.to_pylist() for one in table.columns), strict=True):
            here.setdefault(digest, set()).add(cabinet)
        for digest, cabinets in here.items():
            holders.setdefault(digest, []).append(cabinets)
    return {digest: sorted(set().union(*found)) for digest, found in sorted(holders.items()) if len(found) > 1}
