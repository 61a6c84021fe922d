"""The signature of one lot: a detached CMS SignedData (RFC 5652), DER. The CMS itself is made by `cryptography`."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from fse.base.errors import SignatureError
from fse.domain.signature.signer import Signer

_OPTIONS = (
    pkcs7.PKCS7Options.Binary,  # without it LF becomes CRLF inside the 128-byte records
    pkcs7.PKCS7Options.DetachedSignature,
    pkcs7.PKCS7Options.NoCapabilities,  # which ciphers a mail reader knows says nothing about a lot
)


def sign_lot(payload: bytes, signer: Signer) -> bytes:
    """The detached CMS (DER, SHA-256) over `payload`, the bytes of records 1 to 6 of one lot.

    Signed with it: the content type, the SHA-256 of the payload and the signing time. `PKCS7SignatureBuilder` takes
    that time from the clock of the machine by itself and offers no way to give another: so two signatures of the
    same bytes differ, `--le` does not move it, and a certificate must be valid at the real time. The signer's
    certificate and chain are included. Raises `SignatureError` `signature.impossible`; what the key itself raises
    when it is a card (`SignatureError` too) goes through.
    Source: architecture, decisions 15 and 16 (a resend reuses these bytes, it never signs again).
    """
    builder = pkcs7.PKCS7SignatureBuilder().set_data(payload)
    try:
        builder = builder.add_signer(signer.certificate, signer.key, hashes.SHA256())
        for certificate in signer.chain:
            builder = builder.add_certificate(certificate)
        return builder.sign(serialization.Encoding.DER, _OPTIONS)
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise SignatureError(
            "signature.impossible",
            "La signature du lot n'a pas pu être faite avec cette clé.",
            action="Vérifier que la clé est une clé RSA de signature et qu'elle va avec son certificat.",
        ) from error
