"""Writes test keys: one professional's to sign, one recipient's to decrypt, each under a throw-away authority.

The authority's key is forgotten at once: no second certificate can
ever be issued under the same anchor.
"""

import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from fse.base.errors import SignatureError
from fse.base.french import system_reason
from fse.infra.keys.trial_certificates import (
    ENCRYPTION,
    SIGNING,
    issue,
    new_key,
    subject_name,
    trial_authority,
)

ANCHOR_NAME = "ancre.pem"
KEY_NAME = "praticien.p12"
_KDF_ROUNDS = 100_000  # opening takes 0.06 s


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """The two files written, and until when the certificate signs (UTC)."""

    ancre: Path
    praticien: Path
    expire_le: datetime


@dataclass(frozen=True, slots=True)
class CreatedEncryptionKey:
    """The two files written: what others encrypt for (to give away), and what opens it. Until when (UTC)."""

    certificat: Path
    cle: Path
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
    _check(password, (ancre, praticien))
    subject, authority_key, key = subject_name(nom, prestataire), new_key(), new_key()
    authority = trial_authority(authority_key, now)
    certificate = issue(subject, key.public_key(), authority, authority_key, SIGNING)
    bundle = _bundle(key, certificate, authority, password)
    _write_all({ancre: authority.public_bytes(serialization.Encoding.PEM), praticien: bundle})
    return CreatedKey(ancre=ancre, praticien=praticien, expire_le=certificate.not_valid_after_utc)


def create_test_encryption_key(folder: Path, password: str, nom: str, now: datetime) -> CreatedEncryptionKey:
    """Write `<nom>.pem` (the certificate to encrypt for, to be given away) and `<nom>.p12` (what decrypts it).

    For a fictitious payer, or for the practice's own reception. `nom` is a plain file name of at most 58 characters,
    and stands in the common name after ESSAI; the certificate is fit for key encipherment only. `now` (with a zone),
    validity, files and errors as in `create_test_key`; `cle.nom` also when `nom` would lead out of the folder.
    """
    if Path(nom).name != nom or nom.startswith(".") or not nom.isprintable() or set(nom) & set('/\\:*?"<>|'):
        raise SignatureError(
            "cle.nom",
            "Ce nom ne peut pas être celui d'un fichier.",
            action="Donner un nom simple, par exemple caisse-2026.",
        )
    certificat, cle = folder / f"{nom}.pem", folder / f"{nom}.p12"
    _check(password, (certificat, cle))
    subject, authority_key, key = subject_name(nom), new_key(), new_key()
    authority = trial_authority(authority_key, now)
    certificate = issue(subject, key.public_key(), authority, authority_key, ENCRYPTION)
    bundle = _bundle(key, certificate, authority, password)
    _write_all({certificat: certificate.public_bytes(serialization.Encoding.PEM), cle: bundle})
    return CreatedEncryptionKey(certificat=certificat, cle=cle, expire_le=certificate.not_valid_after_utc)


def _check(password: str, paths: Iterable[Path]) -> None:
    """Raises `SignatureError` when a file is there already or the password is none."""
    for path in paths:
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


def _bundle(key: rsa.RSAPrivateKey, certificate: x509.Certificate, authority: x509.Certificate, password: str) -> bytes:
    """The PKCS#12 of a key, its certificate and their authority."""
    encryption = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(_KDF_ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(password.encode())
    )
    return pkcs12.serialize_key_and_certificates(b"fse essai", key, certificate, [authority], encryption)


def _write_all(contents: Mapping[Path, bytes]) -> None:
    """Write these files of one folder in their order; the folder is made. Raises `SignatureError` `cle.ecriture`."""
    folder = next(iter(contents)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            _write(path, content)
    except OSError as error:
        raise SignatureError(
            "cle.ecriture",
            f"La clé d'essai n'a pas pu être écrite ({system_reason(error)}).",
            action="Vérifier le dossier, ses droits et la place libre.",
            lieu=str(folder),
        ) from error


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
