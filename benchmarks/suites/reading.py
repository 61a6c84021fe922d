"""Reading a return: our columns beside the readers of X12 835 remittances, a hand-written reader, and the bytes.

Each X12 peer reads as many claims as we read invoices, in a file of its own size: what a slow peer reads is smaller,
and so is what we read beside it.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks.pairs import Measure, Target, faster, interleave, longer, rate, wall
from benchmarks.peers import x12
from benchmarks.peers.handwritten import reader
from benchmarks.peers.installing import PeerAbsentError
from benchmarks.peers.program import Program, running
from benchmarks.results import Report
from benchmarks.suites.files import INVOICES, chunks_of, noemie_file
from benchmarks.suites.memory import STATUS, peak
from fse.norm.codec.noemie.columns import FichierLu, read_proved
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow
from fse.norm.layout.columns import Account

FASTEST = Target("at least", 6)
"""Of the fastest peer."""
HANDWRITTEN = Target("at most", 3)
BOUNDED = Target("at most", 1.2)
"""Memory for `LONGER` times as many invoices."""
LONGER = 4
PROCESSES = 2
LARGE = 100_000
RECORDS = 2_000
OURS = "columns"


class Peer(NamedTuple):
    """A reader of 835, and how many claims it is given."""

    name: str
    program: str
    claims: int
    does: str


PEERS = (
    Peer("pyx12", "read_pyx12", 500, "validates against the guide"),
    Peer("linuxforhealth-x12", "read_linuxforhealth", 1_000, "validated models"),
    Peer("edi-835-parser", "read_edi_835_parser", 5_000, "objects, nothing proved"),
    Peer("openx12", "read_openx12", 10_000, "dictionaries, nothing proved"),
    Peer("ansi-x12", "read_ansi_x12", 10_000, "segments and envelopes, no claim"),
    Peer("oxedi", "read_oxedi", LARGE, "typed tables, sums balanced; Rust"),
)


def by_columns(path: Path) -> int:
    """Invoices read to Arrow, counts and sums proved. Raises `SystemExit` when the file is not proved by columns."""
    proved, invoices = False, 0
    for item in read_proved(partial(chunks_of, path)):
        if isinstance(item, FichierLu):
            proved = item.prouve
        elif isinstance(item, Account):
            invoices = item.lignes["noemie", "ps-2007", "102"]
    if not proved:
        raise SystemExit(f"{path.name} is not proved by columns")
    return invoices


def by_record(path: Path) -> int:
    """Invoices read one entity after the other, with the same checks."""
    return sum(isinstance(item, EntityRow) and item.type == "102" for item in read(chunks_of(path)))


def by_hand(path: Path) -> int:
    """Invoices read by the hand-written reader of this very file."""
    return sum(len(table.rows) for table in reader.read(path) if table.type == 102)


def by_bytes(path: Path) -> int:
    """The floor: the bytes are read, and nothing else."""
    return sum(len(chunk) for chunk in chunks_of(path))


def run(rounds: int, scale: float = 1) -> Report:
    """Measure."""
    report = Report(
        name="reading",
        title="Reading returns",
        compared="Ours reads a NOEMIE return of as many invoices as the X12 835 file of the peer has claims: envelope, "
        "tree, every field to its Arrow type, digits and dates checked, counts and sums proved. Peers: "
        + "; ".join(f"{one.name}: {one.does}, {one.claims:,} claims" for one in PEERS)
        + ". Each starts from the path of a file; wall clock.",
        not_compared="The two formats say different things of a claim: an 835 claim here is 170 bytes in six segments, "
        "a NOEMIE invoice 122 bytes in three entities. No peer reads NOEMIE. ansi-x12 knows no claim; openx12 and "
        "edi-835-parser prove nothing; pyx12 writes no acknowledgement. LinuxForHealth refuses a file with the payer's "
        "contact that the guide wants: it is given none.",
        rounds=rounds,
    )
    with tempfile.TemporaryDirectory() as folder:
        _beside_peers(report, Path(folder), rounds, scale)
        _beside_hand(report, Path(folder), rounds, scale)
        if STATUS.is_file():
            _memory(report, Path(folder), scale)
    return report


def _beside_peers(report: Report, folder: Path, rounds: int, scale: float) -> None:
    found: list[tuple[float, Measure]] = []
    for peer in PEERS:
        claims = _hundreds(peer.claims * scale)
        contact = () if peer.name == "linuxforhealth-x12" else x12.CONTACT
        theirs, ours = folder / f"{peer.name}.835", folder / f"{peer.name}.noe"
        theirs.write_bytes(x12.interchange(range(claims // x12.CLAIMS), contact))
        ours.write_bytes(noemie_file(claims))
        try:
            with running(peer.name, peer.program, theirs) as program:
                ways = {OURS: wall(partial(by_columns, ours), claims), peer.name: partial(round_of, program, claims)}
                costs = interleave(ways, rounds)
        except PeerAbsentError as absent:
            report.absent.append((peer.name, str(absent)))
            continue
        report.figures.append(rate(costs, peer.name, "claims/s"))
        found.append((report.figures[-1].spread.median, faster(costs, OURS, peer.name)))
    fastest = max((speed for speed, _ in found), default=0)
    report.ratios += [replace(one, target=FASTEST if speed == fastest else None) for speed, one in found]


def round_of(program: Program, claims: int, clock: str = "seconds") -> float:
    """Seconds a claim of a round, by a clock of the program. Raises `SystemExit` when it did not do the work."""
    answer = program.round()
    paid = sum(map(x12.paid, range(claims)))
    wanted = {"claims": claims, "centimes": paid, "valid": True}
    if any(answer[name] != wanted[name] for name in answer.keys() & wanted.keys()):
        raise SystemExit(f"a peer read something else: {answer}, not {wanted}")
    return float(answer[clock]) / claims


def _beside_hand(report: Report, folder: Path, rounds: int, scale: float) -> None:
    many, few = _hundreds(LARGE * scale), _hundreds(RECORDS * scale)
    large, small = folder / "large.noe", folder / "small.noe"
    large.write_bytes(noemie_file(many))
    small.write_bytes(noemie_file(few))
    if by_hand(large) != by_columns(large):
        raise SystemExit("the hand-written reader reads something else")
    ways = {
        "bytes": wall(partial(by_bytes, large), many),
        "hand-written": wall(partial(by_hand, large), many),
        OURS: wall(partial(by_columns, large), many),
        "record by record": wall(partial(by_record, small), few),
    }
    costs = interleave(ways, rounds)
    report.add_rates(costs, "invoices/s")
    report.ratios += [
        longer(costs, OURS, "hand-written", HANDWRITTEN),
        longer(costs, OURS, "bytes"),
        faster(costs, OURS, "record by record"),
    ]


def _memory(report: Report, folder: Path, scale: float) -> None:
    few = _hundreds(LARGE * scale)
    large = folder / "larger.noe"
    large.write_bytes(noemie_file(LONGER * few))
    peaks = [[peak(one) for one in (None, folder / "large.noe", large)] for _ in range(PROCESSES)]
    names = ("memory, nothing read", f"memory, {few:,} invoices", f"memory, {LONGER * few:,} invoices")
    report.figures += [
        Measure(name, values, None, "MB") for name, values in zip(names, zip(*peaks, strict=True), strict=True)
    ]
    grown = tuple(larger / smaller for _, smaller, larger in peaks)
    report.ratios.append(Measure(f"memory, {LONGER} times as many invoices", grown, BOUNDED, "times as much"))


def _hundreds(invoices: float) -> int:
    return max(1, round(invoices / INVOICES)) * INVOICES
