"""The secrets of a journal: from the user's key to the three keys that protect one cabinet.

    user's key --scrypt--> wrapping key --AES-256-GCM--> data key --HKDF-SHA256--> encryption, fingerprint, chain

The data key is random and never changes; only its envelope depends on the user's key, so that rotation rewraps and
rewrites nothing else. The envelope is bound to what identifies the journal (its `liaison`): a copy of it does not
open another cabinet. Nothing here reads the environment, prompts, or touches a database.
"""

from __future__ import annotations

import hmac
import json
import os
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from fse.base.errors import StorageError
from fse.base.identifiers.nir import fingerprint_input

_SCRYPT = {"n": 2**15, "p": 1, "r": 8}
_SCRYPT_LIMITS = {"n": 2**20, "p": 16, "r": 32}
_KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"
_NIR_LENGTH = 13

KEY_LENGTH_MIN = 12
"""Characters of a user's key, at least: our choice. A shorter one is guessed, however slow each try is made."""


@dataclass(frozen=True, slots=True)
class Enveloppe:
    """The wrapped data key and what is needed, besides the user's key, to unwrap it."""

    sel: bytes
    parametres_kdf: str
    cle_enveloppee: bytes


class Coffre:
    """What one data key can do: encrypt, decrypt, fingerprint, and seal the chain. Its keys never leave it."""

    __slots__ = ("_aes", "_chain_key", "_fingerprint_key")

    def __init__(self, data_key: bytes) -> None:
        self._aes = AESGCM(_derive(data_key, b"fse journal chiffrement"))
        self._fingerprint_key = _derive(data_key, b"fse journal empreinte")
        self._chain_key = _derive(data_key, b"fse journal chaine")

    def encrypt(self, data: bytes, aad: bytes) -> bytes:
        """AES-256-GCM: version byte, random nonce, ciphertext and tag. `aad` says what the data belongs to."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._aes.encrypt(nonce, data, aad)

    def decrypt(self, data: bytes, aad: bytes) -> bytes:
        """The bytes given to `encrypt` with the same `aad`. Raises `StorageError` (`journal.chiffre`)."""
        head = len(_VERSION) + _NONCE_BYTES
        try:
            if data[: len(_VERSION)] != _VERSION:
                raise InvalidTag
            return self._aes.decrypt(data[len(_VERSION) : head], data[head:], aad)
        except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
            raise StorageError(
                "journal.chiffre",
                "Un contenu chiffré du journal a été modifié ou déplacé.",
                action="Restaurer la dernière sauvegarde du journal.",
            ) from None

    def fingerprint(self, nir: str) -> str | None:
        """Keyed fingerprint (64 hex digits) of the 13 characters of a NIR; `None` when it names nobody.

        Raises `ValueError` on another length.
        """
        named = fingerprint_input(nir.strip())
        if named is None:
            return None
        if len(named) != _NIR_LENGTH:
            raise ValueError(f"a NIR has {_NIR_LENGTH} characters, not {len(named)}")
        return self._keyed_digest(b"nir", named.encode())

    def content_fingerprint(self, data: bytes) -> str:
        """Keyed fingerprint (64 hex digits) of a content: it tells "the same again" and cannot be guessed back."""
        return self._keyed_digest(b"contenu", data)

    def chain_mac(self, previous: str, message: bytes) -> str:
        """HMAC-SHA256 (64 hex digits) of one link: the MAC before it, then its canonical bytes."""
        return hmac.new(self._chain_key, previous.encode() + message, sha256).hexdigest()

    def _keyed_digest(self, kind: bytes, data: bytes) -> str:
        return hmac.new(self._fingerprint_key, kind + b"\0" + data, sha256).hexdigest()


def new_data_key() -> bytes:
    """32 random bytes."""
    return os.urandom(_KEY_BYTES)


def wrap_key(data_key: bytes, cle: str, liaison: bytes) -> Enveloppe:
    """Wrap a data key with the user's key, bound to `liaison`.

    Raises `StorageError` (`journal.cle_vide`, `journal.cle_courte`).
    """
    if 0 < len(cle) < KEY_LENGTH_MIN:
        raise StorageError(
            "journal.cle_courte",
            f"Une clé de journal a au moins {KEY_LENGTH_MIN} caractères ; celle-ci en a {len(cle)}.",
            action="Choisir une clé plus longue, par exemple quatre ou cinq mots sans rapport entre eux.",
        )
    sel = os.urandom(16)
    parameters = json.dumps({"algorithme": "scrypt"} | _SCRYPT, sort_keys=True)
    wrapping = AESGCM(_stretch(cle, sel, _SCRYPT))
    nonce = os.urandom(_NONCE_BYTES)
    return Enveloppe(sel, parameters, nonce + wrapping.encrypt(nonce, data_key, _bound(liaison, parameters)))


def unwrap_key(envelope: Enveloppe, cle: str, liaison: bytes) -> bytes:
    """The data key. Raises `StorageError`: `journal.cle` (wrong key, or envelope altered), `journal.cle_vide`."""
    wrapping = AESGCM(_stretch(cle, envelope.sel, _read_parameters(envelope.parametres_kdf)))
    nonce, wrapped = envelope.cle_enveloppee[:_NONCE_BYTES], envelope.cle_enveloppee[_NONCE_BYTES:]
    try:
        return wrapping.decrypt(nonce, wrapped, _bound(liaison, envelope.parametres_kdf))
    except (InvalidTag, ValueError):
        raise _wrong_key() from None


def _read_parameters(text: str) -> dict[str, int]:
    """scrypt parameters as stored, refused when absent or beyond what a workstation computes."""
    try:
        stored = json.loads(text)
        parameters = {name: int(stored[name]) for name in _SCRYPT}
    except (ValueError, TypeError, KeyError):
        raise _wrong_key() from None
    if any(not 1 <= value <= _SCRYPT_LIMITS[name] for name, value in parameters.items()):
        raise _wrong_key()
    return parameters


def _stretch(cle: str, sel: bytes, parameters: dict[str, int]) -> bytes:
    if not cle:
        raise StorageError(
            "journal.cle_vide",
            "La clé du journal est vide.",
            action="Donner la clé du journal dans FSE_CLE_JOURNAL.",
        )
    try:
        kdf = Scrypt(salt=sel, length=_KEY_BYTES, n=parameters["n"], r=parameters["r"], p=parameters["p"])
    except ValueError:
        raise _wrong_key() from None
    return kdf.derive(cle.encode())


def _derive(data_key: bytes, name: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=name).derive(data_key)


def _bound(liaison: bytes, parameters: str) -> bytes:
    return parameters.encode() + b"\0" + liaison


def _wrong_key() -> StorageError:
    return StorageError(
        "journal.cle",
        "La clé donnée n'ouvre pas ce journal.",
        action="Vérifier FSE_CLE_JOURNAL : c'est la clé donnée à la création du journal.",
    )
