"""Practices in slices that memory holds, each matched alone: no row of one practice weighs on another's."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from fse.app.masse.groups import groups_of
from fse.app.masse.ledger import Ledger, Result
from fse.app.masse.matching.pruning import Parts, parts_between
from fse.app.masse.matching.totals import totals_of
from fse.app.masse.reading.parts import TRAVAIL
from fse.app.operations.journal.rapprocher import match_and_write, open_engine
from fse.base.errors import UsageError
from fse.domain.reconciliation import statements
from fse.infra.engines.archive import ArchiveEngine, load_relations

FACTURES_A_SLICE = 500_000
MEMOIRE = 1_500 << 20
"""Bytes that the engine of a slice holds; what it needs more waits on the disk. Half a million invoices take 1 GB."""
RAPPROCHEMENT = "rapprochement"
BILAN = "bilan"


@dataclass(frozen=True, slots=True)
class Tranche:
    """Practices that stand together in the order of their names, and how many invoices they sent. `source`: what
    their rows are made from.
    """

    nom: str
    cabinets: tuple[str, ...]
    factures: int
    source: str

    @property
    def poids(self) -> int:
        return self.factures + 1


def slices_of(cabinets: Iterable[str], factures: Mapping[str, int], source: str) -> list[Tranche]:
    """The slices of these practices."""
    groups = groups_of(sorted(set(cabinets)), lambda one: factures.get(one, 0), most=FACTURES_A_SLICE)
    return [
        Tranche(
            f"t{number:04d}",
            tuple(group),
            sum(factures.get(one, 0) for one in group),
            f"{source} {group[0]} {group[-1]}",
        )
        for number, group in enumerate(groups, 1)
    ]


@dataclass(frozen=True, slots=True)
class Match:
    """Matches a slice over these Parquet files: its stored relations and its balance sheets written in `sortie`, its
    totals as the result. In DuckDB, on `coeurs` cores, unless `spark` gives a Spark Connect server.
    """

    sortie: Path
    relations: Parts
    spark: str | None
    coeurs: int

    def __call__(self, tranche: Tranche) -> Result:
        Ledger(self.sortie / TRAVAIL / RAPPROCHEMENT).forget(tranche.nom)  # its tables are about to change
        travail = self.sortie / TRAVAIL / tranche.nom
        engine = open_engine(self.spark, travail, coeurs=self.coeurs, memoire=MEMOIRE)
        parties: dict[str, Path] = {}

        def place(name: str) -> Path:
            parties[name] = self.sortie / RAPPROCHEMENT / name / f"{tranche.nom}.parquet"
            return _emptied(parties[name])

        try:
            between = (tranche.cabinets[0], tranche.cabinets[-1])
            load_relations(engine, parts_between(self.relations, between), between)
            _refuse_doubles(engine, [part.path for part in self.relations["facture_emise"]])
            match_and_write(engine, tranche.cabinets, place)
            _keep_balance(engine, place(BILAN))
            totals = totals_of(engine)
        finally:
            engine.close()
            shutil.rmtree(travail, ignore_errors=True)
        for path in parties.values():
            _put(_temporary(path), path)
        return {"parties": [path.relative_to(self.sortie).as_posix() for path in parties.values()], **totals}


_DOUBLES = """
SELECT f.cabinet, f.prestataire, f.numero
FROM facture_emise f
GROUP BY f.cabinet, f.prestataire, f.numero
HAVING COUNT(*) > 1
LIMIT 1"""


def _refuse_doubles(engine: ArchiveEngine, factures: Sequence[Path]) -> None:
    """Raises `UsageError` (`masse.facture_double`) when an invoice stands twice: its payments would count twice."""
    for row in engine.rows(_DOUBLES):
        archives = [str(path.parent) for path in factures if _holds(path, row)]
        where = f"dans deux archives : {archives[0]} et {archives[1]}" if archives[1:] else "deux fois dans son archive"
        raise UsageError(
            "masse.facture_double",
            f"La facture {row['numero']:09d} du praticien {row['prestataire']} est {where}.",
            action="Ne donner que la dernière archive de chaque cabinet.",
            lieu=f"{row['cabinet']}, {' ; '.join(archives)}",
        )


def _holds(factures: Path, row: Mapping[str, Any]) -> bool:
    invoice = [ds.field(name) == row[name] for name in ("cabinet", "prestataire", "numero")]
    return bool(ds.dataset(str(factures), format="parquet").count_rows(filter=reduce(and_, invoice)))


def _keep_balance(engine: ArchiveEngine, path: Path) -> None:
    """Hold the balance sheets as a relation, and write them."""
    balance = statements.query(BILAN)
    engine.ask_from(balance.relation, balance.sql)
    engine.write(BILAN, path)


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.tmp")


def _emptied(path: Path) -> Path:
    """The temporary name, with nothing of a killed run there."""
    temporary = _temporary(path)
    temporary.parent.mkdir(parents=True, exist_ok=True)
    if temporary.is_dir():
        shutil.rmtree(temporary)
    return temporary


def _put(temporary: Path, path: Path) -> None:
    """In the place of what a former run left there: a file, or a folder of Spark."""
    if path.is_dir():
        shutil.rmtree(path)
    if temporary.is_file():
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
    temporary.replace(path)
