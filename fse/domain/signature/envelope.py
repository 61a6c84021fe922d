"""What only a recipient can read: a CMS EnvelopedData (RFC 5652), AES-256, one key for each certificate given.

A recipient that changes its certificate gives both for a while: practices that knew one only were cut off in January
2020 (notice 4015). Opening an envelope needs a private key: see `fse.infra.keys`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import pkcs7

from fse.base.errors import SignatureError


def seal_envelope(content: bytes, certificates: Sequence[x509.Certificate]) -> bytes:
    """The envelope (DER) of `content` for the holders of these certificates, at least one, RSA each."""
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content).set_content_encryption_algorithm(algorithms.AES256)
    for certificate in certificates:
        builder = builder.add_recipient(certificate)
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def read_recipients(contents: Mapping[str, bytes], day: date) -> tuple[x509.Certificate, ...]:
    """The certificates (PEM or DER, by name of file) that are valid on a day, in the order of their end.

    Raises `SignatureError`: `destinataire.certificat_illisible`, `destinataire.certificats_expires` when there are
    some and none is valid.
    """
    read = [(name, _read(name, content)) for name, content in sorted(contents.items())]
    valid = [one for _, one in read if one.not_valid_before_utc.date() <= day <= one.not_valid_after_utc.date()]
    if read and not valid:
        raise SignatureError(
            "destinataire.certificats_expires",
            f"Aucun certificat de ce destinataire n'est valable le {day:%d/%m/%Y} : il ne pourrait rien lire.",
            action="Demander à l'organisme son certificat de chiffrement en cours et le nommer dans cabinet.toml.",
            lieu=", ".join(name for name, _ in read),
        )
    return tuple(sorted(valid, key=lambda one: (one.not_valid_after_utc, one.serial_number)))


def _read(name: str, content: bytes) -> x509.Certificate:
    try:
        pem = b"-----BEGIN" in content
        certificate = x509.load_pem_x509_certificate(content) if pem else x509.load_der_x509_certificate(content)
        usable = isinstance(certificate.public_key(), rsa.RSAPublicKey)
    except (ValueError, x509.InvalidVersion):
        usable = False
    if not usable:
        raise SignatureError(
            "destinataire.certificat_illisible",
            "Ce fichier n'est pas un certificat de chiffrement lisible (X.509, clé RSA).",
            action="Demander à l'organisme son certificat de chiffrement, au format PEM ou DER.",
            lieu=name,
        )
    return certificate
