"""Record by record: a return to objects of the model, beside LinuxForHealth's; such invoices to a signed file."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.pairs import Round, Target, faster, interleave, longer, processor
from benchmarks.peers import x12
from benchmarks.peers.installing import PeerAbsentError
from benchmarks.peers.program import running
from benchmarks.records import PRESTATAIRE, emit, facture_of, retour_of, rows_of
from benchmarks.results import Report
from benchmarks.suites.reading import round_of
from fse.infra.keys.pkcs12 import open_pkcs12
from fse.infra.keys.trial_pki import create_test_key
from fse.norm.codec.b2.building import freeze_facture
from fse.norm.codec.noemie.building import build
from fse.norm.codec.noemie.reading import read_retour

MODEL = Target("at least", 5)
"""Of the speed of LinuxForHealth's models."""
EMISSION = Target("at least", 4_000)
"""Invoices a second a core, all in."""
INVOICES = 1_000
ROUNDS = 3
"""Rounds here for one round elsewhere: the target is near."""
PEER = "linuxforhealth-x12"
PASSWORD = "secret"


def run(rounds: int, scale: float = 1) -> Report:
    """Measure."""
    invoices = max(1, round(INVOICES * scale / x12.CLAIMS)) * x12.CLAIMS
    report = Report(
        name="records",
        title="Record by record, to and from the model",
        compared=f"{invoices:,} invoices. model: the bytes of a NOEMIE return to typed, validated objects, with tree, "
        f"codes, counts and sums checked. {PEER}: an X12 835 file of as many claims to its validated models. freeze: "
        "invoices of the model to sealed B2 records. emission: the same, in lots of 20, each signed (RSA 2048) by a "
        "key in memory, written as one file and its signatures. Processor time of one thread.",
        not_compared="What is checked is not the same: here the place of each entity in the tree, each field read by "
        "its kind, dated code lists, the counts and sums of transfers and file, then each attribute of the model; "
        "there what its models declare (types, lengths, codes in use). The journal, which keeps each invoice: "
        "`fse emettre` from start to end is measured below.",
        rounds=ROUNDS * rounds,
    )
    retour = retour_of(invoices)
    content = build(retour)
    if read_retour(rows_of(content)) != retour:
        raise SystemExit("what is read is not what was written")
    factures = [facture_of(numero) for numero in range(1, invoices + 1)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        key = create_test_key(folder / "key", PASSWORD, "ESSAI", PRESTATAIRE, datetime.now(UTC))
        signer = open_pkcs12(key.praticien, PASSWORD)
        ways: dict[str, Round] = {
            "model": processor(lambda: read_retour(rows_of(content)), invoices),
            "freeze": processor(lambda: [freeze_facture(one) for one in factures], invoices),
            "emission": processor(lambda: emit(factures, signer, folder), invoices),
        }
        path = folder / "claims.835"
        path.write_bytes(x12.interchange(range(invoices // x12.CLAIMS), ()))
        try:
            with running(PEER, "read_linuxforhealth", path) as program:
                costs = interleave(ways | {PEER: partial(round_of, program, invoices, "thread_seconds")}, report.rounds)
        except PeerAbsentError as absent:
            report.absent.append((PEER, str(absent)))
            costs = interleave(ways, report.rounds)
    report.add_rates(costs, "invoices/s", {"emission": EMISSION})
    if PEER in costs:
        report.ratios.append(faster(costs, "model", PEER, MODEL))
    report.ratios.append(longer(costs, "emission", "freeze"))
    return report
