"""Verification of a lot's signature: is it intact (here), is the signer proved (`trust`, `revocation`). CMS: pyHanko.

pyHanko is slow to import and optional: it is asked for inside the functions. Its low-level functions are used rather
than `async_validate_cms_signature`, because integrity and trust must be told apart whatever the chain holds, and
because that one logs. Whatever the bytes are, the answer is a `Verdict`: sizes are bounded, nothing is fetched, and
no exception of the libraries leaves these modules.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from fse.base.errors import UsageError
from fse.base.resources import require
from fse.domain.signature.revocation import Revocation, RevocationList, revocation_at
from fse.domain.signature.trust import EXTRA, UnprovedError, find_path, read_anchors, typed
from fse.domain.signature.verdict import Etat, Status, Verdict

MAX_CMS = 65_536  # bytes; a signature with its chain takes 2 to 8 kB
MAX_CERTIFICATES = 6  # joined to one CMS, where 3 are usual: the paths to try grow as the factorial (0.2 s at 6)
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_NOT_CHECKED = "La révocation du certificat n'a pas été contrôlée."
_GRAVITY = (Etat.REVOQUE, Etat.REVOQUE_APRES, Etat.INCONNU, Etat.VALABLE)


class _RefusedError(Exception):
    """Why integrity is not established, in French."""


def verify_lot(
    payload: bytes,
    cms: bytes,
    anchors: Sequence[bytes] | None,
    lists: Sequence[RevocationList] = (),
) -> Verdict:
    """Judge `cms` (detached, DER) over `payload`, the bytes of records 1 to 6 of one lot.

    `anchors` are the certificates that the caller trusts, PEM (one or several) or DER each. They are trusted as such:
    their own validity is not judged (RFC 5280 6.1.1 d). The chain is judged at the time that the signer declares
    inside the signature, not at today's date: a lot signed while its certificate was valid stays proved when the
    certificate expires. That time is the signer's word; the caller compares `signe_le` with what it knows.

    `lists` are the revocation lists known (`fse.domain.signature.lists.read_lists`); each certificate from the
    signer's up to the anchor is looked up, at the signing time too. Revoked then or before: not proved. Revoked since:
    still proved, and said. A list that cannot tell is said. Without lists, revocation is not checked.

    Raises `SignatureError` `signature.ancre_illisible` when an anchor is no certificate; nothing else. Without the
    extra `verification` the verdict is `non_verifiee`.
    """
    try:
        general = require("pyhanko.sign.general", extra=EXTRA)
        roots = read_anchors(anchors or ())
    except UsageError as missing:
        return Verdict(status=Status.NON_VERIFIEE, detail=f"{missing.message} {missing.action}")
    signataire = ""
    try:
        signed_data = _parse(cms)
        certificates = general.extract_certificate_info(signed_data)
        signataire = _display_name(certificates.signer_cert)
        signer_info = general.extract_signer_info(signed_data)
        _check_integrity(payload, signed_data, signer_info, certificates.signer_cert)
        signe_le = _declared_time(signer_info)
    except _RefusedError as refusal:
        return Verdict(status=Status.INVALIDE, detail=str(refusal), signataire=signataire)
    except Exception:  # the parsers raise almost anything on hostile bytes
        detail = "La signature n'est pas un CMS détaché lisible, fait par un seul signataire."
        return Verdict(status=Status.INVALIDE, detail=detail, signataire=signataire)
    status, detail, revocation = _judge_signer(certificates, roots, signe_le, lists)
    return Verdict(status=status, detail=detail, signataire=signataire, signe_le=signe_le, revocation=revocation)


def _parse(cms: bytes) -> Any:
    """The SignedData of these bytes. Raises `_RefusedError`, or whatever asn1crypto raises."""
    if len(cms) > MAX_CMS:
        raise _RefusedError(f"La signature dépasse {MAX_CMS} octets : elle n'a pas été lue.")
    content = require("asn1crypto.cms", extra=EXTRA).ContentInfo.load(cms, strict=True)
    if content["content_type"].native != "signed_data":
        raise _RefusedError("Ce CMS n'est pas une signature.")
    signed_data = content["content"]
    encapsulated = signed_data["encap_content_info"]
    if encapsulated["content_type"].native != "data" or encapsulated["content"].native is not None:
        raise _RefusedError("La signature n'est pas détachée du lot : elle contient elle-même des données.")
    if len(signed_data["certificates"]) > MAX_CERTIFICATES:
        raise _RefusedError(f"La signature porte plus de {MAX_CERTIFICATES} certificats.")
    return signed_data


def _check_integrity(payload: bytes, signed_data: Any, signer_info: Any, certificate: Any) -> None:
    """Return when this key signed these bytes, with algorithms that can tell; raise `_RefusedError` otherwise."""
    generic_cms = require("pyhanko.sign.validation.generic_cms", extra=EXTRA)
    policy = require("pyhanko.sign.validation.utils", extra=EXTRA).DEFAULT_ALGORITHM_USAGE_POLICY
    digest_algorithm, algorithm = signer_info["digest_algorithm"], signer_info["signature_algorithm"]
    digest_name = digest_algorithm["algorithm"].native
    chosen = _DIGESTS.get(digest_name)
    bare = type(digest_algorithm)({"algorithm": digest_name})  # without the optional NULL, which counts in comparisons
    if (
        chosen is None
        or not policy.signature_algorithm_allowed(algorithm, moment=None, public_key=certificate.public_key)
        or not policy.digest_combination_allowed(algorithm, bare, moment=None)
    ):
        raise _RefusedError("La signature emploie un algorithme trop faible ou inconnu : elle ne prouve rien.")
    generic_cms.extract_certs_for_validation(signed_data)  # the signing-certificate attribute, when there is one
    digest = hashes.Hash(chosen)
    digest.update(payload)
    intact, valid = generic_cms.validate_sig_integrity(signer_info, certificate, "data", digest.finalize())
    if not intact:
        raise _RefusedError("Le lot n'est pas celui qui a été signé : il a changé, ou la signature est d'un autre lot.")
    if not valid:
        raise _RefusedError("La signature est fausse : elle n'a pas été faite par la clé du certificat joint.")


def _declared_time(signer_info: Any) -> datetime | None:
    """The signing time among the signed attributes, or nothing when it is absent, double or without a zone."""
    generic_cms = require("pyhanko.sign.validation.generic_cms", extra=EXTRA)
    found = generic_cms.extract_self_reported_ts(signer_info)
    return found if isinstance(found, datetime) and found.utcoffset() is not None else None


def _judge_signer(
    certificates: Any,
    roots: list[Any],
    signe_le: datetime | None,
    lists: Sequence[RevocationList],
) -> tuple[Status, str, Etat | None]:
    """Status, French reason and revocation for an intact lot."""
    if not roots:
        detail = "Le lot est intact ; aucune ancre n'a été donnée, le signataire n'est pas prouvé."
        return Status.SANS_ANCRE, f"{detail} {_NOT_CHECKED}", None
    try:
        if signe_le is None:
            raise UnprovedError("la signature ne dit pas quand elle a été faite")
        path = find_path(certificates.signer_cert, certificates.other_certs, roots, signe_le)
    except UnprovedError as reason:
        detail = f"Le lot est intact ; le signataire n'est pas prouvé : {reason}."
        return Status.NON_PROUVEE, f"{detail} {_NOT_CHECKED}", None
    revocation, said = _revocation(path, roots, signe_le, lists)
    moment = f"{signe_le:%d/%m/%Y à %H:%M:%S} UTC"
    if revocation is Etat.REVOQUE:
        detail = f"Le lot est intact ; le signataire n'est pas prouvé : révoqué à l'heure qu'il déclare ({moment})."
        return Status.REVOQUEE, f"{detail} {said}", revocation
    detail = f"Le lot est intact ; le signataire est prouvé, à l'heure qu'il déclare ({moment})."
    return Status.PROUVEE, f"{detail} {said}", revocation


def _revocation(
    path: Sequence[x509.Certificate],
    roots: list[Any],
    signe_le: datetime,
    lists: Sequence[RevocationList],
) -> tuple[Etat | None, str]:
    """The gravest of what the lists say of a path, from the signer to the anchor, which nobody revokes; in French."""
    if not lists:
        return None, _NOT_CHECKED
    authorities = [*path[1:], *typed(roots)]
    answers = [revocation_at(one, lists, authorities, signe_le) for one in path[:-1] or path]
    gravest = min(answers, key=lambda one: _GRAVITY.index(one.etat))
    said = answers[0].detail if gravest.etat is answers[0].etat else _of_authority(answers[0], gravest)
    if gravest.etat is Etat.REVOQUE_APRES:
        said += " Seule l'heure que la signature déclare dit qu'elle est plus ancienne : rien ne l'atteste."
    return gravest.etat, said


def _of_authority(signer: Revocation, authority: Revocation) -> str:
    """What the lists say of the signer, then of an authority between it and the anchor."""
    return f"{signer.detail} Pour une autorité intermédiaire : {authority.detail[:1].lower()}{authority.detail[1:]}"


def _display_name(certificate: Any) -> str:
    """The common name of the subject, else the whole subject: printable characters only, 80 at most."""
    found = certificate.subject.native.get("common_name", certificate.subject.human_friendly)
    text = found if isinstance(found, str) else ", ".join(found)
    return "".join(character for character in text if character.isprintable())[:80]
