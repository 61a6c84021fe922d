"""Certificates and the `openssl` oracle for the tests of signatures. No test here; without `openssl` they fail."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from fse.infra.keys.pkcs12 import OpenedSigner, open_pkcs12
from fse.infra.keys.trial_pki import create_test_key

LOT = b"1" + b"A" * 126 + b"\n" + bytes(range(256)) + b"\r\n\n\r" + b"6" * 124  # LF, CR, every byte value


@dataclass(frozen=True)
class Pki:
    """A test key opened, with its anchor as PEM."""

    signer: OpenedSigner
    anchor: bytes


def make_pki(folder: Path) -> Pki:
    created = create_test_key(folder, "secret", "DURAND ANNE", "001234567", datetime.now(UTC))
    return Pki(open_pkcs12(created.praticien, "secret"), created.ancre.read_bytes())


def openssl(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, check=False)


def openssl_accepts(folder: Path, payload: bytes, cms: bytes, anchor: bytes) -> bool:
    (folder / "lot").write_bytes(payload)
    (folder / "p7s").write_bytes(cms)
    (folder / "ca").write_bytes(anchor)
    done = openssl(
        *("cms", "-verify", "-binary", "-inform", "DER", "-in", folder / "p7s", "-content", folder / "lot"),
        *("-CAfile", folder / "ca", "-purpose", "any", "-out", folder / "out"),
    )
    assert done.returncode != 0 or (folder / "out").read_bytes() == payload
    return done.returncode == 0


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def issue(
    key: rsa.RSAPrivateKey,
    *,
    issuer_key: rsa.RSAPrivateKey | None = None,
    subject: x509.Name | None = None,
    issuer: x509.Name | None = None,
    start: datetime | None = None,
    ca: bool | None = None,
    usage: Sequence[str] = (),
) -> x509.Certificate:
    """A certificate for one year, self-signed unless told otherwise, with no extension that is not asked for."""
    subject = subject or name("X")
    start = start or datetime.now(UTC) - timedelta(days=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365))
    )
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    if usage:
        names = "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign"
        every = [*names.split(), "crl_sign", "encipher_only", "decipher_only"]
        builder = builder.add_extension(x509.KeyUsage(**{each: each in usage for each in every}), critical=True)
    return builder.sign(issuer_key or key, hashes.SHA256())
