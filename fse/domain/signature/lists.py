"""Reads revocation lists (CRL, RFC 5280 5): whole or refused. Nothing is believed of them yet: see `revocation`."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from fse.base.errors import SignatureError

MAX_LIST = 16_777_216  # bytes, some 400 000 revoked certificates
MAX_LISTS = 64
MALFORMED = (
    ValueError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What `cryptography` raises of a certificate or a list that is not as it should be, when it is loaded or later."""

_PEM = re.compile(rb"-----BEGIN X509 CRL-----.+?-----END X509 CRL-----", re.DOTALL)


@dataclass(frozen=True, slots=True, eq=False)
class RevocationList:
    """A list as it was read. `signed_by` remembers who signed it: 20 ms a megabyte, and a list serves many lots."""

    content: x509.CertificateRevocationList
    signed_by: dict[x509.Certificate, bool] = field(default_factory=dict, repr=False)


def read_lists(contents: Iterable[bytes]) -> tuple[RevocationList, ...]:
    """Every list of the given contents, PEM (one or several) or DER each. Nothing is believed of them yet.

    Raises `SignatureError`: `signature.lcr_illisible`, `signature.lcr_trop_grande` (a content above `MAX_LIST`, more
    than `MAX_LISTS` lists).
    """
    found: list[RevocationList] = []
    for content in contents:
        if len(content) > MAX_LIST:
            raise _too_large(f"Une liste de révocation dépasse {MAX_LIST} octets : elle n'a pas été lue.")
        found += map(RevocationList, _read(content))
        if len(found) > MAX_LISTS:
            raise _too_large(f"Plus de {MAX_LISTS} listes de révocation ont été données.")
    return tuple(found)


def _read(content: bytes) -> Iterator[x509.CertificateRevocationList]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            if b"-----BEGIN" not in content:
                yield _readable(x509.load_der_x509_crl(content))
                return
            parts = _PEM.findall(content)
            if not parts:
                raise ValueError("no list")
            for part in parts:
                yield _readable(x509.load_pem_x509_crl(part))
    except MALFORMED as error:
        raise SignatureError(
            "signature.lcr_illisible",
            "La liste de révocation donnée ne se lit pas.",
            action="Donner la liste publiée par l'autorité (LCR, X.509), au format PEM ou DER, téléchargée en entier.",
        ) from error


def _readable(one: x509.CertificateRevocationList) -> x509.CertificateRevocationList:
    """The list, once what is read late by the library has been read. Raises `ValueError`."""
    _ = one.issuer, one.last_update_utc, one.next_update_utc, list(one.extensions)
    return one


def _too_large(message: str) -> SignatureError:
    return SignatureError(
        "signature.lcr_trop_grande",
        message,
        action="Ne donner que les listes des autorités qui délivrent les cartes, telles qu'elles sont publiées.",
    )
