"""The opened signer: what signing needs, whether a PKCS#12 file or a card stands behind it."""

from collections.abc import Sequence
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa


class Signer(Protocol):
    """A professional's certificate, the key that goes with it, and the certificates above it.

    `key` is any `rsa.RSAPrivateKey`: for a card, a small subclass whose `sign(data, padding, algorithm)` (exactly
    these parameter names, `cryptography` calls it by them) forwards to the token. `chain` goes from the issuer of
    `certificate` upwards, may be empty and may hold the root; a verifier trusts none of it by itself.
    """

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def key(self) -> rsa.RSAPrivateKey: ...

    @property
    def chain(self) -> Sequence[x509.Certificate]: ...
