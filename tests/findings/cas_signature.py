"""Smallest failing inputs of the findings on the signature of a lot."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from fse.app.operations.verifier import verifier
from fse.base.errors import UsageError
from fse.base.findings import Finding
from fse.domain.signature.cms import sign_lot
from fse.infra.keys.trial_pki import create_test_key
from tests.app.cabinet import signer
from tests.findings.registry import Case
from tests.norm.layout.samples import b2_facture, b2_file, b2_lot

LOT = b2_lot(1, [b2_facture(1)])
B2 = b2_file(LOT)


@cache
def _signature() -> bytes:
    return sign_lot(b"".join(LOT), signer())


def _another_content() -> Iterable[Finding]:
    return verifier(B2, [b"not a signature"]).constats


@cache
def _stranger() -> bytes:
    """The anchor of an authority that signed nothing here."""
    with TemporaryDirectory() as folder:
        create_test_key(Path(folder), "mot de passe de test", "AUTRE", "009876546", datetime.now(UTC))
        return (Path(folder) / "ancre.pem").read_bytes()


def _another_anchor() -> Iterable[Finding]:
    return verifier(B2, [_signature()], [_stranger()]).constats


def _no_anchor() -> Iterable[Finding]:
    return verifier(B2, [_signature()]).constats


def _no_extra() -> Iterable[Finding]:
    missing = UsageError("installation.extra_absent", "Complément absent.", action="Installer.")
    with patch("fse.domain.signature.verification.require", side_effect=missing):
        return verifier(B2, [_signature()]).constats


CAS: dict[str, Case] = {
    "signature.absente": lambda: verifier(B2).constats,
    "signature.invalide": _another_content,
    "signature.non_prouvee": _another_anchor,
    "signature.sans_ancre": _no_anchor,
    "signature.non_verifiee": _no_extra,
}
