"""Who the files of a practice are encrypted for: the certificates that its destination table names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from cryptography import x509

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.practice import Practice
from fse.base.dates import from_days
from fse.base.errors import SignatureError, UsageError
from fse.base.findings import Finding
from fse.base.french import system_reason
from fse.domain.signature.recipients import expiry_findings, read_certificates, read_recipients
from fse.infra.journal.facts import factures, lots
from fse.infra.journal.facts.factures import FactureRow
from fse.infra.journal.facts.lots import LotRow

Recipients = Mapping[tuple[str, str], tuple[x509.Certificate, ...]]
"""The certificates of each computing centre (type of recipient, number); none for a centre that gave none."""


def open_recipients(cabinet: Cabinet, today: int) -> Recipients:
    """The certificates of the destination table that are valid on a day (days since 1970), by computing centre.

    Raises `SignatureError`: `destinataire.certificat_absent`, and those of `read_recipients`.
    """
    day = from_days(today)
    return {centre: read_recipients(contents, day) for centre, contents in _contents(cabinet)}


def require_centres(practice: Practice, recipients: Recipients, signers: Collection[tuple[str, str]]) -> None:
    """Refuse to number or sign what `make_file` could not put in a file: its centre left the destination table.

    `signers`: whose sheets and lots are about to leave (prestataire, who replaces them). Raises `UsageError`
    (`emission.centre_inconnu`).
    """
    with practice.journal.reading() as reading:
        mine: list[FactureRow | LotRow] = [*factures.waiting(reading), *lots.unsigned_lots(reading)]
        leaving = [one for one in mine if (one.prestataire, one.remplacant) in signers]
        leaving += lots.lots_without_file(reading)
    for one in leaving:
        if (one.type_destinataire, one.centre) not in recipients:
            raise unknown_centre((one.type_destinataire, one.centre), f"praticien {one.prestataire}")


def unknown_centre(centre: tuple[str, str], lieu: str) -> UsageError:
    """A file cannot be made for this centre: whether it is encrypted, and for whom, is not known any more."""
    return UsageError(
        "emission.centre_inconnu",
        f"Des feuilles attendent pour le centre {' '.join(centre)}, qui n'est plus dans les destinations.",
        action="Le remettre dans cabinet.toml jusqu'à ce que ses lots soient reçus.",
        lieu=lieu,
    )


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
