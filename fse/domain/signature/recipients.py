"""The certificates that a recipient gives to encrypt for: fit for it or refused, valid or not, ending soon.

Practices that did not see them end were cut off in January 2020 (notice 4015). Nobody vouches for them: a practice
trusts the file that its payer handed it.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import date, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from fse.base.errors import SignatureError
from fse.base.findings import Finding, finding
from fse.base.french import counted
from fse.domain.signature.lists import MALFORMED

MIN_BITS = 2048
WARNING_DAYS = 30
"""From how many days before the end of the last certificate a practice is warned: our choice."""


def read_certificates(contents: Mapping[str, bytes]) -> dict[str, x509.Certificate]:
    """The certificates of a recipient (PEM or DER, by name of file), whatever their dates.

    Raises `SignatureError`: `destinataire.certificat_illisible` (not X.509, no RSA key), `destinataire.cle_courte`
    (under `MIN_BITS`), `destinataire.certificat_usage` (its key usage forbids key encipherment: a signing certificate
    given by mistake).
    """
    return {name: _read(name, content) for name, content in sorted(contents.items())}


def read_recipients(contents: Mapping[str, bytes], day: date) -> tuple[x509.Certificate, ...]:
    """The certificates (PEM or DER, by name of file) that are valid on a day, in the order of their end.

    Raises `SignatureError`: those of `read_certificates`, `destinataire.certificats_expires` when there are some and
    none is valid.
    """
    read = read_certificates(contents)
    valid = [one for one in read.values() if _is_valid(one, day)]
    if read and not valid:
        told = ", ".join(f"{name} ({_dates(one, day)})" for name, one in read.items())
        raise SignatureError(
            "destinataire.certificats_expires",
            f"Aucun certificat de ce destinataire n'est valable le {day:%d/%m/%Y} : il ne pourrait rien lire. {told}.",
            action="Demander à l'organisme son certificat de chiffrement en cours et le nommer dans cabinet.toml."
            if any(one.not_valid_after_utc.date() < day for one in read.values())
            else "Vérifier la date de ce poste ; si elle est juste, demander à l'organisme le certificat en cours.",
            lieu=", ".join(read),
        )
    return tuple(sorted(valid, key=lambda one: (one.not_valid_after_utc, one.serial_number)))


def expiry_findings(centre: str, certificates: Mapping[str, x509.Certificate], day: date) -> tuple[Finding, ...]:
    """What is to be said on a day of the dates of one recipient's certificates (by name of file); nothing without any.

    `chiffrement.expires`: none is valid, nothing can leave. `chiffrement.expire_bientot`: the last day that the valid
    ones cover, those that will follow them without a gap included, comes within `WARNING_DAYS`. `chiffrement.expire`:
    one has ended beside a valid one.
    """
    valid = [one for one in certificates.values() if _is_valid(one, day)]
    if certificates and not valid:
        return (
            finding(
                "chiffrement.expires",
                centre=centre,
                jour=f"{day:%d/%m/%Y}",
                certificats=", ".join(f"{name}, {_dates(one, day)}" for name, one in certificates.items()),
            ),
        )
    found = [
        finding("chiffrement.expire", centre=centre, certificat=name, fin=f"{one.not_valid_after_utc:%d/%m/%Y}")
        for name, one in certificates.items()
        if one.not_valid_after_utc.date() < day
    ]
    last, end = _covered(certificates, day) if valid else ("", date.max)
    left = (end - day).days
    if left <= WARNING_DAYS:
        when = f"dans {counted(left, 'jour')}" if left else "aujourd'hui"
        found.append(
            finding("chiffrement.expire_bientot", centre=centre, certificat=last, fin=f"{end:%d/%m/%Y}", dans=when)
        )
    return tuple(found)


def _covered(certificates: Mapping[str, x509.Certificate], day: date) -> tuple[str, date]:
    """The last day on which some certificate is valid, without a gap from `day` on, and the name of the one that is."""
    last, end = "", day
    for name, one in sorted(certificates.items(), key=lambda item: item[1].not_valid_before_utc):
        starts, ends = one.not_valid_before_utc.date(), one.not_valid_after_utc.date()
        if starts <= end + timedelta(days=1) and ends >= end:
            last, end = name, ends
    return last, end


def _is_valid(certificate: x509.Certificate, day: date) -> bool:
    return certificate.not_valid_before_utc.date() <= day <= certificate.not_valid_after_utc.date()


def _dates(certificate: x509.Certificate, day: date) -> str:
    """Why a certificate is not valid on a day."""
    if day < certificate.not_valid_before_utc.date():
        return f"n'est pas encore valable : à partir du {certificate.not_valid_before_utc:%d/%m/%Y}"
    return f"a expiré le {certificate.not_valid_after_utc:%d/%m/%Y}"


def _read(name: str, content: bytes) -> x509.Certificate:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # what cryptography will refuse one day it warns about
            pem = b"-----BEGIN" in content
            certificate = x509.load_pem_x509_certificate(content) if pem else x509.load_der_x509_certificate(content)
            key = certificate.public_key()
            forbidden = _forbids_encipherment(certificate)
            _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc, certificate.issuer
    except MALFORMED as error:
        raise _unreadable(name) from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise _unreadable(name)
    if key.key_size < MIN_BITS:
        raise SignatureError(
            "destinataire.cle_courte",
            f"La clé de ce certificat est trop courte ({key.key_size} bits, {MIN_BITS} au moins).",
            action="Demander à l'organisme son certificat de chiffrement en cours.",
            lieu=name,
        )
    if forbidden:
        raise SignatureError(
            "destinataire.certificat_usage",
            "Ce certificat n'est pas fait pour chiffrer : l'usage qu'il déclare l'interdit.",
            action="Demander à l'organisme son certificat de chiffrement, et non celui de signature ou d'une autorité.",
            lieu=name,
        )
    return certificate


def _forbids_encipherment(certificate: x509.Certificate) -> bool:
    """Its key usage is stated (RFC 5280 4.2.1.3) and key encipherment is not in it."""
    try:
        return not certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_encipherment
    except x509.ExtensionNotFound:
        return False


def _unreadable(name: str) -> SignatureError:
    return SignatureError(
        "destinataire.certificat_illisible",
        "Ce fichier n'est pas un certificat de chiffrement lisible (X.509, clé RSA).",
        action="Demander à l'organisme son certificat de chiffrement, au format PEM ou DER.",
        lieu=name,
    )
