"""Signing a lot: our CMS beside the bare RSA signature of the same payload, by a key in memory and by a card; endesive.

The card is SoftHSM2; its ratio is left out, and told, where it is not installed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from benchmarks.pairs import Round, Target, faster, interleave, processor
from benchmarks.peers.installing import PeerAbsentError
from benchmarks.peers.program import Program, running
from benchmarks.results import Report
from fse.base.errors import FseError
from fse.domain.signature.cms import sign_lot
from fse.infra.keys.card import open_card
from fse.infra.keys.card_objects import KEY_LABEL
from fse.infra.keys.pkcs12 import open_pkcs12
from fse.infra.keys.trial_pki import create_test_key
from tests.infra.keys.soft_card import soft_reader

MEMORY = Target("at least", 0.85)
"""Of the speed of raw RSA."""
CARD = Target("at least", 0.80)
"""Of the speed of the bare token."""
SIZE = 12_800
"""Bytes of a lot: 20 invoices of 5 records."""
LOTS, SLOW = 200, 2
"""Lots that a round signs, and those that the slowest peer signs."""
ROUNDS = 3
"""Rounds here for one round elsewhere: the targets are near."""
PASSWORD = "secret"

Way = Callable[[bytes], object]


def run(rounds: int, scale: float = 1) -> Report:
    """Measure."""
    lots = max(1, round(LOTS * scale))
    report = Report(
        name="signing",
        title="Signing lots",
        compared=f"A lot of {SIZE:,} bytes, RSA 2048, SHA-256; {lots} lots a round. raw: the key of cryptography "
        "signs the payload. sign_lot: our detached CMS, certificate and signed attributes included, with the same key. "
        "token: python-pkcs11 with a SoftHSM2 key. card: our CMS with that key, each signature verified. endesive: its "
        "detached CMS with signed attributes. Processor time of one thread.",
        not_compared="A real card: its own arithmetic takes far longer than anything here. endesive cannot be imported "
        "whole on OpenSSL 3.0.10 and later; the function that signs can.",
        rounds=ROUNDS * rounds,
    )
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        now = datetime.now(UTC)
        created = create_test_key(Path(folder) / "key", PASSWORD, "ESSAI", "001234566", now)
        signer = open_pkcs12(created.praticien, PASSWORD)
        found: dict[str, Way] = {
            "raw": lambda lot: signer.key.sign(lot, padding.PKCS1v15(), hashes.SHA256()),
            "sign_lot": lambda lot: sign_lot(lot, signer),
        }
        try:
            found |= _card(Path(folder), stack, now)
        except (OSError, ImportError, FseError, pytest.skip.Exception) as error:
            report.absent.append(("SoftHSM2", str(error)))
        lot = b"A" * SIZE
        ways: dict[str, Round] = {name: processor(partial(_sign, way, lot, lots), lots) for name, way in found.items()}
        sample = Path(folder) / "lot"
        sample.write_bytes(lot)
        try:
            program = stack.enter_context(
                running("endesive", "sign_endesive", created.praticien, PASSWORD, sample, str(SLOW))
            )
            ways["endesive"] = partial(_round, program)
        except PeerAbsentError as absent:
            report.absent.append(("endesive", str(absent)))
        costs = interleave(ways, report.rounds)
    report.add_rates(costs, "lots/s")
    report.ratios.append(faster(costs, "sign_lot", "raw", MEMORY))
    if "card" in costs:
        report.ratios.append(faster(costs, "card", "token", CARD))
    if "endesive" in costs:
        report.ratios.append(faster(costs, "sign_lot", "endesive"))
    return report


def _sign(way: Way, lot: bytes, times: int) -> None:
    for _ in range(times):
        way(lot)


def _round(program: Program) -> float:
    return float(program.round()["thread_seconds"]) / SLOW


def _card(folder: Path, stack: ExitStack, now: datetime) -> dict[str, Way]:
    """A key of SoftHSM2, bare and as our card."""
    import pkcs11

    reader = soft_reader(folder / "reader")
    soft = reader.insert()
    stack.enter_context(reader.plugged())
    card = open_card(soft.module, soft.label, soft.titulaire, lambda: soft.pin, now)
    bare = pkcs11.lib(soft.module).get_token(token_label=soft.label).open()  # the login is that of the process
    key = bare.get_key(label=KEY_LABEL, object_class=pkcs11.ObjectClass.PRIVATE_KEY)
    return {
        "token": lambda lot: key.sign(lot, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS),
        "card": lambda lot: sign_lot(lot, card),
    }
