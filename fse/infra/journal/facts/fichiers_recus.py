"""Facts about the logical files that came back: booked, or set aside with the reason. Each adds its own event.

A logical file is known by the SHA-256 of its bytes: the same again is nothing new. Two files of one identity (sender,
recipient, file id, creation date) and two digests contradict each other: the second is set aside (architecture,
decision 7). Deciding that is the caller's; refusing to book both is the journal's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import insert

from fse.infra.journal.events import Genre
from fse.infra.journal.facts import rows
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.schema.fact_tables import accuse, assure_retour, fichier_recu
from fse.infra.journal.transaction import Reading, Transaction

_EVENTS = {"recu": Genre.FICHIER_RECU, "ecarte": Genre.FICHIER_ECARTE}


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierRecuRow:
    """A logical file received. `empreinte`: SHA-256 (hex) of its bytes; `conteneur_empreinte` and `octet` (0-based):
    the file that held it and where. Days for dates; 0 or `""` when the envelope does not say.

    `motif` is the code of the finding that set it aside, `None` when it was booked. `contenu_archive` is `None` when
    the bytes are not kept (a real return in a test journal).
    """

    empreinte: str
    famille: str
    emetteur: str
    destinataire: str
    identifiant: str
    date_creation: int
    marque: str
    contenu_archive: str | None
    recu_le: int
    verdict: Literal["recu", "ecarte"]
    motif: str | None
    conteneur_empreinte: str
    octet: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuseRow:
    """One lot acknowledged by an ARL: `sens` P or N, `cause` and `libelle` why it is refused, `numero_facture` the
    invoice at fault (0: none is named). `identifiant_fichier` is the file that it answers, `rang` the rank of its
    record in the ARL. Days for dates.
    """

    rang: int
    prestataire: str
    numero_lot: int
    date_lot: int
    identifiant_fichier: str
    sens: Literal["P", "N"]
    cause: str
    libelle: str
    numero_facture: int
    date_accuse: int
    recu_le: int


def find_digest(reading: Reading, empreinte: str) -> FichierRecuRow | None:
    """The logical file of this digest, booked or set aside."""
    query = rows.query(fichier_recu, FichierRecuRow, reading.cabinet)
    return rows.read_one(reading.connection, FichierRecuRow, query.where(fichier_recu.c.empreinte == empreinte))


def find_digests(reading: Reading, debut: str) -> list[FichierRecuRow]:
    """The logical files whose digest starts so (hexadecimal digits), booked or set aside."""
    here = fichier_recu.c
    query = rows.query(fichier_recu, FichierRecuRow, reading.cabinet).where(here.empreinte.startswith(debut))
    return rows.read_all(reading.connection, FichierRecuRow, query.order_by(here.empreinte))


def find_identity(
    reading: Reading, emetteur: str, destinataire: str, identifiant: str, date_creation: int
) -> FichierRecuRow | None:
    """The booked file of this identity."""
    here = fichier_recu.c
    query = rows.query(fichier_recu, FichierRecuRow, reading.cabinet).where(
        here.emetteur == emetteur,
        here.destinataire == destinataire,
        here.identifiant == identifiant,
        here.date_creation == date_creation,
        here.verdict == "recu",
    )
    return rows.read_one(reading.connection, FichierRecuRow, query)


def received_files(reading: Reading) -> list[FichierRecuRow]:
    """Every logical file received, oldest first."""
    query = rows.query(fichier_recu, FichierRecuRow, reading.cabinet)
    return rows.read_all(
        reading.connection, FichierRecuRow, query.order_by(fichier_recu.c.recu_le, fichier_recu.c.empreinte)
    )


def insert_received(transaction: Transaction, fichier: FichierRecuRow, accuses: Sequence[AccuseRow] = ()) -> None:
    """Record a logical file with its verdict, the acknowledgements that it holds when it is an ARL, and its event.

    Raises `StorageError` (`journal.contrainte`) when its digest, or its identity if booked, is already there.
    """
    rows.write(transaction.connection, fichier_recu, transaction.cabinet, fichier)
    if accuses:
        owner = {"cabinet": transaction.cabinet, "fichier": fichier.empreinte}
        transaction.connection.execute(insert(accuse), [owner | asdict(one) for one in accuses])
    listed = {"accuses": [{"fichier": fichier.empreinte} | asdict(one) for one in accuses]} if accuses else {}
    transaction.event(_EVENTS[fichier.verdict], asdict(fichier) | listed)


def acknowledgements(reading: Reading, lot: LotKey) -> list[AccuseRow]:
    """What was acknowledged of a lot, oldest first."""
    here = accuse.c
    query = rows.query(accuse, AccuseRow, reading.cabinet).where(
        here.prestataire == lot.prestataire, here.numero_lot == lot.numero_lot, here.date_lot == lot.date_lot
    )
    order = (here.date_accuse, here.recu_le, here.fichier, here.rang)
    return rows.read_all(reading.connection, AccuseRow, query.order_by(*order))


def insert_insured(transaction: Transaction, fichier: str, insured: Mapping[int, str]) -> None:
    """Keep the fingerprint of the insured of each line of a file: rank of the line → NIR. Whoever has none is left out.

    They only serve to suggest an invoice for a line that names none: nothing is booked on them.
    """
    rows = []
    for rang, nir in insured.items():
        try:
            fingerprint = transaction.coffre.fingerprint(nir)
        except ValueError:  # a NIR of another length names nobody
            continue
        if fingerprint is not None:
            rows.append(
                {"cabinet": transaction.cabinet, "fichier": fichier, "rang_ligne": rang, "nir_empreinte": fingerprint}
            )
    if rows:
        transaction.connection.execute(insert(assure_retour), rows)
