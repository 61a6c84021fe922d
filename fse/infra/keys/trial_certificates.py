"""The certificates of test keys: an authority and what it issues, all marked ESSAI (test). Nothing is written here."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from fse.base.errors import SignatureError

VALIDITY = timedelta(days=3 * 365)  # as a real card
SIGNING = ("digital_signature", "content_commitment")
ENCRYPTION = ("key_encipherment",)
_CLOCK_SKEW = timedelta(hours=1)  # between the workstations of a practice
_KEY_BITS = 2048
_ORGANISATION = "ESSAI fse - sans valeur"
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def new_key() -> rsa.RSAPrivateKey:
    """A fresh RSA 2048 key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def subject_name(nom: str, prestataire: str | None = None) -> x509.Name:
    """The subject of a test certificate: ESSAI and a name of at most 58 characters, a serial number if any.

    X.520 bounds each part to 1 to 64 characters. Raises `SignatureError` `cle.nom`.
    """
    try:
        if not nom.strip() or (prestataire is not None and not prestataire.strip()):
            raise ValueError("empty")
        number = [] if prestataire is None else [x509.NameAttribute(NameOID.SERIAL_NUMBER, prestataire)]
        own = [*number, x509.NameAttribute(NameOID.COMMON_NAME, f"ESSAI {nom}")]
    except ValueError as error:
        raise SignatureError(
            "cle.nom",
            "Le nom (58 caractères au plus) ou le numéro du prestataire ne peut pas entrer dans un certificat.",
            action="Corriger le nom ou le numéro du prestataire.",
        ) from error
    common = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION),
    ]
    return x509.Name(common + own)


def trial_authority(key: rsa.RSAPrivateKey, now: datetime) -> x509.Certificate:
    """A self-signed authority, valid from one hour before `now` (with a zone) for `VALIDITY`."""
    subject = subject_name("Autorité fse")
    start = now - _CLOCK_SKEW
    return (
        _builder(subject, key.public_key(), start, start + VALIDITY)
        .issuer_name(subject)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(key, hashes.SHA256())
    )


def issue(
    subject: x509.Name,
    key: rsa.RSAPublicKey,
    authority: x509.Certificate,
    authority_key: rsa.RSAPrivateKey,
    usages: Sequence[str],
) -> x509.Certificate:
    """A certificate for these key usages and no other, valid as long as its authority."""
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        _builder(subject, key, authority.not_valid_before_utc, authority.not_valid_after_utc)
        .issuer_name(authority.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(*usages), critical=True)
        .add_extension(identifier, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(subject: x509.Name, key: rsa.RSAPublicKey, start: datetime, end: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*asserted: str) -> x509.KeyUsage:
    """The key usage extension with these usages, and no other."""
    return x509.KeyUsage(**{usage: usage in asserted for usage in _USAGES})
