"""Smallest failing inputs of the findings on the signature of a lot."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from fse.app.operations.verifier import verifier
from fse.base.errors import UsageError
from fse.base.findings import Finding
from fse.domain.signature.cms import sign_lot
from fse.infra.keys.pkcs12 import OpenedSigner
from fse.infra.keys.trial_pki import create_test_key
from tests.app.cabinet import signer
from tests.domain.signature.revocation_lists import DAY, Chain, chain, revocation_list
from tests.domain.signature_pki import issue, name, pem
from tests.findings.registry import Case
from tests.norm.layout.samples import b2_facture, b2_file, b2_lot

SERIAL = 4_242
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


def _revocation(jours: int | None) -> Iterable[Finding]:
    """The signer revoked so many days after signing; without days, a list of another authority."""
    pki = chain()
    content = b"".join(LOT)
    cms = sign_lot(content, OpenedSigner(_leaf(pki), pki.leaf_key, ()))
    now = datetime.now(UTC).replace(microsecond=0)
    revoked = {} if jours is None else {SERIAL: now + jours * DAY}
    dates = {"made": now - DAY, "ends": now + DAY}
    given = revocation_list(pki.root_key, "AUTRE" if jours is None else "RACINE", revoked=revoked, **dates)
    return verifier(B2, [cms], [pem(_root(pki))], [given]).constats


@cache
def _root(pki: Chain) -> x509.Certificate:
    return issue(pki.root_key, subject=name("RACINE"), ca=True)


@cache
def _leaf(pki: Chain) -> x509.Certificate:
    start = datetime.now(UTC) - DAY
    builder = x509.CertificateBuilder().subject_name(name("PS")).issuer_name(name("RACINE")).serial_number(SERIAL)
    builder = builder.public_key(pki.leaf_key.public_key()).not_valid_before(start).not_valid_after(start + 90 * DAY)
    return builder.sign(pki.root_key, SHA256())


CAS: dict[str, Case] = {
    "signature.absente": lambda: verifier(B2).constats,
    "signature.invalide": _another_content,
    "signature.non_prouvee": _another_anchor,
    "signature.revoquee": lambda: _revocation(-1),
    "signature.revoquee_ensuite": lambda: _revocation(1),
    "signature.revocation_inconnue": lambda: _revocation(None),
    "signature.sans_ancre": _no_anchor,
    "signature.non_verifiee": _no_extra,
}
