"""Fixed records to typed columns: ours beside what one writes with construct, polars or pandas, given our positions."""

from __future__ import annotations

import json
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.pairs import faster, interleave, rate, wall
from benchmarks.peers.installing import PeerAbsentError
from benchmarks.peers.program import Program, running
from benchmarks.results import Report
from benchmarks.suites.files import B2, INVOICES, b2_file, chunks_of
from fse.norm.layout.columns import Account, read_columns

PEERS = {"construct": 2_000, "pandas": 5_000, "polars": 50_000}
"""Invoices that each is given: four records each."""
TYPES = ("1", "2", "4", "5", "6")
_CLASSES = {"entier": "number", "montant": "number", "decimal": "number", "date": "day"}
_AMO = 2100


def positions() -> dict[str, list[tuple[str, int, str]]]:
    """Of each record type: name, length and class of its fields, in their order, as our layouts say them."""
    return {
        type: [(field.nom, field.longueur, _CLASSES.get(field.genre, "text")) for field in B2.layouts[type].champs]
        for type in TYPES
    }


def by_columns(path: Path) -> int:
    """Records read to Arrow. Raises `SystemExit` when some were handed over to the record codec."""
    account = None
    for item in read_columns(partial(chunks_of, path)):
        account = item
    if not isinstance(account, Account) or account.relais is not None or account.relues:
        raise SystemExit(f"{path.name} is not regular: {account}")
    return sum(account.lignes.values()) - 2


def run(rounds: int, scale: float = 1) -> Report:
    """Measure."""
    report = Report(
        name="frames",
        title="Fixed records to typed columns",
        compared="The same B2 file: records 1, 2, 4, 5, 6 of 128 bytes, each field to its type. Peers are given the "
        "positions of our layouts and nothing else of ours; each is written as one would write it: construct compiled, "
        "a record at a time, to objects; pandas and polars a table a record type (polars works on all cores). Sizes: "
        + ", ".join(f"{name} {invoices:,} invoices" for name, invoices in PEERS.items())
        + "; ours reads the same file beside each.",
        not_compared="Ours also knows the edition, climbs the tree of records, checks digits, dates, codes and blanks "
        "strictly and places what is wrong; the peers stop at the first value that does not convert, and accept signs "
        "and blanks in a number.",
        rounds=rounds,
    )
    with tempfile.TemporaryDirectory() as folder:
        layouts = Path(folder) / "positions.json"
        layouts.write_text(json.dumps(positions()), encoding="utf-8")
        for name, invoices in PEERS.items():
            path = Path(folder) / f"{name}.b2"
            path.write_bytes(b2_file(max(1, round(invoices * scale / INVOICES)) * INVOICES))
            try:
                _beside(report, name, path, layouts)
            except PeerAbsentError as absent:
                report.absent.append((name, str(absent)))
    return report


def _beside(report: Report, name: str, path: Path, layouts: Path) -> None:
    records = by_columns(path)
    with running(name, f"records_{name}", path, layouts) as program:
        ways = {"columns": wall(partial(by_columns, path), records), name: partial(_round, program, records)}
        costs = interleave(ways, report.rounds)
    report.figures.append(rate(costs, name, "records/s"))
    report.ratios.append(faster(costs, "columns", name))


def _round(program: Program, records: int) -> float:
    """Seconds a record of a round. Raises `SystemExit` when the peer read something else."""
    answer = program.round()
    lines = answer["centimes"] // _AMO
    if answer["records"] != records or answer["centimes"] % _AMO or not 0 < lines < records:
        raise SystemExit(f"a peer read something else: {answer}, not {records} records")
    return float(answer["seconds"]) / records
