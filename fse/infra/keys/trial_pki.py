"""Makes a test key: a throw-away authority and one professional's certificate, both marked ESSAI (test).

The authority's key is forgotten at once: no second certificate can
ever be issued under the same anchor.
"""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from fse.base.errors import SignatureError
from fse.base.french import system_reason

ANCHOR_NAME = "ancre.pem"
KEY_NAME = "praticien.p12"
VALIDITY = timedelta(days=3 * 365)  # as a real card
_CLOCK_SKEW = timedelta(hours=1)  # between the workstations of a practice
_KEY_BITS = 2048
_KDF_ROUNDS = 100_000  # opening takes 0.06 s
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


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """The two files written, and until when the certificate signs (UTC)."""

    ancre: Path
    praticien: Path
    expire_le: datetime


def create_test_key(
    folder: Path, password: str, nom: str, prestataire: str, now: datetime, *, fichier: str = KEY_NAME
) -> CreatedKey:
    """Write `ancre.pem` (the test authority's certificate) and `praticien.p12` (key, certificate, authority).

    `fichier` gives the key another name; its anchor then follows it: `martin.p12`, `martin-ancre.pem`.

    `nom` (at most 58 characters) goes into the common name after ESSAI, `prestataire` (9 characters) into the serial
    number of the subject. `now` (with a zone) must be the real time, not the `--le` of the command: a CMS carries the
    real clock. Valid from one hour before `now`, for `VALIDITY`. RSA 2048, SHA-256. Both files have mode 0600 (POSIX),
    are written under a temporary name then moved, the key last; the folder is made. Raises `SignatureError`:
    `cle.existe` (nothing is overwritten), `cle.mot_de_passe_impropre`, `cle.nom` and `cle.ecriture`.
    """
    anchor = ANCHOR_NAME if fichier == KEY_NAME else f"{Path(fichier).stem}-{ANCHOR_NAME}"
    ancre, praticien = folder / anchor, folder / fichier
    for path in (ancre, praticien):
        if path.exists():
            raise SignatureError(
                "cle.existe",
                "Une clé d'essai est déjà là : elle n'est pas remplacée.",
                action="Choisir un autre dossier, ou ranger ailleurs les fichiers de cette clé.",
                lieu=str(path),
            )
    if not password or not password.isprintable():
        raise SignatureError(
            "cle.mot_de_passe_impropre",
            "Le mot de passe de la clé d'essai est vide, ou contient des caractères qui ne s'impriment pas.",
            action="Donner un mot de passe (variable FSE_MOT_DE_PASSE, ou saisie).",
        )
    authority_name, subject = _names(nom, prestataire)
    start, end = now - _CLOCK_SKEW, now - _CLOCK_SKEW + VALIDITY
    authority_key, key = (rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS) for _ in range(2))
    authority = _authority(authority_name, authority_key, start, end)
    certificate = _professional(subject, key, authority, authority_key)
    encryption = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(_KDF_ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(password.encode())
    )
    bundle = pkcs12.serialize_key_and_certificates(b"fse essai", key, certificate, [authority], encryption)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(ancre, authority.public_bytes(serialization.Encoding.PEM))
        _write(praticien, bundle)
    except OSError as error:
        raise SignatureError(
            "cle.ecriture",
            f"La clé d'essai n'a pas pu être écrite ({system_reason(error)}).",
            action="Vérifier le dossier, ses droits et la place libre.",
            lieu=str(folder),
        ) from error
    return CreatedKey(ancre=ancre, praticien=praticien, expire_le=certificate.not_valid_after_utc)


def _names(nom: str, prestataire: str) -> tuple[x509.Name, x509.Name]:
    """Subjects of the authority and of the professional. X.520 bounds each part to 1 to 64 characters."""
    common = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION),
    ]
    try:
        if not nom.strip() or not prestataire.strip():
            raise ValueError("empty")
        own = [
            x509.NameAttribute(NameOID.SERIAL_NUMBER, prestataire),
            x509.NameAttribute(NameOID.COMMON_NAME, f"ESSAI {nom}"),
        ]
    except ValueError as error:
        raise SignatureError(
            "cle.nom",
            "Le nom (58 caractères au plus) ou le numéro du prestataire ne peut pas entrer dans un certificat.",
            action="Corriger le nom ou le numéro du prestataire dans cabinet.toml.",
        ) from error
    authority = [x509.NameAttribute(NameOID.COMMON_NAME, "ESSAI Autorité fse")]
    return x509.Name(common + authority), x509.Name(common + own)


def _builder(subject: x509.Name, key: rsa.RSAPrivateKey, start: datetime, end: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*asserted: str) -> x509.KeyUsage:
    """The key usage extension with these usages, and no other."""
    return x509.KeyUsage(**{usage: usage in asserted for usage in _USAGES})


def _authority(subject: x509.Name, key: rsa.RSAPrivateKey, start: datetime, end: datetime) -> x509.Certificate:
    return (
        _builder(subject, key, start, end)
        .issuer_name(subject)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(key, hashes.SHA256())
    )


def _professional(
    subject: x509.Name, key: rsa.RSAPrivateKey, authority: x509.Certificate, authority_key: rsa.RSAPrivateKey
) -> x509.Certificate:
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        _builder(subject, key, authority.not_valid_before_utc, authority.not_valid_after_utc)
        .issuer_name(authority.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature", "content_commitment"), critical=True)
        .add_extension(identifier, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a temporary file of the same folder (mode 0600 from its creation), flushed, then moved."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
