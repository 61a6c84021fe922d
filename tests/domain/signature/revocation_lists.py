"""Revocation lists for tests, on an authority and a professional of the year 2026. No test here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from fse.domain.signature.cms import sign_lot
from fse.domain.signature.lists import read_lists
from fse.domain.signature.revocation import revocation_at
from fse.domain.signature.verdict import Etat, Verdict
from fse.domain.signature.verification import verify_lot
from fse.infra.keys.pkcs12 import OpenedSigner
from tests.domain.signature_pki import LOT, issue, name, pem

START = datetime(2026, 1, 1, tzinfo=UTC)
SIGNED = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SERIAL = 123_456


@dataclass(frozen=True)
class Chain:
    """A root, an authority under it, a professional under this one, and one directly under the root."""

    root_key: rsa.RSAPrivateKey
    root: x509.Certificate
    middle_key: rsa.RSAPrivateKey
    middle: x509.Certificate
    leaf_key: rsa.RSAPrivateKey
    leaf: x509.Certificate
    direct: x509.Certificate

    @property
    def anchor(self) -> bytes:
        return pem(self.root)

    @property
    def cms(self) -> bytes:
        return signed(OpenedSigner(self.direct, self.leaf_key, ()))


@cache
def chain() -> Chain:
    root_key, middle_key, leaf_key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(3))
    of_root = {"issuer_key": root_key, "issuer": name("RACINE"), "start": START}
    root = issue(root_key, subject=name("RACINE"), ca=True, start=START, usage=["key_cert_sign", "crl_sign"])
    middle = issue(middle_key, subject=name("AC"), ca=True, usage=["key_cert_sign", "crl_sign"], **of_root)
    leaf = issue(leaf_key, issuer_key=middle_key, subject=name("PS"), issuer=name("AC"), start=START)
    direct = issue(leaf_key, subject=name("PS DIRECT"), **of_root)
    return Chain(root_key, root, middle_key, middle, leaf_key, leaf, direct)


def signed(signer: OpenedSigner, at: datetime = SIGNED) -> bytes:
    with time_machine.travel(at, tick=False):
        return sign_lot(LOT, signer)


def revocation_list(
    key: rsa.RSAPrivateKey,
    issuer: str = "RACINE",
    *,
    revoked: Mapping[int, datetime] | None = None,
    made: datetime = SIGNED - DAY,
    ends: datetime = SIGNED + 6 * DAY,
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    of_entry: Sequence[tuple[x509.ExtensionType, bool]] = (),
) -> bytes:
    """A list, DER: serial numbers and from when they are revoked."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(name(issuer)).last_update(made).next_update(ends)
    for serial, since in (revoked or {}).items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
        for extension, critical in of_entry:
            entry = entry.add_extension(extension, critical)
        builder = builder.add_revoked_certificate(entry.build())
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def point(**given: object) -> x509.IssuingDistributionPoint:
    values: dict[str, object] = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**{**values, **given})


def said_of(pki: Chain, *lists: bytes, moment: datetime = SIGNED) -> Etat:
    return revocation_at(pki.direct, read_lists(lists), [pki.root], moment).etat


def verdict_of(pki: Chain, *lists: bytes) -> Verdict:
    return verify_lot(LOT, pki.cms, [pki.anchor], read_lists(lists))


def revoking(pki: Chain, since: datetime, **options) -> bytes:
    return revocation_list(pki.root_key, revoked={SERIAL: START, pki.direct.serial_number: since}, **options)
