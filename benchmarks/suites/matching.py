"""The matching of an archive by DuckDB, beside one bare statement that gives the same lines with the same class.

    join        `peers/handwritten/join.sql`, over the same Parquet files, in DuckDB as it comes: every column of
                `ligne_retour` for each return line, whose invoice it is, and the policy that matched it or its residue
    classing    what of the matching says no more: part_retour (whose sums a line gives), ligne_retour, appariement,
                residu, over the portable SQL of the journals
    matching    `archive.match`: every relation mapped from the returns, every match, residue, part and invoice

Each round opens a database of its own in memory, and its time is counted. The rows of the join and those of the
matching are compared first, in all their columns.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.pairs import Target, interleave, longer, wall
from benchmarks.peers.installing import PeerAbsentError
from benchmarks.peers.program import Program, running
from benchmarks.results import Report
from benchmarks.stored.archive import INVOICES, cabinets_of, entities, make_archive
from fse.domain.reconciliation import statements
from fse.domain.reconciliation.relations import FACTS, RELATIONS
from fse.infra.engines.archive import load_archives, match
from fse.infra.engines.duckdb import DuckdbEngine

SIZE = 1_000_000
CLASSED = Target("at most", 1.5)
JOIN = (Path(__file__).resolve().parent.parent / "peers" / "handwritten" / "join.sql").read_text(encoding="utf-8")

_LINE = ", ".join(RELATIONS["ligne_retour"].names)
_MATCHED = f"""
SELECT {", ".join(f"l.{name}" for name in RELATIONS["ligne_retour"].names)}, c.facture_de, c.classe
FROM ligne_retour l
JOIN (
    SELECT cabinet, fichier, rang, prestataire AS facture_de, politique AS classe FROM appariement
    UNION ALL
    SELECT cabinet, fichier, rang, prestataire AS facture_de, nature AS classe FROM residu
) c ON c.cabinet = l.cabinet AND c.fichier = l.fichier AND c.rang = l.rang
"""
_JOINED = f"SELECT {_LINE}, facture_de, classe FROM bare.jointure"
_DIFFERENT = f"({_JOINED} EXCEPT ALL {_MATCHED}) UNION ALL ({_MATCHED} EXCEPT ALL {_JOINED}) LIMIT 10"


@dataclass(frozen=True)
class Archive:
    """An archive made for measurements."""

    folder: Path
    cabinets: list[str]

    def opened(self) -> DuckdbEngine:
        engine = DuckdbEngine()
        load_archives(engine, [self.folder], [relation.name for relation in entities()])
        return engine

    def match(self) -> None:
        """Everything."""
        self._with_engine(lambda engine: match(engine, self.cabinets))

    def classify(self) -> None:
        """Lines, matches and residues alone."""
        self._with_engine(self._classified)

    def join(self) -> None:
        """The bare statement."""
        import duckdb

        with duckdb.connect() as connection:
            self.join_in(connection)

    def join_in(self, connection: Any) -> None:
        """The bare statement, over the files of the archive."""
        for relation in (*FACTS, *entities()):
            path = self.folder / f"{relation.name}.parquet"
            connection.execute(f"CREATE VIEW {relation.name} AS FROM read_parquet('{path}')")
        connection.execute(JOIN)

    def _with_engine(self, task: Callable[[DuckdbEngine], None]) -> None:
        engine = self.opened()
        try:
            task(engine)
        finally:
            engine.close()

    def _classified(self, engine: DuckdbEngine) -> None:
        computed = {one.relation.name: one for one in (*statements.received(), *statements.derived())}
        engine.ask(RELATIONS["perimetre"], [(cabinet,) for cabinet in self.cabinets])
        engine.ask_from(RELATIONS["fichier_touche"], statements.query("fichiers_tous").sql)
        for name in ("part_retour", "ligne_retour"):
            engine.compute(computed[name])
        engine.ask_from(RELATIONS["bloc"], statements.query("blocs_tous").sql)
        for name in ("appariement", "residu"):
            engine.compute(computed[name])


def disagreements(archive: Archive) -> list[dict[str, Any]]:
    """Some of the lines that the join and the matching say otherwise."""
    import duckdb

    database = archive.folder / "jointure.duckdb"
    with duckdb.connect(str(database)) as connection:
        archive.join_in(connection)
    engine = archive.opened()
    try:
        match(engine, archive.cabinets)
        engine.rows(f"ATTACH '{database}' AS bare (READ_ONLY)")
        return engine.rows(_DIFFERENT)
    finally:
        engine.close()
        database.unlink()


def run(rounds: int, scale: float = 1) -> Report:
    """Measure. Raises `SystemExit` when the join and the matching disagree."""
    report = Report(
        name="matching",
        title="Matching an archive",
        compared="The portable SQL of the journals, run by DuckDB over the Parquet files of an archive, beside one "
        "statement written for DuckDB over the same files: the same lines with all their columns, the same policies "
        "and residues, compared row by row. Matching also says what each part and each invoice became, rejects, "
        "transfers, debts, lump sums.",
        not_compared="The statement knows these returns alone: no older generation, nothing attached or entered by "
        "hand, nothing that it could compute again for some blocks only. polars does the plain join only: no sum of "
        "parts, no other policy, no residue told from another. All run in memory on all cores.",
        rounds=rounds,
    )
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder), cabinets_of(round(SIZE * scale)))
        make_archive(archive.folder, archive.cabinets)
        invoices = INVOICES * len(archive.cabinets)
        lines = pq.ParquetFile(archive.folder / "noemie_102.parquet").metadata.num_rows
        report.title += f" of {invoices:,} invoices"
        for row in disagreements(archive):
            raise SystemExit(f"the join and the matching disagree: {row}")
        tasks = {"join": archive.join, "classing": archive.classify, "matching": archive.match}
        ways = {name: wall(task, invoices) for name, task in tasks.items()}
        try:
            with running("polars", "join_polars", archive.folder) as program:
                costs = interleave(ways | {"plain join by polars": partial(_round, program, lines, invoices)}, rounds)
        except PeerAbsentError as absent:
            report.absent.append(("polars", str(absent)))
            costs = interleave(ways, rounds)
    report.add_rates(costs, "invoices/s")
    report.ratios += [longer(costs, "classing", "join", CLASSED), longer(costs, "matching", "join")]
    report.ratios += [longer(costs, "classing", name) for name in costs if name not in ways]
    return report


def _round(program: Program, lines: int, invoices: int) -> float:
    answer = program.round()
    if answer["lines"] != lines:
        raise SystemExit(f"a peer joined something else: {answer}, not {lines} lines")
    return float(answer["seconds"]) / invoices
