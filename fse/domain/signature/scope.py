"""What a revocation list covers (RFC 5280 5.2.4, 5.2.5 and 6.3.3 b): all that its authority issues, or a part of it."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography import x509

_UNDERSTOOD = (x509.IssuingDistributionPoint, x509.DeltaCRLIndicator)


def is_indirect(one: x509.CertificateRevocationList) -> bool:
    """Its entries may be of other issuers, or a critical extension is unknown: none of them may be believed."""
    point = _point(one)
    unknown = any(each.critical and not isinstance(each.value, _UNDERSTOOD) for each in one.extensions)
    return unknown or (point is not None and point.indirect_crl)


def is_complete_for(one: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """A certificate of the issuer of this list stands in it when it is revoked, for whatever reason.

    Not so for the changes since another list (delta), for some reasons only, and for certificates of another kind or
    of another distribution point than those that the certificate names.
    """
    if any(isinstance(each.value, x509.DeltaCRLIndicator) for each in one.extensions):
        return False
    point = _point(one)
    if point is None:
        return True
    if point.only_some_reasons or point.only_contains_attribute_certs:
        return False
    if point.only_contains_user_certs if _is_authority(certificate) else point.only_contains_ca_certs:
        return False
    if point.relative_name is not None:
        return False
    return point.full_name is None or not _names(certificate).isdisjoint(point.full_name)


def _point(one: x509.CertificateRevocationList) -> x509.IssuingDistributionPoint | None:
    points = (each.value for each in one.extensions)
    return next((each for each in points if isinstance(each, x509.IssuingDistributionPoint)), None)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _names(certificate: x509.Certificate) -> set[x509.GeneralName]:
    """Where the certificate says that its authority publishes its lists."""
    try:
        points: Iterable[x509.DistributionPoint] = certificate.extensions.get_extension_for_class(
            x509.CRLDistributionPoints
        ).value
    except x509.ExtensionNotFound:
        return set()
    return {name for point in points for name in point.full_name or ()}
