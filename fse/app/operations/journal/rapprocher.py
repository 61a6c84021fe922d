"""`journal rapprocher`: archives of practices matched whole by DuckDB or Spark, with the SQL of the journals.

`match_and_write` is what `fse masse` does too, slice by slice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fse.app.operations.journal.exporter import entity_names
from fse.base.errors import StorageError, UsageError
from fse.domain.reconciliation import statements
from fse.domain.reconciliation.relations import FACTS, STORED
from fse.infra.engines.archive import ArchiveEngine, load_relations, match


@dataclass(frozen=True, slots=True, kw_only=True)
class BilanArchive:
    """Where the money of one prestataire stands, in centimes: asked, paid, missing, paid too much."""

    cabinet: str
    prestataire: str
    factures: int
    soldees: int
    demande: int
    paye: int
    reste: int
    trop_paye: int


def rapprocher_archives(
    archives: Sequence[Path], sortie: Path, *, spark: str | None = None, travail: Path | None = None
) -> list[BilanArchive]:
    """Match these archives; write each stored relation in `sortie` (`etat_part.parquet`…). By prestataire, in order.

    In DuckDB, in memory, unless `spark` gives a Spark Connect server (`sc://host:port`), which reads and writes these
    folders itself; `travail` is where either keeps what it computes and memory does not hold, in `sortie` by default.

    Raises `UsageError` (`archive.incomplete`, an extra that is missing), `StorageError` (`sortie.existe`).
    """
    _check(archives, sortie)
    sortie.mkdir(parents=True)
    engine = open_engine(spark, travail or sortie / "travail")
    try:
        relations = {name: [archive / f"{name}.parquet" for archive in archives] for name in _names()}
        load_relations(engine, relations)
        cabinets = [row["cabinet"] for row in engine.rows("SELECT DISTINCT cabinet FROM facture_emise")]
        match_and_write(engine, cabinets, lambda name: sortie / f"{name}.parquet")
        bilans = engine.rows(statements.query("bilan").sql)
    finally:
        engine.close()
    return [BilanArchive(**{name: row[name] for name in BilanArchive.__slots__}) for row in bilans]


def match_and_write(engine: ArchiveEngine, cabinets: Iterable[str], place: Callable[[str], Path]) -> None:
    """Match these practices, over relations that are loaded, and write each stored relation where `place` says."""
    match(engine, sorted(cabinets))
    for relation in STORED:
        engine.write(relation.name, place(relation.name))


def open_engine(
    spark: str | None, travail: Path, *, coeurs: int | None = None, memoire: int | None = None
) -> ArchiveEngine:
    """DuckDB, on so many cores and bytes of memory (by default, most of the machine's), or the Spark Connect server of
    this address; what they compute and do not hold is in `travail` meanwhile.
    """
    if spark is None:
        from fse.infra.engines.duckdb import DuckdbEngine

        return DuckdbEngine(coeurs=coeurs, memoire=memoire, temporaire=travail)
    from fse.infra.engines.spark import SparkEngine

    return SparkEngine(spark, travail)


def _names() -> list[str]:
    return [*(relation.name for relation in FACTS), *entity_names()]


def _check(archives: Sequence[Path], sortie: Path) -> None:
    for archive in archives:
        absent = [name for name in _names() if not (archive / f"{name}.parquet").is_file()]
        if absent:
            raise UsageError(
                "archive.incomplete",
                f"Ce dossier n'est pas une archive complète : il manque {absent[0]}.parquet.",
                action="Donner un dossier écrit par fse journal exporter.",
                lieu=str(archive),
            )
    if sortie.exists():
        raise StorageError(
            "sortie.existe",
            "Ce dossier existe déjà : un rapprochement n'en remplace pas un autre.",
            action="Donner un dossier qui n'existe pas.",
            lieu=str(sortie),
        )
