"""The whole matching of an archive by DuckDB, beside a bare join that classes the same lines the same way.

    .venv/bin/python -m benchmarks.matching [--sizes 1000000,5000000] [--rounds 7]

An archive of that many invoices and of their returns is made first (`stored.archive`). Each round then runs both, one
after the other, each on a database of its own in memory, over the same Parquet files:

    join        one statement by hand: reads the lines, joins them with the invoices, and names for each the policy that
                matched it or its residue, for these returns alone: no older generation, nothing done by hand
    matching    `archive.match`: every relation mapped from the returns, every match, residue, part and invoice
    classing    what of it says no more than the join: ligne_retour (which needs the parts), appariement, residu

The two take turns to be first, so that a busy moment of the machine touches both. A first round is not counted: it
compares the rows of the two instead, and the status is 1 when they differ. Times include the opening.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.stored.archive import INVOICES, cabinets_of, entities, make_archive
from fse.domain.reconciliation.schema import Relation
from fse.domain.reconciliation.statements import Computation
from fse.infra.engines.archive import load_archives, match
from fse.infra.engines.duckdb import DuckdbEngine

CLASSING = ("part_retour", "ligne_retour", "fichier_touche", "bloc", "appariement", "residu")

_CLASSED = "cabinet, fichier, rang, prestataire, numero, classe"

JOIN = """
CREATE TABLE jointure AS
WITH ligne AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        COALESCE(i.prestataire, '') AS prestataire,
        COALESCE(l.numero_facture, 0) AS numero,
        COALESCE(l.numero_lot, 0) AS numero_lot,
        COALESCE(l.date_lot, 0) AS date_lot
    FROM noemie_102 l
    JOIN noemie_081 t ON t.cabinet = l.cabinet AND t.fichier = l.fichier AND t.rang = l.rang_parent
    LEFT JOIN identifiant i ON i.cabinet = t.cabinet AND i.brut = t.lieu_execution
),
facture AS (
    SELECT
        f.cabinet,
        f.prestataire,
        f.numero,
        f.numero_lot,
        f.date_lot,
        f.annulee,
        f.remplacant,
        CASE WHEN f.mode = 'papier' THEN f.securisee_le ELSE f.emise_le END AS envoyee_le
    FROM facture_emise f
),
directe AS (
    SELECT
        l.*,
        f.prestataire AS trouvee,
        f.annulee,
        f.envoyee_le,
        l.numero_lot > 0 AND l.numero_lot = f.numero_lot AND l.date_lot = f.date_lot AS exacte
    FROM ligne l
    LEFT JOIN facture f ON f.cabinet = l.cabinet AND f.prestataire = l.prestataire AND f.numero = l.numero
),
autre AS (
    SELECT
        d.cabinet,
        d.fichier,
        d.rang,
        MIN(f.prestataire) AS prestataire,
        MIN(CASE WHEN f.remplacant = d.prestataire THEN 'remplacant' ELSE 'mandataire' END) AS politique
    FROM directe d
    JOIN facture f ON f.cabinet = d.cabinet AND f.numero = d.numero
    LEFT JOIN mandat m
        ON m.cabinet = d.cabinet AND m.beneficiaire = d.prestataire AND m.prestataire = f.prestataire
    WHERE
        d.trouvee IS NULL
        AND f.annulee = 0
        AND f.envoyee_le > 0
        AND (f.remplacant = d.prestataire OR m.prestataire IS NOT NULL)
        AND (d.numero_lot = 0 OR (d.numero_lot = f.numero_lot AND d.date_lot = f.date_lot))
    GROUP BY d.cabinet, d.fichier, d.rang
    HAVING COUNT(*) = 1
)
SELECT
    d.cabinet,
    d.fichier,
    d.rang,
    COALESCE(a.prestataire, d.prestataire) AS prestataire,
    d.numero,
    CASE
        WHEN a.politique IS NOT NULL THEN a.politique
        WHEN d.prestataire = '' THEN 'prestataire_illisible'
        WHEN d.numero = 0 THEN 'numero_illisible'
        WHEN d.annulee = 1 THEN 'facture_annulee'
        WHEN d.envoyee_le = 0 THEN 'facture_non_emise'
        WHEN d.exacte THEN 'exacte'
        WHEN d.trouvee IS NOT NULL THEN 'numero_unique'
        WHEN p.prestataire IS NULL AND m.beneficiaire IS NULL THEN 'autre_prestataire'
        ELSE 'facture_inconnue'
    END AS classe
FROM directe d
LEFT JOIN autre a ON a.cabinet = d.cabinet AND a.fichier = d.fichier AND a.rang = d.rang
LEFT JOIN prestataire p ON p.cabinet = d.cabinet AND p.prestataire = d.prestataire
LEFT JOIN (SELECT DISTINCT cabinet, beneficiaire FROM mandat) m
    ON m.cabinet = d.cabinet AND m.beneficiaire = d.prestataire
