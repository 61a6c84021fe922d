"""Everything that can pass between a practice and its payers, recorded once: the rows that the proof must know.

The recipient's certificate and key are made here, by hand, so that `openssl` alone can judge what was sealed.
"""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from fse.app.operations.emettre import emettre
from fse.app.operations.fichier import make_file
from fse.app.operations.practice import Practice
from fse.app.operations.recipients import open_recipients
from fse.app.operations.states import refresh
from fse.base.dates import to_days
from fse.infra.journal import Transaction
from fse.infra.journal.facts import fichiers_emis, fichiers_recus, lots
from fse.infra.journal.facts.exchanges import courriers, duplicatas, envois, incidents, pieces, relances
from fse.infra.journal.facts.exchanges.courriers import CourrierLuRow
from fse.infra.journal.facts.exchanges.duplicatas import DuplicataRow
from fse.infra.journal.facts.fichiers_recus import AccuseRow, FichierRecuRow
from fse.norm.codec.arl.building import build
from fse.norm.model.accuse import AccuseLot, FichierAccuse
from tests.app.cabinet import CABINET, JOUR, PRESTATAIRE, document, facture, new_practice, reopen, signer, write_cabinet

ENVOI = '\n[envoi]\ngenre = "repertoire"\ndossier = "oct"\n'
SEALED = CABINET.replace('type_destinataire = "CT"', 'type_destinataire = "CT"\ncertificats = ["caisse.pem"]') + ENVOI
CLEAR = CABINET + ENVOI
ACCUSE = JOUR + timedelta(days=1)


