"""Facts about the files we write: their bytes (frozen before they are written), their lots, and that they are written.

A file is frozen in one transaction with its last signature, then written, then marked: what is frozen and not marked
is written again after a stop, from the same bytes (architecture, decision 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import exists, insert

from fse.base.errors import UsageError
from fse.base.plages import FICHIERS, Plage
from fse.infra.journal.events import Genre
from fse.infra.journal.facts import compteurs, rows
from fse.infra.journal.facts.lots import LotKey, signature_of
from fse.infra.journal.schema.fact_tables import fichier_ecrit, fichier_emis, fichier_lot
from fse.infra.journal.transaction import Reading, Transaction

_KEY = ("emetteur", "identifiant")


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierEmisRow:
    """A file to send, frozen. `empreinte`: SHA-256 (hex) of its bytes; `contenu_fichier`: the id they are kept under.

    `emetteur` is the sender's number, `identifiant` its file id as the envelope writes it, `date_creation` in days.
    `canal` is how fse sends it: "courriel", "repertoire", "" when someone else does. `contenu_enveloppe` is the id of
    its encrypted form, `None` when the recipient gave no certificate.
    """

    emetteur: str
    identifiant: str
    type_destinataire: str
    centre: str
    date_creation: int
    empreinte: str
    canal: str = ""
    contenu_fichier: str
    contenu_enveloppe: str | None = None

    @property
    def nom(self) -> str:
        return name_of(self.emetteur, self.identifiant)


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierEcritRow:
    """That a file is written, under which name, on which day (days)."""

    emetteur: str
    identifiant: str
    nom: str
    ecrit_le: int


def name_of(emetteur: str, identifiant: str) -> str:
    """How a file is called, without extension: on the disk, in messages, in findings."""
    return f"{emetteur}-{identifiant}"


def allocate_identifiant(transaction: Transaction, emetteur: str, plage: Plage = FICHIERS) -> str:
    """The next file id of a sender, 6 digits, in the range of this workstation; one that served never serves again.

    Raises `UsageError` (`fichier.identifiants_epuises`) past the end of the range: six digits are a million files.
    """
    name = compteurs.of_fichiers(emetteur)
    compteurs.raise_to(transaction, name, plage.premier - 1)
    while (ordinal := transaction.allocate(name)) <= plage.dernier:
        identifiant = f"{ordinal:06d}"
        if find_emitted(transaction, emetteur, identifiant) is None:
            return identifiant
    raise UsageError(
        "fichier.identifiants_epuises",
        f"Cet émetteur n'a plus de numéro de fichier libre de {plage}.",
        action="Donner un autre numéro d'émetteur dans cabinet.toml."
        if plage == FICHIERS
        else "Réserver à ce poste une plage de fichiers plus haute, dans [poste] de cabinet.toml.",
        lieu=f"émetteur {emetteur}",
    )


def freeze(transaction: Transaction, fichier: FichierEmisRow, lots: Sequence[LotKey]) -> None:
    """Record a file and its lots, in their order; nothing is on the disk yet.

    A lot may stand in several files: a resend changes neither its bytes nor its signature (architecture, decision 16).
    Raises `UsageError` (`fichier.lot_non_signe`, `fichier.identite_prise`), `ValueError` on a file without lots.
    """
    if not lots:
        raise ValueError("a file holds at least one lot")
    if find_emitted(transaction, fichier.emetteur, fichier.identifiant) is not None:
        raise UsageError(
            "fichier.identite_prise",
            "Un fichier de cet émetteur porte déjà ce numéro : la caisse prendrait le second pour une répétition.",
            action="Lancer fse journal verifier : il dit quel compteur est en retard.",
            lieu=f"fichier {fichier.nom}",
        )
    for key in lots:
        if signature_of(transaction, key) is None:
            raise UsageError(
                "fichier.lot_non_signe",
                "Un lot de ce fichier n'est pas signé.",
                action="Signer ce lot, puis relancer l'émission.",
                lieu=f"praticien {key.prestataire}, lot {key.numero_lot:03d}",
            )
    rows.write(transaction.connection, fichier_emis, transaction.cabinet, fichier)
    place = {"cabinet": transaction.cabinet, "emetteur": fichier.emetteur, "identifiant": fichier.identifiant}
    transaction.connection.execute(
        insert(fichier_lot), [place | {"ordre": ordre} | asdict(key) for ordre, key in enumerate(lots, start=1)]
    )


def to_write(reading: Reading) -> list[FichierEmisRow]:
    """Files that are frozen and not marked as written, in the order of their ids."""
    written = exists().where(rows.same(fichier_ecrit, fichier_emis, *_KEY))
    query = rows.query(fichier_emis, FichierEmisRow, reading.cabinet).where(~written)
    return rows.read_all(
        reading.connection, FichierEmisRow, query.order_by(fichier_emis.c.emetteur, fichier_emis.c.identifiant)
    )


def find_emitted(reading: Reading, emetteur: str, identifiant: str) -> FichierEmisRow | None:
    """The file of this sender and id."""
    query = rows.query(fichier_emis, FichierEmisRow, reading.cabinet)
    query = query.where(fichier_emis.c.emetteur == emetteur, fichier_emis.c.identifiant == identifiant)
    return rows.read_one(reading.connection, FichierEmisRow, query)


def lots_of(reading: Reading, emetteur: str, identifiant: str) -> list[LotKey]:
    """The lots of a file, in its order."""
    here = fichier_lot.c
    query = rows.query(fichier_lot, LotKey, reading.cabinet)
    query = query.where(here.emetteur == emetteur, here.identifiant == identifiant).order_by(here.ordre)
    return rows.read_all(reading.connection, LotKey, query)


def mark_written(transaction: Transaction, ecrit: FichierEcritRow) -> None:
    """Record that a frozen file, signatures included, is on the disk, and its event.

    Raises `ValueError` when no such file is frozen.
    """
    fichier = find_emitted(transaction, ecrit.emetteur, ecrit.identifiant)
    if fichier is None:
        raise ValueError("a file is frozen before it is written")
    rows.write(transaction.connection, fichier_ecrit, transaction.cabinet, ecrit)
    lots = [asdict(key) for key in lots_of(transaction, ecrit.emetteur, ecrit.identifiant)]
    transaction.event(Genre.FICHIER_ECRIT, asdict(fichier) | asdict(ecrit) | {"lots": lots})