"""
MATCHED = """
CREATE TABLE rapprochement AS
SELECT cabinet, fichier, rang, prestataire, numero, politique AS classe FROM appariement
UNION ALL
SELECT cabinet, fichier, rang, prestataire, numero, nature AS classe FROM residu
"""
DIFFERENT = f"""
(SELECT {_CLASSED} FROM jointure EXCEPT ALL SELECT {_CLASSED} FROM rapprochement)
UNION ALL
(SELECT {_CLASSED} FROM rapprochement EXCEPT ALL SELECT {_CLASSED} FROM jointure)
ORDER BY {_CLASSED}
LIMIT 10
"""


class _Measured(DuckdbEngine):
    """The engine, and the seconds that each relation took it."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: dict[str, float] = {}

    def ask_from(self, relation: Relation, sql: str) -> None:
        start = time.perf_counter()
        super().ask_from(relation, sql)
        self.seconds[relation.name] = time.perf_counter() - start

    def compute(self, computation: Computation) -> None:
        start = time.perf_counter()
        super().compute(computation)
        self.seconds[computation.relation.name] = time.perf_counter() - start


@dataclass(frozen=True)
class Archive:
    """An archive made for measurements."""

    folder: Path
    invoices: int

    def opened(self) -> _Measured:
        engine = _Measured()
        load_archives(engine, [self.folder], [relation.name for relation in entities()])
        return engine

    def join(self, engine: DuckdbEngine) -> None:
        engine.rows(JOIN)

    def match(self, engine: DuckdbEngine) -> None:
        match(engine, cabinets_of(self.invoices))


@dataclass(frozen=True)
class Run:
    """What one run took: seconds of wall clock, of processor in all threads, of wall clock by relation."""

    wall: float
    cpu: float
    by_relation: dict[str, float]

    @property
    def classing(self) -> float:
        """Seconds of what says no more than the join."""
        return sum(self.by_relation[name] for name in CLASSING)


def run(archive: Archive, task: Callable[[DuckdbEngine], None]) -> Run:
    """Do a task on a database of its own."""
    wall, cpu = time.perf_counter(), time.process_time()
    engine = archive.opened()
    try:
        task(engine)
        return Run(time.perf_counter() - wall, time.process_time() - cpu, engine.seconds)
    finally:
        engine.close()


def disagreements(archive: Archive) -> list[dict[str, Any]]:
    """Some of the lines that the join and the matching class otherwise."""
    engine = archive.opened()
    try:
        archive.join(engine)
        archive.match(engine)
        engine.rows(MATCHED)
        for row in engine.rows("SELECT classe, COUNT(*) AS lignes FROM rapprochement GROUP BY classe ORDER BY 2 DESC"):
            print(f"    {row['classe']:<22}{row['lignes']:>12,}")
        return engine.rows(DIFFERENT)
    finally:
        engine.close()


def spread(values: Iterable[float], form: str) -> str:
    """Median and quartiles."""
    first, middle, third = quantiles(values, n=4, method="inclusive")
    return f"{middle:{form}} ({first:{form}} to {third:{form}})"


def measure(archive: Archive, rounds: int) -> None:
    """Both, `rounds` times; prints a paragraph."""
    joins, matchings = [], []
    for number in range(rounds):
        if number % 2:
            joins.append(run(archive, archive.join))
        matchings.append(run(archive, archive.match))
        if not number % 2:
            joins.append(run(archive, archive.join))
    pairs = list(zip(matchings, joins, strict=True))
    print(f"  join      {spread((join.wall for join in joins), '8.2f')} s")
    print(f"  matching  {spread((one.wall for one in matchings), '8.2f')} s")
    print(f"  classing  {spread((one.classing for one in matchings), '8.2f')} s")
    print(f"  matching takes {spread((one.wall / join.wall for one, join in pairs), '.1f')} times as long as the join")
    print(f"  and {spread((one.cpu / join.cpu for one, join in pairs), '.1f')} times as much of the processors")
    print(f"  classing takes {spread((one.classing / join.wall for one, join in pairs), '.1f')} times as long")
    taken = {name: median(one.by_relation[name] for one in matchings) for name in matchings[0].by_relation}
    print(f"  seconds by relation: {', '.join(f'{name} {value:.2f}' for name, value in taken.items())}")


def main() -> int:
    """Make the archives, compare, measure, print."""
    parser = argparse.ArgumentParser(description="The whole matching of an archive, beside a bare join.")
    parser.add_argument("--sizes", default="1000000,5000000")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    print(f"{options.rounds} rounds, Python {sys.version.split()[0]}; median (first to third quartile)")
    for size in (int(one) for one in options.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            archive = Archive(Path(folder), size)
            cabinets = cabinets_of(size)
            make_archive(archive.folder, cabinets)
            print(f"\n{INVOICES * len(cabinets):,} invoices of {len(cabinets)} practices")
            different = disagreements(archive)
            for row in different:
                print(f"  {row}", file=sys.stderr)
            if different:
                return 1
            measure(archive, options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
