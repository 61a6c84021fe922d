"""What brings files to the simulated caisse and back: mail messages, and envelopes put in a folder. The profile is ours
(docs/transport.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import PurePath

from cryptography import x509

from fse.app.caisse.courrier import Depot, Rendu
from fse.app.caisse.month import Envoi
from fse.domain.signature.envelope import seal_envelope
from fse.infra.transport.entity import Attachment, build_entity
from fse.infra.transport.message import Courrier, build_clear_message, build_sealed_message, read_message
from fse.infra.transport.unpacking import read_entity

Opener = Callable[[bytes], bytes]
"""Opens an envelope (CMS) of the caisse. Raises `SignatureError`."""

_B2, _P7S = ".b2", ".p7s"
_CMS = b"\x30"
"""What envelopes start with, DER or BER, and no message does."""


def open_message(contenu: bytes, ouvrir: Opener) -> list[Depot]:
    """The B2 files of a mail message, or of an envelope that a folder held, each with its signatures.

    Raises what `ouvrir` raises, and `UnreadableError` (`courrier.illisible`, `courrier.trop_gros`).
    """
    if contenu.startswith(_CMS):
        return list(_depots(read_entity(ouvrir(contenu))))
    message = read_message(contenu)
    inside = [one for sealed in message.enveloppes for one in read_entity(ouvrir(sealed.contenu))]
    return list(_depots([*message.pieces, *inside]))


def as_envelope(rendu: Rendu, certificates: Sequence[x509.Certificate]) -> Attachment:
    """The file encrypted for the practice, as it is put in a folder (`<nom>.p7m`). Random: the bytes always differ."""
    sealed = seal_envelope(build_entity([Attachment(rendu.nom, rendu.contenu)]), certificates)
    return Attachment(f"{rendu.nom}.p7m", sealed)


def as_message(
    rendu: Rendu,
    certificates: Sequence[x509.Certificate],
    *,
    expediteur: str,
    destinataire: str,
    le: datetime,
) -> bytes:
    """The message that brings the file, encrypted when there are certificates. Its Message-ID is that of the file.

    Raises `UsageError` (`courrier.adresse`, `courrier.en_tete`).
    """
    courrier = Courrier(
        expediteur=expediteur,
        destinataire=destinataire,
        sujet=f"FSE {rendu.emetteur} {rendu.identifiant} {rendu.marque}",
        identifiant=f"<{rendu.nom}@caisse.invalid>",
        date=le,
    )
    if not certificates:
        return build_clear_message(courrier, [Attachment(rendu.nom, rendu.contenu)])
    sealed = as_envelope(rendu, certificates)
    return build_sealed_message(courrier, sealed.nom, sealed.contenu)


def _depots(pieces: Sequence[Attachment]) -> Iterator[Depot]:
    """Each file with the signatures that are named after it, by the rank of their lot."""
    for one in pieces:
        if PurePath(one.nom).suffix.lower() == _B2:
            stem = one.nom[: -len(_B2)]
            signatures = {rank: each.contenu for each in pieces if (rank := _rank(each.nom, stem))}
            yield Depot(nom=one.nom, envoi=Envoi(one.contenu, signatures))


def _rank(nom: str, stem: str) -> int:
    """The ordinal of the lot that a signature is of, from 1; 0 when it is not one of this file."""
    middle = nom[len(stem) : -len(_P7S)]
    named = nom.startswith(f"{stem}-") and nom.lower().endswith(_P7S)
    return int(middle[1:]) if named and len(middle) == 4 and middle[1:].isascii() and middle[1:].isdigit() else 0
