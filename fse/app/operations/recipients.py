"""Who the files of a practice are encrypted for: the certificates that its destination table names."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography import x509

from fse.app.operations.cabinet import Cabinet
from fse.base.dates import from_days
from fse.base.errors import SignatureError
from fse.base.french import system_reason
from fse.domain.signature.envelope import read_recipients

Recipients = Mapping[tuple[str, str], tuple[x509.Certificate, ...]]
"""The certificates of each computing centre (type of recipient, number); none for a centre that gave none."""


def open_recipients(cabinet: Cabinet, today: int) -> Recipients:
    """The certificates of the destination table that are valid on a day (days since 1970), by computing centre.

    Raises `SignatureError`: `destinataire.certificat_absent`, and those of `read_recipients`.
    """
    found: dict[tuple[str, str], tuple[x509.Certificate, ...]] = {}
    for destination in cabinet.destinations:
        centre = (destination.type_destinataire, destination.centre_informatique)
        if centre not in found:
            names = {name for one in cabinet.centres(*centre) for name in one.certificats}
            found[centre] = read_recipients({name: _content(cabinet, name) for name in names}, from_days(today))
    return found


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