@cache
def recipient() -> tuple[bytes, bytes]:
    """The certificate of the computing centre and its private key (PEM)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CENTRE D'ESSAI")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1)
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(
        datetime(2079, 1, 1, tzinfo=UTC)
    )
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    return certificate, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def folder_practice(folder: Path, *, sealed: bool = True) -> Practice:
    """A practice that sends by a folder, to a centre that has a certificate or has none."""
    return by_folder(new_practice(folder), sealed=sealed)


def by_folder(practice: Practice, *, sealed: bool = True) -> Practice:
    """The same practice, opened again, that sends by a folder from now on."""
    folder = practice.cabinet.folder
    practice.close()
    (folder / "caisse.pem").write_bytes(recipient()[0])
    write_cabinet(folder, SEALED if sealed else CLEAR)
    return reopen(folder)


def emit(practice: Practice, *factures: str, le: date = JOUR) -> str:
    """Secure these sheets and freeze the file that carries them; its id."""
    entree = document(*(factures or (facture("V-1"), facture("V-2", patient=1), facture("V-3", patient=2))))
    (fichier,) = emettre(
        practice, practice.cabinet.folder / "envoi", lambda *_: signer(), entrees=[entree], le=le
    ).fichiers
    return fichier.chemin.stem.split("-")[1]


def attempt(practice: Practice, identifiant: str, resultat: envois.Resultat, le: date, code: str = "") -> None:
    """Say what came of sending a file."""
    emetteur = practice.cabinet.emetteur.numero.zfill(14)
    with _writing(practice, le) as transaction:
        envois.record(
            transaction, emetteur, identifiant, jour=to_days(le), resultat=resultat, code=code, detail="Essai."
        )
        held = fichiers_emis.lots_of(transaction, emetteur, identifiant)
        refresh(transaction, [row.numero for lot in held for row in lots.factures_of(transaction, lot)])


def send(practice: Practice, identifiant: str, le: date = JOUR) -> None:
    """The file leaves."""
    attempt(practice, identifiant, "accepte", le)


def lot_of(practice: Practice, numero: int) -> lots.LotKey:
    """The live lot of an invoice."""
    with practice.journal.reading() as reading:
        lot = lots.lot_of(reading, PRESTATAIRE, numero)
    assert lot is not None
    return lot.key


def acknowledge(practice: Practice, numero: int, sens: str = "P", *, fautive: int = 0, le: date = ACCUSE) -> str:
    """The payer acknowledges the lot of an invoice; the digest of the ARL."""
    lot = lot_of(practice, numero)
    said = {"cause": "0101", "libelle": "LOT ALTERE", "numero_facture": fautive or None} if sens == "N" else {}
    content = build(
        FichierAccuse(
            type_emetteur="CT",
            numero_emetteur="998",
            type_destinataire="TP",
            numero_destinataire=PRESTATAIRE,
            identifiant_fichier=f"{lot.numero_lot:06d}",
            date_creation=le,
            marque="T",
            accuses=(
                AccuseLot(
                    prestataire=PRESTATAIRE,
                    numero_lot=lot.numero_lot,
                    date_lot=JOUR,
                    organisme_destinataire="998",
                    fichier_accuse="000001",
                    sens=sens,
                    date_accuse=le,
                    **said,
                ),
            ),
        )
    )
    digest = hashlib.sha256(content).hexdigest()
    with _writing(practice, le) as transaction:
        row = FichierRecuRow(
            empreinte=digest,
            famille="arl",
            emetteur="CT998",
            destinataire=f"TP{PRESTATAIRE}",
            identifiant=f"{lot.numero_lot:06d}",
            date_creation=to_days(le),
            marque="T",
            contenu_archive=transaction.store("recu", content),
            recu_le=to_days(le),
            verdict="recu",
            motif=None,
            conteneur_empreinte=digest,
            octet=0,
        )
        accuse = AccuseRow(
            rang=2,
            prestataire=PRESTATAIRE,
            numero_lot=lot.numero_lot,
            date_lot=lot.date_lot,
            identifiant_fichier="000001",
            sens="N" if sens == "N" else "P",
            cause=str(said.get("cause") or ""),
            libelle=str(said.get("libelle") or ""),
            numero_facture=fautive,
            date_accuse=to_days(le),
            recu_le=to_days(le),
        )
        fichiers_recus.insert_received(transaction, row, [accuse])
        refresh(transaction, [one.numero for one in lots.factures_of(transaction, lot)])
    return digest


def resend(practice: Practice, numero: int, le: date) -> str:
    """The lot of an invoice leaves again in a new file; its id."""
    key = lot_of(practice, numero)
    with _writing(practice, le) as transaction:
        lot = lots.find_lot(transaction, key)
        assert lot is not None
        recipients = open_recipients(practice.cabinet, to_days(le))
        file = make_file(
            practice.cabinet, transaction, (lot.type_destinataire, lot.centre), [key], recipients, to_days(le)
        )
        relances.send_again(transaction, key, file, motif="sans_accuse", le=to_days(le))
        refresh(transaction, [one.numero for one in lots.factures_of(transaction, key)])
    return file.identifiant


def free_the_others(practice: Practice, numero: int, le: date) -> None:
    """The lot of an invoice was refused for it: the others wait for a new one."""
    key = lot_of(practice, numero)
    with _writing(practice, le) as transaction:
        held = [one.numero for one in lots.factures_of(transaction, key)]
        relances.free_the_others(transaction, key, numero, motif="accuse_negatif", le=to_days(le))
        refresh(transaction, held)


def print_duplicate(practice: Practice, numero: int, le: date) -> None:
    """A duplicate replaces a sheet."""
    key = lot_of(practice, numero)
    with _writing(practice, le) as transaction:
        row = DuplicataRow(
            prestataire=PRESTATAIRE,
            numero=numero,
            rang=duplicatas.next_rank(transaction, PRESTATAIRE, numero),
            numero_lot=key.numero_lot,
            date_lot=key.date_lot,
            motif="second échec de l'envoi",
            voie="caisse",
            patient_signe=0,
            auteur="essai",
            edite_le=to_days(le),
            empreinte="d" * 64,
        )
        duplicatas.record(transaction, row)
        refresh(transaction, [numero])


def fetch(practice: Practice, data: bytes, le: date, *, read: bool = True) -> str:
    """A message comes, and is read or not yet; the id of its content."""
    digest = hashlib.sha256(data).hexdigest()
    with _writing(practice, le) as transaction:
        row = courriers.keep(transaction, digest, data, source="pop3s://127.0.0.1/cabinet", le=to_days(le))
        if read:
            known = CourrierLuRow(empreinte=digest, verdict="lu", motif="", lu_le=to_days(le))
            courriers.mark_read(transaction, known)
    return row.contenu_courrier


def fail(practice: Practice, le: date, *, nature: str = "carte", code: str = "carte.retiree") -> None:
    """A failure that is of no file."""
    with _writing(practice, le) as transaction:
        incidents.record(transaction, nature=nature, code=code, detail="La carte a été retirée.", jour=to_days(le))


def exchange(practice: Practice) -> None:
    """One fact of each kind, in a practice of which a file left and waits for its acknowledgement."""
    first = emit(practice, facture("E-1"), facture("E-2", patient=1), facture("E-3", patient=2))
    with practice.journal.reading() as reading:
        numeros = [
            one.numero
            for one in lots.factures_of(reading, fichiers_emis.lots_of(reading, f"{PRESTATAIRE:0>14}", first)[0])
        ]
    attempt(practice, first, "differe", JOUR, "451")
    send(practice, first)
    acknowledge(practice, numeros[0], "N", fautive=numeros[2])
    send(practice, resend(practice, numeros[0], ACCUSE), ACCUSE)
    free_the_others(practice, numeros[2], ACCUSE)
    print_duplicate(practice, numeros[2], ACCUSE)
    fetch(practice, b"Subject: ARL\r\n\r\nrien", ACCUSE)
    fail(practice, ACCUSE)
    with _writing(practice, ACCUSE) as transaction:
        data, day = b"%PDF-1.7 essai", to_days(ACCUSE)
        piece = pieces.deposit(
            transaction,
            PRESTATAIRE,
            numeros[0],
            nature="ordonnance",
            data=data,
            empreinte=hashlib.sha256(data).hexdigest(),
            reprend=None,
            auteur="essai",
            le=day,
        )
        pieces.follow(transaction, piece.piece, "echec", jour=day, code="451", detail="Essai.")
        pieces.follow(transaction, piece.piece, "envoyee", jour=day)


def _writing(practice: Practice, le: date) -> AbstractContextManager[Transaction]:
    """A transaction at noon of a day."""
    return practice.journal.transaction(datetime(le.year, le.month, le.day, 12, tzinfo=UTC))
