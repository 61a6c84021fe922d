"""Makes a file to send from signed lots: its envelope, its bytes, and their encrypted form when it has recipients."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.recipients import Recipients, unknown_centre
from fse.base.dates import from_days
from fse.domain.signature.envelope import seal_envelope
from fse.infra.journal import Transaction
from fse.infra.journal.facts import fichiers_emis, lots
from fse.infra.journal.facts.fichiers_emis import FichierEmisRow
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.transaction import Reading
from fse.infra.transport.entity import Attachment, build_entity
from fse.norm.codec.b2.building import build_file
from fse.norm.model.lot import EnteteFichier

Centre = tuple[str, str]
"""A computing centre: type of recipient, number."""


def make_file(
    cabinet: Cabinet,
    transaction: Transaction,
    centre: Centre,
    keys: Sequence[LotKey],
    recipients: Recipients,
    today: int,
) -> FichierEmisRow:
    """The file that carries these signed lots to a centre, its bytes kept, ready to be frozen.

    A lot stands in it byte for byte as it was signed, whether it leaves for the first time or again. What is sent is
    decided here once for all: encryption is random, so that the same file must never be encrypted twice.
    Raises `UsageError` (`fichier.identifiants_epuises`; `emission.centre_inconnu`: without its line in the table, what
    is to be encrypted would leave in clear).
    """
    if centre not in recipients:
        raise unknown_centre(centre, f"praticien {keys[0].prestataire}, lot {keys[0].numero_lot:03d}")
    emetteur = cabinet.emetteur.numero.zfill(14)
    identifiant = fichiers_emis.allocate_identifiant(transaction, emetteur, cabinet.plage_fichiers)
    entete = EnteteFichier(
        type_emetteur=cabinet.emetteur.type,
        numero_emetteur=emetteur,
        type_destinataire=centre[0],
        numero_destinataire=centre[1],
        identifiant_fichier=identifiant,
        date_creation=from_days(today),
    )
    content = build_file(entete, [_bytes_of(transaction, key) for key in keys])
    name = fichiers_emis.name_of(emetteur, identifiant)
    attached = [Attachment(f"{name}.b2", content), *signatures(transaction, name, keys)]
    certificates = recipients[centre]
    return FichierEmisRow(
        emetteur=emetteur,
        identifiant=identifiant,
        type_destinataire=centre[0],
        centre=centre[1],
        date_creation=today,
        empreinte=hashlib.sha256(content).hexdigest(),
        canal=cabinet.canal,
        contenu_fichier=transaction.store("fichier", content),
        contenu_enveloppe=transaction.store("enveloppe", seal_envelope(build_entity(attached), certificates))
        if certificates
        else None,
    )


def signatures(reading: Reading, name: str, keys: Sequence[LotKey]) -> list[Attachment]:
    """The detached signatures of the lots of a file, in its order, named after it."""
    return [
        Attachment(f"{name}-{rank:03d}.p7s", lots.signature_of(reading, key) or b"")
        for rank, key in enumerate(keys, start=1)
    ]


def _bytes_of(transaction: Transaction, key: LotKey) -> bytes:
    lot = lots.find_lot(transaction, key)
    assert lot is not None
    return transaction.load(lot.contenu_lot)
