"""What was sent, from archives: those of journals (`fse journal exporter`) and those of mass emission.

A folder is an archive when it holds `facture_emise.parquet`, else every folder under it that does. Each practice is
whole in its archives: the same row may stand in several, two different rows of one key may not.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fse.app.masse.reading.archives import check_table, read_table
from fse.app.masse.reading.files import check_name
from fse.app.masse.reading.parts import TRAVAIL, write_again
from fse.app.masse.reading.settling import Taken
from fse.app.operations.practice import entity_tables
from fse.base.errors import UsageError
from fse.domain.reconciliation.relations import FACTS

FACTURES = "facture_emise"
_NEEDED = (FACTURES, "prestataire")
_PERSONAL = frozenset({"assure_facture", "assure_retour"})
"""Fingerprints of persons stay in the journals: nothing is booked on them."""
_HEAD = pa.schema(
    [
        *((one, pa.string()) for one in ("fichier", "numero_emetteur", "numero_destinataire", "identifiant_fichier")),
        ("date_creation", pa.int64()),
    ]
)
_CABINET = pa.schema([("cabinet", pa.string())])
_SUM = pa.schema([("somme", pa.int64())])

Paths = Mapping[str, Sequence[Path]]


@dataclass(frozen=True, slots=True)
class Facts:
    """The Parquet files of each relation of facts and of each entity that the archives hold, how many invoices each
    practice has (by name, in order), and what it all is, in a few characters (`cle`).

    `taken`: the returns that they hold, with their `lignes` (invoices named) and what they `verse` (centimes).
    """

    relations: Paths
    factures: Mapping[str, int]
    taken: Taken
    lignes: int
    verse: int
    cle: str


def archives_of(envois: Iterable[Path]) -> list[Path]:
    """The archives in these folders, each once whatever its paths.

    Raises `UsageError`: `archive.incomplete` for a folder that holds none, `masse.nom` for one that tables cannot name.
    """
    found: list[Path] = []
    for envoi in envois:
        check_name(envoi)
        here = sorted({Path(folder).resolve() for folder, _, names in os.walk(envoi) if f"{FACTURES}.parquet" in names})
        if not here:
            raise _incomplete(envoi, FACTURES)
        for archive in here:
            check_name(archive)
        found += here
    for archive in found:
        for name in _NEEDED:
            if not (archive / f"{name}.parquet").is_file():
                raise _incomplete(archive, name)
    return list(dict.fromkeys(found))


def gather_facts(archives: Sequence[Path], sortie: Path) -> Facts:
    """Bring the facts together: the invoices stay where they are, what is small is written once in `sortie`.

    Raises `UsageError`: `masse.faits_contraires` when two archives contradict each other, and as `check_table` does.
    """
    relations: dict[str, Sequence[Path]] = {}
    for relation in FACTS:
        schema = _schema((one.name, one.type == "bigint") for one in relation.columns)
        there = [] if relation.name in _PERSONAL else _there(archives, relation.name)
        if relation.name == FACTURES:
            for path in there:
                check_table(path, schema)
            relations[FACTURES] = there
            continue
        merged = _distinct(there, schema)
        if relation.key and len(merged) != len(
            merged.select(list(relation.key)).group_by(list(relation.key)).aggregate([])
        ):
            raise UsageError(
                "masse.faits_contraires",
                f"Deux archives se contredisent : {relation.name}.parquet y dit deux choses de la même clé.",
                action="Ne donner que la dernière archive de chaque cabinet.",
            )
        relations[relation.name] = [write_again(sortie, f"{TRAVAIL}/faits/{relation.name}.parquet", merged)]
    for name, schema in _entities().items():
        relations[name] = _there(archives, name)
        for path in relations[name]:
            check_table(path, schema)
    return Facts(relations, _invoices(relations[FACTURES]), _taken(relations), *returned(relations), _key(archives))


def returned(relations: Paths) -> tuple[int, int]:
    """What the returns of these entities come to: invoices named, centimes of transfers."""
    lines = [path for name in ("noemie_102", "noemie_100") for path in relations[name]]
    sums = [pc.sum(read_table(path, _SUM)["somme"]).as_py() or 0 for path in relations["noemie_990"]]
    return sum(check_table(path, _CABINET) for path in lines), sum(sums)


def empty_entities(sortie: Path) -> Paths:
    """A file without rows for each entity: what stands for those of which nothing came."""
    return {
        name: [write_again(sortie, f"{TRAVAIL}/vides/{name}.parquet", schema.empty_table())]
        for name, schema in _entities().items()
    }


def _entities() -> dict[str, Any]:
    """The schema of each entity."""
    tables = sorted(entity_tables().metadata.tables.items())
    return {name: _schema((one.name, one.type.python_type is int) for one in table.columns) for name, table in tables}


def _schema(columns: Iterable[tuple[str, bool]]) -> Any:
    """Names, and whether each is a whole number."""
    return pa.schema([(name, pa.int64() if whole else pa.string()) for name, whole in columns])


def _there(archives: Sequence[Path], name: str) -> list[Path]:
    return [path for archive in archives if (path := archive / f"{name}.parquet").is_file()]


def _distinct(paths: Sequence[Path], schema: Any) -> Any:
    tables = [read_table(path, schema) for path in paths]
    return pa.concat_tables([schema.empty_table(), *tables]).group_by(schema.names).aggregate([]).select(schema.names)


def _invoices(paths: Sequence[Path]) -> dict[str, int]:
    counts = [pa.Table.from_struct_array(read_table(path, _CABINET).column(0).value_counts()) for path in paths]
    added = pa.concat_tables(counts).group_by("values").aggregate([("counts", "sum")]).sort_by("values")
    return dict(zip(added["values"].to_pylist(), added["counts_sum"].to_pylist(), strict=True))


def _taken(relations: Paths) -> Taken:
    digests: set[str] = set()
    identities = set()
    for path in relations["noemie_000"]:
        table = read_table(path, _HEAD)
        for digest, *identity in zip(*(one.to_pylist() for one in table.columns), strict=True):
            digests.add(digest)
            emetteur, destinataire, identifiant, created = identity
            identities.add((emetteur or "", destinataire or "", identifiant or "", created or 0))
    return Taken(frozenset(digests), frozenset(identities))


def _key(archives: Sequence[Path]) -> str:
    seen = []
    for archive in archives:
        for path in sorted(archive.glob("*.parquet")):
            state = path.stat()
            seen.append((str(path.resolve()), state.st_size, state.st_mtime_ns))
    return hashlib.sha256(repr(seen).encode()).hexdigest()


def _incomplete(folder: Path, name: str) -> UsageError:
    return UsageError(
        "archive.incomplete",
        f"Ce dossier n'est pas une archive complète : il manque {name}.parquet.",
        action="Donner un dossier écrit par fse journal exporter, ou par l'émission en masse.",
        lieu=str(folder),
    )
