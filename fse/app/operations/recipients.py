"""Who the files of a practice are encrypted for: the certificates that its destination table names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cryptography import x509

from fse.app.operations.cabinet import Cabinet
from fse.base.dates import from_days
from fse.base.errors import SignatureError
from fse.base.findings import Finding
from fse.base.french import system_reason
from fse.domain.signature.recipients import expiry_findings, read_certificates, read_recipients

Recipients = Mapping[tuple[str, str], tuple[x509.Certificate, ...]]
"""The certificates of each computing centre (type of recipient, number); none for a centre that gave none."""


def open_recipients(cabinet: Cabinet, today: int) -> Recipients:
    """The certificates of the destination table that are valid on a day (days since 1970), by computing centre.

    Raises `SignatureError`: `destinataire.certificat_absent`, and those of `read_recipients`.
    """
    day = from_days(today)
    return {centre: read_recipients(contents, day) for centre, contents in _contents(cabinet)}


def recipient_findings(cabinet: Cabinet, today: int) -> tuple[Finding, ...]:
    """What is to be said of the dates of these certificates: none valid, the last one ending soon, one ended.

    Raises `SignatureError`: `destinataire.certificat_absent`, and those of `read_certificates`.
    """
    day = from_days(today)
    return tuple(
        one
        for (kind, number), contents in _contents(cabinet)
        for one in expiry_findings(f"{kind} {number}", read_certificates(contents), day)
    )


def _contents(cabinet: Cabinet) -> Iterator[tuple[tuple[str, str], dict[str, bytes]]]:
    """The certificate files of each computing centre of the destination table, by name."""
    for centre in {(one.type_destinataire, one.centre_informatique): None for one in cabinet.destinations}:
        names = {name: None for one in cabinet.centres(*centre) for name in one.certificats}
        yield centre, {name: _content(cabinet, name) for name in names}


def _content(cabinet: Cabinet, name: str) -> bytes:
    try:
        return (cabinet.folder / name).read_bytes()
    except OSError as error:
        raise SignatureError(
            "destinataire.certificat_absent",
            f"Le certificat du destinataire ne peut pas être lu : {system_reason(error)}.",
            action="Vérifier son chemin dans cabinet.toml (destinations, certificats).",
            lieu=name,
        ) from error
