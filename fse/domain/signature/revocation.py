"""Was a certificate revoked at a moment? Lists (CRL, RFC 5280 5) that the caller gives; no network, no clock.

The lookup is `cryptography`'s: 20 ms a megabyte, where pyHanko takes a second, and no optional extra, for a card asks
before it signs. pyHanko and openssl judge the same lists in the tests. A list that cannot tell never counts as one that
says yes: the answer is then `INCONNU`, with its reason.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from fse.domain.signature.lists import MALFORMED, RevocationList
from fse.domain.signature.scope import is_complete_for, is_indirect
from fse.domain.signature.verdict import Etat

__all__ = ["Etat", "Revocation", "RevocationList", "revocation_at"]

_DIGESTS = (hashes.SHA224, hashes.SHA256, hashes.SHA384, hashes.SHA512)
_NOT_CHECKED = "La révocation du certificat n'a pas été contrôlée"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """The answer. `detail` is one French sentence; `revoque_le` (UTC) only when it is revoked."""

    etat: Etat
    detail: str
    revoque_le: datetime | None = None


def revocation_at(
    certificate: x509.Certificate,
    lists: Sequence[RevocationList],
    authorities: Sequence[x509.Certificate],
    moment: datetime,
) -> Revocation:
    """What `lists` say of `certificate` at `moment` (with a zone). Never raises on what they hold.

    `authorities` are certificates that the caller trusts, or has proved to lead to an anchor: a list counts when one
    of them that bears the name of the issuer of `certificate`, and may sign lists, has signed it. To ask before
    signing: the anchors and the chain of the card, `moment` now; refuse on `REVOQUE` and on `REVOQUE_APRES`.

    An entry counts whatever the age of its list, from its date or from the earlier day since when the key is said not
    to be safe (invalidityDate). An absence counts when the list was still in force at `moment` or was made after it,
    within the life of the certificate (an authority may forget expired ones), and covers such certificates.
    """
    answers = [_answer(certificate, one, authorities, moment) for one in lists]
    return _conclude([one for one in answers if one is not None], lists)


def _conclude(answers: Sequence[Revocation], lists: Sequence[RevocationList]) -> Revocation:
    """The gravest answer of the lists that speak of this issuer: revoked, revoked since, valid, else unknown."""
    for etat in (Etat.REVOQUE, Etat.REVOQUE_APRES, Etat.VALABLE, Etat.INCONNU):
        same = [one for one in answers if one.etat is etat]
        if same:
            return min(same, key=lambda one: one.revoque_le or datetime.max.replace(tzinfo=UTC))
    reason = " : aucune des listes données n'est de l'autorité qui l'a délivré" if lists else ""
    return Revocation(etat=Etat.INCONNU, detail=f"{_NOT_CHECKED}{reason}.")


def _answer(
    certificate: x509.Certificate,
    listed: RevocationList,
    authorities: Sequence[x509.Certificate],
    moment: datetime,
) -> Revocation | None:
    """What one list says; `None` when it is of another issuer."""
    one = listed.content
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # what cryptography will refuse one day it warns about
            if one.issuer != certificate.issuer:
                return None
            unusable = _why_unusable(listed, [each for each in authorities if each.subject == certificate.issuer])
            if unusable:
                return _unknown(unusable)
            since = _revoked_since(certificate, one)
            return _absence(certificate, one, moment) if since is None else _revoked(since, one, moment)
    except MALFORMED:
        return _unknown("la liste donnée, ou le certificat, est mal formé")


def _unknown(reason: str) -> Revocation:
    return Revocation(etat=Etat.INCONNU, detail=f"{_NOT_CHECKED} : {reason}.")


def _revoked(since: datetime, one: x509.CertificateRevocationList, moment: datetime) -> Revocation:
    """What it means that a list names a certificate."""
    said = f"{since:%d/%m/%Y à %H:%M:%S} UTC (liste du {one.last_update_utc:%d/%m/%Y})"
    if since <= moment:
        return Revocation(etat=Etat.REVOQUE, detail=f"Le certificat est révoqué depuis le {said}.", revoque_le=since)
    detail = f"Le certificat a été révoqué ensuite, le {said}."
    return Revocation(etat=Etat.REVOQUE_APRES, detail=detail, revoque_le=since)


def _absence(certificate: x509.Certificate, one: x509.CertificateRevocationList, moment: datetime) -> Revocation:
    """What it means that a list does not name a certificate."""
    made, ends = one.last_update_utc, one.next_update_utc
    if not is_complete_for(one, certificate):
        reason = "la liste donnée ne porte que sur une partie des certificats de l'autorité"
    elif made > certificate.not_valid_after_utc:
        reason = f"la liste donnée ({made:%d/%m/%Y}) est plus récente que la fin du certificat, qui n'y figure plus"
    elif made < moment and ends is None:
        reason = f"la liste donnée ({made:%d/%m/%Y}) ne dit pas jusqu'à quand elle vaut"
    elif made < moment and ends is not None and ends < moment:
        until = f"{ends:%d/%m/%Y à %H:%M:%S} UTC"
        reason = f"la liste donnée est périmée (faite le {made:%d/%m/%Y}, en vigueur jusqu'au {until})"
    else:
        detail = f"La révocation a été contrôlée : la liste du {made:%d/%m/%Y} ne nomme pas le certificat."
        return Revocation(etat=Etat.VALABLE, detail=detail)
    return _unknown(reason)


def _why_unusable(listed: RevocationList, issuers: Sequence[x509.Certificate]) -> str:
    """Why nothing in this list may be believed (French), empty when it may."""
    one = listed.content
    if not issuers:
        return "l'autorité qui signe la liste donnée n'est pas connue"
    if not isinstance(one.signature_hash_algorithm, _DIGESTS):
        return "la liste donnée est signée avec un algorithme trop faible ou inconnu"
    for each in issuers:
        if each not in listed.signed_by:
            listed.signed_by[each] = _signed(one, each)
    if not any(listed.signed_by[each] for each in issuers):
        return "la liste donnée est fausse, l'autorité dont elle porte le nom ne l'a pas signée"
    return "la liste donnée est d'un genre que fse ne lit pas" if is_indirect(one) else ""


def _signed(one: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    """This authority signed this list, and may sign lists (its key usage, when stated)."""
    try:
        usage = authority.extensions.get_extension_for_class(x509.KeyUsage).value
        if not usage.crl_sign:
            return False
    except x509.ExtensionNotFound:
        pass
    try:
        return one.is_signature_valid(authority.public_key())  # type: ignore[arg-type]  # another kind: TypeError
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False


def _revoked_since(certificate: x509.Certificate, one: x509.CertificateRevocationList) -> datetime | None:
    """From when the list says that this certificate is not to be trusted, `None` when it does not name it."""
    entry = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
    if entry is None:
        return None
    dates = [entry.revocation_date_utc]
    try:
        for extension in entry.extensions:
            if (
                isinstance(extension.value, x509.CRLReason)
                and extension.value.reason is x509.ReasonFlags.remove_from_crl
            ):
                return None
            if isinstance(extension.value, x509.InvalidityDate):
                dates.append(extension.value.invalidity_date_utc)
    except MALFORMED:  # what says more about the entry does not read: it is revoked all the same
        pass
    return min(dates)
