"""A card's key as `cryptography` wants one: its `sign` forwards to the token, and nothing else is possible."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from fse.base.errors import SignatureError
from fse.base.resources import require
from fse.infra.keys.card_errors import card_error, translated
from fse.infra.keys.card_module import CARD_LOCK, EXTRA

_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")  # DigestInfo of RFC 8017 9.2, note 1


class CardKey(rsa.RSAPrivateKey):
    """The private key of an open card. It signs RSA PKCS#1 v1.5 over SHA-256; it never leaves the token.

    Each signature is verified with the public key of the certificate before it is given back: 40 µs, when a card takes
    half a second. After an error it signs no more: a PIN is not tried twice, nor a card that was pulled out.
    """

    def __init__(
        self, key: Any, public_key: rsa.RSAPublicKey, jeton: str, *, hashes_itself: bool, pin: str | None
    ) -> None:
        """`key` is a private key of python-pkcs11 that signs. `hashes_itself`: the token offers CKM_SHA256_RSA_PKCS.

        `pin` is for a key that asks it at each signature (CKA_ALWAYS_AUTHENTICATE), else `None`.
        """
        pkcs11 = require("pkcs11", extra=EXTRA)
        mechanism = pkcs11.Mechanism.SHA256_RSA_PKCS if hashes_itself else pkcs11.Mechanism.RSA_PKCS
        self._sign: Callable[[bytes], bytes] | None = _signing(key, mechanism, pin, public_key.key_size // 8)
        self._failure: type[Exception] = pkcs11.PKCS11Error
        self._hashes_itself = hashes_itself
        self._public_key = public_key
        self._jeton = jeton
        self._refusal = card_error("carte.fermee", jeton)

    def sign(self, data: bytes, padding: object, algorithm: object) -> bytes:
        """The signature of `data`. `cryptography` calls by these parameter names.

        Raises `SignatureError` (`fse.infra.keys.card_errors`), `UnsupportedAlgorithm`.
        """
        if not isinstance(padding, PKCS1v15) or not isinstance(algorithm, hashes.SHA256):
            raise UnsupportedAlgorithm("a card signs RSA PKCS#1 v1.5 over SHA-256 only")
        given = bytes(data) if self._hashes_itself else _SHA256_INFO + hashlib.sha256(data).digest()
        try:
            with CARD_LOCK:
                if self._sign is None:
                    raise self._refusal
                signature = self._sign(given)
            self._public_key.verify(signature, data, padding, algorithm)
        except self._failure as error:
            self.close(translated(error, self._jeton))
            raise self._refusal from error
        except InvalidSignature as error:
            self.close(card_error("carte.signature_fausse", self._jeton))
            raise self._refusal from error
        return signature

    def close(self, reason: SignatureError | None = None) -> None:
        """Forget the key of the token and the PIN. What signs afterwards is told the reason."""
        self._refusal = reason or self._refusal
        self._sign = None

    @property
    def key_size(self) -> int:
        return self._public_key.key_size

    def public_key(self) -> rsa.RSAPublicKey:
        return self._public_key

    def decrypt(self, ciphertext: bytes, padding: object) -> NoReturn:
        raise UnsupportedAlgorithm("the signature key of a card decrypts nothing")

    def private_numbers(self) -> NoReturn:
        raise UnsupportedAlgorithm("the key of a card never leaves it")

    def private_bytes(self, encoding: Any, format: Any, encryption_algorithm: Any) -> NoReturn:
        raise UnsupportedAlgorithm("the key of a card never leaves it")

    def __reduce__(self) -> NoReturn:
        raise TypeError("the key of a card never leaves it")

    def __copy__(self) -> CardKey:
        return self

    def __deepcopy__(self, memo: object) -> CardKey:
        return self


def _signing(key: Any, mechanism: object, pin: str | None, size: int) -> Callable[[bytes], bytes]:
    """What signs. The PIN is in here and in no attribute, where a trace might show it."""

    def sign(data: bytes) -> bytes:
        signature: bytes = key.sign(data, mechanism=mechanism, pin=pin, buffer_size=size)
        return signature

    return sign
