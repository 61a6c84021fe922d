"""What only a recipient can read: a CMS EnvelopedData (RFC 5652), AES-256, one key for each certificate given.

A recipient that changes its certificate gives both for a while: practices that knew one only were cut off in January
2020 (notice 4015). Opening an envelope needs a private key: see `fse.infra.keys.opening`.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import pkcs7


def seal_envelope(content: bytes, certificates: Sequence[x509.Certificate]) -> bytes:
    """The envelope (DER) of `content` for the holders of these certificates, at least one, RSA each.

    AES-256-CBC, its key under RSA PKCS#1 v1.5: what every S/MIME reader opens. It hides and does not prove: who sent
    the content is told by the signatures inside. Raises `ValueError` without a certificate.
    """
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content).set_content_encryption_algorithm(algorithms.AES256)
    for certificate in certificates:
        builder = builder.add_recipient(certificate)
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
