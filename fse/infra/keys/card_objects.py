"""What a card holds: its signature certificate, the certificates above it, and the key that goes with it.

Real cards name them as below (published with the national library of the CPS); a card that names them otherwise (CPS
2ter) still ties a key to its certificate by CKA_ID. SoftHSM2 bears the same labels in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from fse.domain.signature.trust import is_issued_by
from fse.infra.keys.card_errors import card_error
from fse.infra.keys.card_module import card_call

if TYPE_CHECKING:
    from pkcs11 import Session

KEY_LABEL = "CPS_PRIV_SIG"
CERTIFICATE_LABEL = "Certificat de Signature CPS"
_MAX_CERTIFICATES = 32


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A certificate, and the identifier (CKA_ID) and label of its object."""

    certificate: x509.Certificate
    identifier: bytes
    label: str


def signature_certificate(session: Session, jeton: str) -> tuple[x509.Certificate, bytes, tuple[x509.Certificate, ...]]:
    """The signature certificate, its CKA_ID, and its issuers found on the card, upwards.

    Looked up by label, else by the CKA_ID of the key of that label, else as the only end certificate of the card that
    may sign for its holder (contentCommitment, RFC 5280 4.2.1.3). Raises `SignatureError`: `carte.sans_certificat`,
    `carte.certificat_illisible`.
    """
    held = _certificates(session, jeton)
    chosen = [one for one in held if one.label == CERTIFICATE_LABEL]
    if not chosen:
        identifiers = {_identifier(key, jeton) for key in _keys(session, jeton, LABEL=KEY_LABEL)}
        chosen = [one for one in held if one.identifier in identifiers and one.identifier]
    if not chosen:
        chosen = [one for one in held if _commits(one.certificate)]
    if len({one.certificate for one in chosen}) != 1:
        raise card_error("carte.sans_certificat", jeton)
    leaf = chosen[0]
    return leaf.certificate, leaf.identifier, _issuers(leaf.certificate, [one.certificate for one in held])


def signature_key(session: Session, jeton: str, identifier: bytes) -> Any:
    """The private key by its label, else by the CKA_ID of its certificate. Raises `SignatureError` `carte.sans_cle`."""
    found = _keys(session, jeton, LABEL=KEY_LABEL)
    if not found and identifier:
        found = _keys(session, jeton, ID=identifier)
    if len(found) > 1:  # two of one label: that of the certificate
        found = [one for one in found if _identifier(one, jeton) == identifier]
    if len(found) != 1:
        raise card_error("carte.sans_cle", jeton)
    return found[0]


def attribute(held: Any, name: str, jeton: str) -> Any:
    """An attribute of an object, `None` when the card does not tell it."""
    with card_call(jeton) as pkcs11:
        try:
            return held[pkcs11.Attribute[name]]
        except (pkcs11.AttributeTypeInvalid, pkcs11.AttributeSensitive, pkcs11.FunctionFailed):
            return None


def _certificates(session: Session, jeton: str) -> list[HeldCertificate]:
    found = []
    with card_call(jeton) as pkcs11:
        objects = list(session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE}))
        for one in objects[:_MAX_CERTIFICATES]:
            label = attribute(one, "LABEL", jeton) or ""
            try:
                certificate = x509.load_der_x509_certificate(attribute(one, "VALUE", jeton) or b"")
                certificate.public_key()
            except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm) as error:
                if label == CERTIFICATE_LABEL:
                    raise card_error("carte.certificat_illisible", jeton) from error
                continue
            found.append(HeldCertificate(certificate, attribute(one, "ID", jeton) or b"", label))
    return found


def _keys(session: Session, jeton: str, **wanted: object) -> list[Any]:
    """The private keys that have these attributes."""
    with card_call(jeton) as pkcs11:
        template = {pkcs11.Attribute[name]: value for name, value in wanted.items()}
        return list(session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY, **template}))


def _identifier(held: Any, jeton: str) -> bytes:
    return attribute(held, "ID", jeton) or b""


def _commits(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return usage.content_commitment and not usage.key_cert_sign


def _issuers(leaf: x509.Certificate, held: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    chain: list[x509.Certificate] = []
    current = leaf
    while current.issuer != current.subject:
        above = next((one for one in held if one not in chain and is_issued_by(current, one)), None)
        if above is None:
            break
        chain.append(above)
        current = above
    return tuple(chain)
