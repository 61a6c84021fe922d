"""Opens what is encrypted for us: a CMS EnvelopedData or AuthEnvelopedData (RFC 5652, 5083), DER or BER.

`cryptography` opens what `seal_envelope` makes and most of what arrives. It refuses BER (streamed), AES-GCM, 3DES and
RSA-OAEP: those, and whatever else it refuses, go to the command `openssl cms -decrypt`, whose key file is encrypted
under a passphrase that only the two processes know; neither the key nor the content is ever in clear on the disk.

An envelope hides and does not prove: a changed one may open into other bytes. Signatures inside tell. No message says
at which step an opening failed: whoever sends damaged envelopes to learn something of the key or of a content learns
only whether they name our certificate, which their own bytes tell.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from fse.base.errors import SignatureError
from fse.domain.signature.signer import Signer

MAX_ENVELOPE = 67_108_864  # bytes; a return of 100 000 lines takes 13 MB
TIMEOUT = 60  # seconds; 64 MB take less than one
_PASSPHRASE = "CLE_TEMPORAIRE"  # name of the variable, in the environment of the child only
_NO_RECIPIENT = "No recipient found"  # the only trace that `cryptography` leaves of an envelope for others
_NO_KEY = b"using private key"  # openssl's
_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def open_envelope(content: bytes, opener: Signer) -> bytes:
    """What the envelope holds, with the RSA key and the certificate of one of its recipients (`open_pkcs12`).

    Raises `SignatureError`: `chiffrement.pas_destinataire` (encrypted for others), `chiffrement.illisible` (no
    envelope, damaged, truncated, of another algorithm, above `MAX_ENVELOPE`), `chiffrement.openssl_absent` (only the
    command could tell, and it is not installed), `chiffrement.impossible` (no temporary folder).
    """
    if not 0 < len(content) <= MAX_ENVELOPE:
        raise _unreadable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return pkcs7.pkcs7_decrypt_der(content, opener.certificate, opener.key, [])
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        if _NO_RECIPIENT in str(error):
            raise _of_others() from None
    return _by_openssl(content, opener)


def _by_openssl(content: bytes, opener: Signer) -> bytes:
    command = shutil.which("openssl")
    if command is None:
        raise SignatureError(
            "chiffrement.openssl_absent",
            "Cette enveloppe n'a pas pu être ouverte par fse seul, et la commande openssl n'est pas installée.",
            action="Installer openssl (version 3), puis recommencer : rien n'est perdu.",
        )
    passphrase = secrets.token_hex(32)
    try:
        with tempfile.TemporaryDirectory(prefix="fse-") as name:  # mode 0700
            done = _run(command, Path(name), content, opener, passphrase)
    except subprocess.TimeoutExpired:
        raise _unreadable() from None
    except OSError as error:
        raise SignatureError(
            "chiffrement.impossible",
            "La commande openssl n'a pas pu être lancée, ou le dossier temporaire ne peut pas être écrit.",
            action="Vérifier la place libre et les droits du dossier temporaire, puis recommencer.",
        ) from error
    if done.returncode == 0:
        return done.stdout
    raise _of_others() if _is_of_others(done.stderr) else _unreadable()


def _run(
    command: str, folder: Path, content: bytes, opener: Signer, passphrase: str
) -> subprocess.CompletedProcess[bytes]:
    """The content goes in and comes out through pipes; the folder, ours alone, holds the encrypted key."""
    certificate, key = folder / "certificat.pem", folder / "cle.pem"
    encoding = serialization.Encoding.PEM
    encryption = serialization.BestAvailableEncryption(passphrase.encode())
    certificate.write_bytes(opener.certificate.public_bytes(encoding))
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(opener.key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, encryption))
    arguments = ["cms", "-decrypt", "-binary", "-inform", "DER", "-outform", "DER"]
    arguments += ["-recip", str(certificate), "-inkey", str(key), "-passin", f"env:{_PASSPHRASE}"]
    return subprocess.run(
        [command, *arguments],
        input=content,
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
        cwd=folder,
        env={name: os.environ[name] for name in _KEPT if name in os.environ} | {_PASSPHRASE: passphrase},
    )


def _is_of_others(said: bytes) -> bool:
    """Openssl did not find our certificate, and had nothing else to say: for one that is named, a key is made up."""
    return _NO_KEY in said and said.count(b":error:") == said.count(b"no matching recipient")


def _of_others() -> SignatureError:
    return SignatureError(
        "chiffrement.pas_destinataire",
        "Cette enveloppe est chiffrée pour d'autres que le cabinet.",
        action="Vérifier que l'organisme a le certificat de réception du cabinet, et lui demander un nouvel envoi.",
    )


def _unreadable() -> SignatureError:
    return SignatureError(
        "chiffrement.illisible",
        "Cette enveloppe chiffrée ne peut pas être ouverte.",
        action="Demander à l'organisme un nouvel envoi, chiffré pour le certificat de réception du cabinet.",
    )
