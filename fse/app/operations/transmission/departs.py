"""What a file is when it leaves: a message with a fixed identity, or files for a folder; and what keeps it here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.fichier import signatures
from fse.app.operations.transmission.interdits import forbidden
from fse.app.operations.transmission.voies import DOMAINE, Colis
from fse.base.dates import from_days
from fse.base.findings import Finding, finding
from fse.infra.journal.facts import fichiers_emis
from fse.infra.journal.facts.fichiers_emis import FichierEmisRow
from fse.infra.journal.transaction import Reading
from fse.infra.transport.entity import Attachment

_MESSAGE_ID = re.compile(
    rf"<(?P<emetteur>[0-9A-Za-z]+)\.(?P<fichier>[0-9]{{6}})\.(?P<marque>[TD])@{re.escape(DOMAINE)}>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Depart:
    """A file ready to leave, and how it does: encrypted it is one `.p7m`, in clear its signatures then its `.b2`, so
    that a file seen is a file complete.
    """

    fichier: FichierEmisRow
    colis: Colis


def message_id(fichier: FichierEmisRow, marque: str) -> str:
    """The Message-ID of a file, with its brackets: the same at each sending, so that a repetition is recognised."""
    return f"<{fichier.emetteur}.{fichier.identifiant}.{marque}@{DOMAINE}>"


def file_of(identifiant: str, marque: str) -> tuple[str, str] | None:
    """The sender and the file id that a Message-ID of ours names, of this marking."""
    ours = _MESSAGE_ID.fullmatch(identifiant)
    return (ours["emetteur"], ours["fichier"]) if ours and ours["marque"] == marque else None


def obstacle(cabinet: Cabinet, reading: Reading, fichier: FichierEmisRow) -> Finding | None:
    """Why this file cannot leave as `cabinet.toml` says today; known before anything is tried."""
    held_back = forbidden(reading, fichier)
    if held_back or cabinet.canal != "courriel":
        return held_back
    if fichier.contenu_enveloppe is None:
        return finding("transport.fichier_en_clair", fichier=fichier.nom)
    if not _address(cabinet, fichier):
        return finding("transport.sans_adresse", fichier=fichier.nom, centre=fichier.centre)
    return None


def prepare(cabinet: Cabinet, reading: Reading, fichier: FichierEmisRow) -> Depart:
    """The file with its frozen bytes."""
    name = fichier.nom
    if fichier.contenu_enveloppe is not None:
        pieces = [Attachment(f"{name}.p7m", reading.load(fichier.contenu_enveloppe))]
    else:
        held = fichiers_emis.lots_of(reading, fichier.emetteur, fichier.identifiant)
        pieces = signatures(reading, name, held)
        pieces.append(Attachment(f"{name}.b2", reading.load(fichier.contenu_fichier)))
    colis = Colis(
        sujet=f"FSE {fichier.emetteur} {fichier.identifiant} {cabinet.marque}",
        identifiant=message_id(fichier, cabinet.marque),
        date=from_days(fichier.date_creation),
        adresse=_address(cabinet, fichier),
        fichiers=tuple(pieces),
    )
    return Depart(fichier=fichier, colis=colis)


def _address(cabinet: Cabinet, fichier: FichierEmisRow) -> str:
    """The address of a computing centre: all the lines that lead to it give the same one (`cabinet.transport`)."""
    ways = cabinet.centres(fichier.type_destinataire, fichier.centre)
    return ways[0].adresse if ways else ""
