"""Opens a PKCS#12 file into a signer. For tests and demos: a professional's real key never leaves the card.

Opening validates the key (some 60 ms): open once, sign many lots. The password never enters a message or a repr.
"""

import warnings
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from fse.base.errors import SignatureError
from fse.base.french import system_reason

MAX_FILE = 1_048_576  # bytes; a key with its chain takes 3 to 10 kB
_MIN_BITS = 2048  # below, verification refuses the signature as too weak


@dataclass(frozen=True, slots=True)
class OpenedSigner:
    """A key in memory with its certificate and the certificates above it (`fse.domain.signature.signer.Signer`)."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey = field(repr=False)
    chain: tuple[x509.Certificate, ...]


def open_pkcs12(path: Path, password: str) -> OpenedSigner:
    """The signer of this file: an RSA key, its certificate, the other certificates in the order of the file.

    Raises `SignatureError`: `cle.absente` (no such file), `cle.mot_de_passe` (refused; a damaged file looks the same),
    `cle.illisible` (cannot be read, not a PKCS#12, no RSA key of 2048 bits at least, no certificate that goes with
    it). Validity dates are not judged here.
    """
    content = _read(path)
    if "\0" in password or any("\ud800" <= character <= "\udfff" for character in password):
        raise _refused(path)  # such a text is no password of a PKCS#12, and `cryptography` panics on it
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # browsers export BER, which is read and warned about
            key, certificate, others = pkcs12.load_key_and_certificates(content, password.encode())
        public_key = certificate.public_key() if certificate else None
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        if "password" in str(error):  # the only trace that `cryptography` leaves of a refused MAC
            raise _refused(path) from None
        raise _unreadable(path, "Ce fichier n'est pas une clé PKCS#12 lisible.") from error
    if not isinstance(key, rsa.RSAPrivateKey) or certificate is None:
        raise _unreadable(path, "Ce fichier ne contient pas une clé RSA et le certificat qui va avec elle.")
    if key.public_key() != public_key:
        raise _unreadable(path, "La clé de ce fichier ne va pas avec son certificat.")
    if key.key_size < _MIN_BITS:
        raise _unreadable(path, f"La clé de ce fichier est trop courte ({key.key_size} bits, {_MIN_BITS} au moins).")
    return OpenedSigner(certificate=certificate, key=key, chain=tuple(others))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE + 1)
    except FileNotFoundError as error:
        raise SignatureError(
            "cle.absente",
            "Le fichier de clé n'existe pas.",
            action="Vérifier le chemin de la clé dans cabinet.toml, ou créer une clé d'essai : fse cle creer-essai.",
            lieu=str(path),
        ) from error
    except OSError as error:
        raise _unreadable(path, f"Le fichier de clé ne peut pas être lu ({system_reason(error)}).") from error
    if len(content) > MAX_FILE:
        raise _unreadable(path, f"Ce fichier dépasse {MAX_FILE} octets : ce n'est pas une clé.")
    return content


def _refused(path: Path) -> SignatureError:
    return SignatureError(
        "cle.mot_de_passe",
        "Le mot de passe de la clé est refusé (ou le fichier de clé est abîmé).",
        action="Saisir à nouveau le mot de passe ; s'il est bon, reprendre une copie saine du fichier.",
        lieu=path.name,
    )


def _unreadable(path: Path, message: str) -> SignatureError:
    return SignatureError(
        "cle.illisible",
        message,
        action="Donner le fichier PKCS#12 (.p12 ou .pfx) de la clé de signature d'essai.",
        lieu=path.name,
    )
