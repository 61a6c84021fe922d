"""Does a certificate lead to an anchor that the caller trusts? X.509 path validation is pyHanko's; no network.

The certificates here are asn1crypto objects, which carry no types: hence `Any`.
"""

import warnings
from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from fse.base.errors import SignatureError
from fse.base.resources import require

EXTRA = "verification"
_SIGNING_USAGES = frozenset({"digital_signature", "non_repudiation"})  # RFC 5280 4.2.1.3; one of them is enough


def read_anchors(anchors: Sequence[bytes]) -> list[Any]:
    """Every certificate of the given contents (asn1crypto), PEM (one or several) or DER each.

    Raises `SignatureError` `signature.ancre_illisible`, and `UsageError` without the extra.
    """
    certificate_type = require("asn1crypto.x509", extra=EXTRA).Certificate
    found = [one for content in anchors for one in anchor_certificates(content)]
    return [certificate_type.load(each.public_bytes(serialization.Encoding.DER)) for each in found]


def anchor_certificates(content: bytes) -> list[x509.Certificate]:
    """Every certificate of one content, PEM (one or several) or DER. Needs no extra.

    Raises `SignatureError` `signature.ancre_illisible`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # what cryptography will refuse one day it warns about
            if b"-----BEGIN" in content:
                return x509.load_pem_x509_certificates(content)
            return [x509.load_der_x509_certificate(content)]
    except (ValueError, x509.InvalidVersion) as error:
        raise SignatureError(
            "signature.ancre_illisible",
            "L'ancre de confiance donnée n'est pas un certificat lisible.",
            action="Donner le certificat de l'autorité, au format PEM ou DER.",
        ) from error


def is_issued_by(certificate: x509.Certificate, by: x509.Certificate) -> bool:
    """True when the key of `by` signed this certificate, and their names agree."""
    try:
        certificate.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


class UnprovedError(Exception):
    """Why a certificate does not lead to an anchor, in French."""


def find_path(leaf: Any, others: Sequence[Any], roots: Sequence[Any], moment: datetime) -> list[x509.Certificate]:
    """The certificates from `leaf` up to one of `roots`, helped by `others`, valid at `moment`.

    A root that is not an authority vouches for itself only, never for what its holder would issue. A leaf that states
    its key usage must state a signature among them. Revocation is not looked at here: `fse.domain.signature.revocation`
    says it of each certificate of the path but the anchor. Raises `UnprovedError`, nothing else.
    """
    validator = require("pyhanko_certvalidator", extra=EXTRA)
    errors = require("pyhanko_certvalidator.errors", extra=EXTRA)
    settings = require("pyhanko.sign.validation.settings", extra=EXTRA)
    try:
        context = validator.ValidationContext(
            trust_roots=[root for root in roots if _may_issue(root) or root.dump() == leaf.dump()],
            other_certs=others,
            moment=moment,
            allow_fetching=False,
            revocation_mode="none",
        )
        path = _complete(validator.CertificateValidator(leaf, validation_context=context).async_validate_path())
        if leaf.key_usage_value is not None:
            settings.KeyUsageConstraints(key_usage=_SIGNING_USAGES).validate(leaf)
        return typed(reversed(list(path.iter_certs(include_root=True))))
    except errors.ExpiredError as error:
        raise UnprovedError("un certificat de sa chaîne avait expiré à l'heure de signature déclarée") from error
    except errors.NotYetValidError as error:
        raise UnprovedError(
            "un certificat de sa chaîne n'était pas encore valable à l'heure de signature déclarée"
        ) from error
    except Exception as error:  # no path, false signature, usage, constraint of the authority, malformed extension
        raise UnprovedError("son certificat ne mène pas à l'ancre donnée, ou n'est pas fait pour signer") from error


def typed(certificates: Iterable[Any]) -> list[x509.Certificate]:
    """The same certificates as `cryptography` reads them. Raises `ValueError`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return [x509.load_der_x509_certificate(one.dump()) for one in certificates]


def _may_issue(root: Any) -> bool:
    """An authority by its basic constraints; version 1 certificates have none (old roots)."""
    return bool(root.ca) or root["tbs_certificate"]["version"].native == "v1"


def _complete(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine returns that has nothing to wait for: without fetching, pyHanko never suspends.

    No event loop, so that it works inside a caller's loop and opens no socket.
    """
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise RuntimeError("the chain validation tried to wait for something")
