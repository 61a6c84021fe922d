"""What a file is when it leaves: a message with a fixed identity, or files for a folder; and what keeps it here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fse.app.operations.cabinet import Cabinet
from fse.base.findings import Finding, finding
from fse.infra.journal.facts import fichiers_emis, lots
from fse.infra.journal.facts.exchanges import envois
from fse.infra.journal.facts.fichiers_emis import FichierEmisRow
from fse.infra.journal.transaction import Reading
from fse.infra.transport.entity import Attachment

_DOMAIN = "fse.invalid"
_MESSAGE_ID = re.compile(rf"<(?P<emetteur>[0-9A-Za-z]+)\.(?P<fichier>[0-9]{{6}})\.[TD]@{re.escape(_DOMAIN)}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Depart:
    """A file ready to leave. `pieces` are what a folder takes, in the order of their deposit: encrypted it is one
    `.p7m`, in clear its signatures then its `.b2`, so that a file seen is a file complete. Mail takes the `.p7m`.
    """

    fichier: FichierEmisRow
    adresse: str
    pieces: tuple[Attachment, ...]

    @property
    def nom(self) -> str:
        return name_of(self.fichier)


def name_of(fichier: FichierEmisRow) -> str:
    """How a file is called, without extension: on the disk, in messages, in findings."""
    return f"{fichier.emetteur}-{fichier.identifiant}"


def message_id(fichier: FichierEmisRow, marque: str) -> str:
    """The Message-ID of a file, with its brackets: the same at each sending, so that a repetition is recognised.

    The name of the machine is not in it; `.invalid` never exists (RFC 2606).
    """
    return f"<{fichier.emetteur}.{fichier.identifiant}.{marque}@{_DOMAIN}>"


def file_of(identifiant: str) -> tuple[str, str] | None:
    """The sender and the file id that a Message-ID of ours names."""
    ours = _MESSAGE_ID.fullmatch(identifiant)
    return (ours["emetteur"], ours["fichier"]) if ours else None


def obstacle(cabinet: Cabinet, reading: Reading, fichier: FichierEmisRow) -> Finding | None:
    """Why this file cannot leave as `cabinet.toml` says today; known before anything is tried.

    Its bytes are frozen: what one of its sheets forbids, it forbids to all.
    """
    on_paper = envois.sheets_on_paper(reading, fichier.emetteur, fichier.identifiant)
    if on_paper:
        numeros = ", ".join(f"{numero:09d}" for numero in on_paper)
        return finding("transport.feuilles_sur_papier", fichier=name_of(fichier), numeros=numeros)
    if cabinet.canal != "courriel":
        return None
    if fichier.contenu_enveloppe is None:
        return finding("transport.fichier_en_clair", fichier=name_of(fichier))
    if not _address(cabinet, fichier):
        return finding("transport.sans_adresse", fichier=name_of(fichier), centre=fichier.centre)
    return None


def prepare(cabinet: Cabinet, reading: Reading, fichier: FichierEmisRow) -> Depart:
    """The file with its frozen bytes."""
    name = name_of(fichier)
    if fichier.contenu_enveloppe is not None:
        pieces = [Attachment(f"{name}.p7m", reading.load(fichier.contenu_enveloppe))]
    else:
        held = fichiers_emis.lots_of(reading, fichier.emetteur, fichier.identifiant)
        pieces = [
            Attachment(f"{name}-{rank:03d}.p7s", lots.signature_of(reading, key) or b"")
            for rank, key in enumerate(held, start=1)
        ]
        pieces.append(Attachment(f"{name}.b2", reading.load(fichier.contenu_fichier)))
    return Depart(fichier=fichier, adresse=_address(cabinet, fichier), pieces=tuple(pieces))


def _address(cabinet: Cabinet, fichier: FichierEmisRow) -> str:
    """The address of a computing centre: all the lines that lead to it give the same one (`cabinet.transport`)."""
    ways = cabinet.centres(fichier.type_destinataire, fichier.centre)
    return ways[0].adresse if ways else ""
