"""What signing a lot costs beside the bare RSA signature of the same payload, by a key in memory and by a card.

    .venv/bin/python -m benchmarks.signing [--rounds 200] [--lots 10] [--size 12800] [--without-card]

    raw         the key of `cryptography` signs the payload: SHA-256, RSA PKCS#1 v1.5
    sign_lot    our CMS with the same key, opened from a PKCS#12 file            at least 85 % of the speed of raw
    token       python-pkcs11 signs the payload with SoftHSM2
    card        our CMS with the same key of SoftHSM2, each signature verified   at least 80 % of the speed of token

In each round each way signs the same lots, one after the other, and the ways take turns to be first, so that a busy
moment of the machine touches all of them. A first round is not counted. Microseconds of processor a lot: nothing here
waits, and what other programs take meanwhile is not ours. A ratio is that of two ways in one round. The status is 1
when the median of a ratio is below its target.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from fse.domain.signature.cms import sign_lot
from fse.infra.keys.card import open_card
from fse.infra.keys.card_objects import KEY_LABEL
from fse.infra.keys.pkcs12 import open_pkcs12
from fse.infra.keys.trial_pki import create_test_key
from tests.infra.keys.soft_card import soft_reader

Way = Callable[[bytes], object]

PAIRS = (("sign_lot", "raw", 0.85), ("card", "token", 0.80))
"""Ours, what it is compared with, and the part of its speed that ours must have."""


def ways(folder: Path, stack: ExitStack, *, with_card: bool) -> dict[str, Way]:
    """How a lot is signed, by name."""
    created = create_test_key(folder / "key", "secret", "ESSAI", "001234566", datetime.now(UTC))
    signer = open_pkcs12(created.praticien, "secret")
    found: dict[str, Way] = {
        "raw": lambda lot: signer.key.sign(lot, padding.PKCS1v15(), hashes.SHA256()),
        "sign_lot": lambda lot: sign_lot(lot, signer),
    }
    if with_card:
        import pkcs11

        reader = soft_reader(folder / "reader")
        soft = reader.insert()
        stack.enter_context(reader.plugged())
        card = open_card(soft.module, soft.label, soft.titulaire, lambda: soft.pin, datetime.now(UTC))
        bare = pkcs11.lib(soft.module).get_token(token_label=soft.label).open()  # the login is that of the process
        key = bare.get_key(label=KEY_LABEL, object_class=pkcs11.ObjectClass.PRIVATE_KEY)
        found["token"] = lambda lot: key.sign(lot, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
        found["card"] = lambda lot: sign_lot(lot, card)
    return found


def measure(found: dict[str, Way], lots: Sequence[bytes], rounds: int) -> dict[str, list[float]]:
    """Microseconds of this thread a lot, for each way, one figure a round."""
    times: dict[str, list[float]] = {name: [] for name in found}
    names = list(found)
    for round_number in range(rounds + 1):
        turn = round_number % len(names)
        for name in names[turn:] + names[:turn]:
            way = found[name]
            start = time.thread_time()
            for lot in lots:
                way(lot)
            if round_number:
                times[name].append(1e6 * (time.thread_time() - start) / len(lots))
    return times


def line(name: str, values: Sequence[float], decimals: int) -> str:
    """Median and quartiles."""
    first, _, third = quantiles(values, n=4, method="inclusive")
    return f"{name:<20}{median(values):>10.{decimals}f}{first:>12.{decimals}f}{third:>12.{decimals}f}"


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description="Signing a lot, beside bare RSA.")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--lots", type=int, default=10)
    parser.add_argument("--size", type=int, default=12_800, help="bytes of a lot: 20 invoices of 5 records")
    parser.add_argument("--without-card", action="store_true")
    options = parser.parse_args()
    lots = [bytes([65 + rank % 26]) * options.size for rank in range(options.lots)]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        found = ways(Path(folder), stack, with_card=not options.without_card)
        times = measure(found, lots, options.rounds)
    print(f"{options.rounds} rounds of {options.lots} lots of {options.size} bytes, Python {sys.version.split()[0]}")
    print(f"{'µs a lot':<20}{'median':>10}{'1st quart.':>12}{'3rd quart.':>12}")
    for name, values in times.items():
        print(line(name, values, 1))
    missed = False
    for ours, other, target in PAIRS:
        if ours in times:
            ratios = [theirs / own for own, theirs in zip(times[ours], times[other], strict=True)]
            missed |= median(ratios) < target
            verdict = "missed" if median(ratios) < target else "met"
            print(line(f"{ours} / {other}", ratios, 3), f"  at least {target:.2f}: {verdict}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
