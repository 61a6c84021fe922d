"""`emettre`: waiting invoices to lots, lots to signatures, signed lots to files on the disk.

Transactions of architecture, decision 9: T1 constitutes the lots (number, date, seal, final bytes), T2 records each
signature and, with the last one of a file, the file itself; then the disk; T3 marks the file written. A run that is
stopped anywhere is carried on by the next one from the last transaction: nothing is numbered, signed or sent twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.clock import now
from fse.app.operations.delivery import deliver
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import Securisation, secure_document
from fse.app.operations.states import is_settled, refresh
from fse.app.operations.utilisateurs import require_praticien
from fse.base.dates import from_days, to_days
from fse.domain.emission.rupture import FactureEnAttente, LotKey, LotPrevu, group_in_lots
from fse.domain.signature.cms import sign_lot
from fse.domain.signature.signer import Signer
from fse.infra.journal import Transaction
from fse.infra.journal.facts import factures, fichiers_emis, lots
from fse.infra.journal.facts.fichiers_emis import FichierEcritRow, FichierEmisRow
from fse.infra.journal.facts.lots import LotRow
from fse.infra.journal.transaction import Reading
from fse.norm.codec import documents
from fse.norm.codec.b2.building import build_file, build_lot, count_lines
from fse.norm.model.lot import EnteteFichier, EnteteLot
from fse.norm.model.saisie import MODES_CERTIFIES, MODES_EN_LOT, DocumentFactures


@dataclass(frozen=True, slots=True, kw_only=True)
class LotEmis:
    """A lot of a written file. Amounts in centimes."""

    prestataire: str
    numero_lot: int
    date_lot: date
    organisme_destinataire: str
    factures: tuple[int, ...]
    total_honoraires: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierEmis:
    """A file now on the disk, with the detached signatures of its lots, in its order."""

    chemin: Path
    signatures: tuple[Path, ...]
    centre_informatique: str
    lots: tuple[LotEmis, ...]


@dataclass(frozen=True, slots=True)
class Emission:
    """What became of each input document, and the files written, those that an earlier run had left included."""

    securisations: tuple[Securisation, ...]
    fichiers: tuple[FichierEmis, ...]


def emettre(
    practice: Practice,
    sortie: Path,
    signers: Callable[[str], Signer],
    *,
    entrees: Sequence[bytes] = (),
    le: date | None = None,
    prestataire: str | None = None,
) -> Emission:
    """Secure the documents given, emit every waiting invoice, and finish what an earlier run left.

    `signers` opens the signer of a prestataire; each is opened once, before anything is written or secured. `le`
    dates the lots and files. A document that is refused does not stop the others. With `prestataire`, only the invoices
    of this one leave: those of the others are secured and wait, for their card may not be there.
    Raises `SignatureError` (key), `StorageError` (journal, disk), `UsageError` (no lot number, no file id left).
    """
    today = to_days(practice.day(le))
    given = [documents.read(entree) for entree in entrees]
    named = _to_sign(practice).union(*(_prestataires(practice.cabinet, document) for document, _ in given))
    if prestataire is not None:
        require_praticien(practice.cabinet, prestataire)
        named &= {prestataire}
    opened = {one: signers(one) for one in sorted(named)}
    securisations = tuple(secure_document(practice, document, constats, le) for document, constats in given)
    _constitute(practice, opened, today)
    _sign(practice, opened, today)
    return Emission(securisations, tuple(_write(practice, sortie, today)))


def _prestataires(cabinet: Cabinet, document: DocumentFactures | None) -> set[str]:
    """The professionals of the practice whose signature the invoices of a document will need."""
    saisies = document.factures if document else ()
    asked = {saisie.facture.prestataire for saisie in saisies if saisie.mode in MODES_EN_LOT}
    return {one.numero for one in cabinet.prestataires} & asked


def _to_sign(practice: Practice) -> set[str]:
    with practice.journal.reading() as reading:
        waiting = {row.prestataire for row in factures.waiting(reading)}
        return waiting | {lot.prestataire for lot in lots.unsigned_lots(reading)}


def _constitute(practice: Practice, signers: Collection[str], today: int) -> None:
    """T1: every waiting invoice of these prestataires enters a lot."""
    with practice.journal.transaction(now()) as transaction:
        rows = [row for row in factures.waiting(transaction) if row.prestataire in signers]
        waiting = [_waiting(transaction, row) for row in rows]
        for planned in group_in_lots(waiting, taille=practice.cabinet.taille_lot):
            _constitute_lot(practice.cabinet, transaction, planned, today)
        refresh(transaction, [one.numero for one in waiting])


def _waiting(reading: Reading, row: factures.FactureRow) -> FactureEnAttente:
    assert row.contenu_fse is not None
    frozen = reading.load(row.contenu_fse)
    return FactureEnAttente(
        key=LotKey(
            prestataire=row.prestataire,
            type_destinataire=row.type_destinataire,
            centre_informatique=row.centre,
            organisme_destinataire=row.organisme,
            certification=row.mode if row.mode in MODES_CERTIFIES else "",
            remplacant=row.remplacant,
        ),
        numero=row.numero,
        total_honoraires=row.total_honoraires,
        lignes=count_lines(frozen),
        frozen=frozen,
    )


def _constitute_lot(cabinet: Cabinet, transaction: Transaction, planned: LotPrevu, today: int) -> None:
    key = planned.key
    prestataire = cabinet.prestataire(key.prestataire)
    numero_lot = lots.allocate_numero_lot(
        transaction, key.prestataire, today, lambda lot: is_settled(transaction, lot), cabinet.plage_lots
    )
    entete = EnteteLot(
        prestataire=key.prestataire,
        nom_prestataire=prestataire.nom if prestataire else key.prestataire,
        organisme_destinataire=key.organisme_destinataire,
        numero_lot=numero_lot,
        date_lot=from_days(today),
        certification=key.certification or None,
        marque=cabinet.marque,
        type_facture="F" if key.certification else None,
        remplacant=key.remplacant or None,
    )
    content = build_lot(entete, [facture.frozen for facture in planned.factures])
    row = LotRow(
        prestataire=key.prestataire,
        numero_lot=numero_lot,
        date_lot=today,
        organisme=key.organisme_destinataire,
        type_destinataire=key.type_destinataire,
        centre=key.centre_informatique,
        certification=key.certification,
        remplacant=key.remplacant,
        contenu_lot=transaction.store("lot", content),
    )
    lots.insert_lot(transaction, row, [facture.numero for facture in planned.factures])


def _sign(practice: Practice, signers: Mapping[str, Signer], today: int) -> None:
    """T2: the signature of each lot; the last one of a centre makes its file."""
    with practice.journal.reading() as reading:
        unsigned = [lot for lot in lots.unsigned_lots(reading) if lot.prestataire in signers]
        contents = {lot.key: reading.load(lot.contenu_lot) for lot in unsigned}
    unsigned.sort(key=lambda lot: (lot.type_destinataire, lot.centre, lot.key))
    for index, lot in enumerate(unsigned):
        cms = sign_lot(contents[lot.key], signers[lot.prestataire])
        is_last = not any(_centre(other) == _centre(lot) for other in unsigned[index + 1 :])
        with practice.journal.transaction(now()) as transaction:
            lots.sign(transaction, lot.key, cms)
            if is_last:
                _freeze_file(practice.cabinet, transaction, _centre(lot), today)
    _freeze_left(practice, signers, today)


def _freeze_left(practice: Practice, signers: Collection[str], today: int) -> None:
    """Signed lots that no signature will bring into a file any more: the lot that was to be signed last was undone."""
    with practice.journal.reading() as reading:
        awaited = {_centre(lot) for lot in lots.unsigned_lots(reading) if lot.prestataire in signers}
        left = {_centre(lot) for lot in lots.lots_without_file(reading)} - awaited
    for centre in sorted(left):
        with practice.journal.transaction(now()) as transaction:
            _freeze_file(practice.cabinet, transaction, centre, today)


def _centre(lot: LotRow) -> tuple[str, str]:
    return lot.type_destinataire, lot.centre


def _freeze_file(cabinet: Cabinet, transaction: Transaction, centre: tuple[str, str], today: int) -> None:
    signed = [lot for lot in lots.lots_without_file(transaction) if _centre(lot) == centre]
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
    content = build_file(entete, [transaction.load(lot.contenu_lot) for lot in signed])
    fichiers_emis.freeze(
        transaction,
        FichierEmisRow(
            emetteur=emetteur,
            identifiant=identifiant,
            type_destinataire=centre[0],
            centre=centre[1],
            date_creation=today,
            empreinte=hashlib.sha256(content).hexdigest(),
            contenu_fichier=transaction.store("fichier", content),
        ),
        [lot.key for lot in signed],
    )


def _write(practice: Practice, sortie: Path, today: int) -> Iterable[FichierEmis]:
    """The disk, then T3: signatures first, the file last, so that a file seen is a file complete."""
    with practice.journal.reading() as reading:
        pending = fichiers_emis.to_write(reading)
    for fichier in pending:
        name = f"{fichier.emetteur}-{fichier.identifiant}"
        with practice.journal.reading() as reading:
            keys = fichiers_emis.lots_of(reading, fichier.emetteur, fichier.identifiant)
            contents = {
                sortie / f"{name}-{rank:03d}.p7s": lots.signature_of(reading, key) or b""
                for rank, key in enumerate(keys, start=1)
            }
            signatures = tuple(contents)
            contents[sortie / f"{name}.b2"] = reading.load(fichier.contenu_fichier)
            emitted = tuple(_emitted(reading, key) for key in keys)
        for path, content in contents.items():
            deliver(path, content)
        with practice.journal.transaction(now()) as transaction:
            fichiers_emis.mark_written(
                transaction,
                FichierEcritRow(
                    emetteur=fichier.emetteur,
                    identifiant=fichier.identifiant,
                    nom=f"{name}.b2",
                    ecrit_le=today,
                ),
            )
            refresh(transaction, [numero for lot in emitted for numero in lot.factures])
        yield FichierEmis(
            chemin=sortie / f"{name}.b2",
            signatures=signatures,
            centre_informatique=fichier.centre,
            lots=emitted,
        )


def _emitted(reading: Reading, key: lots.LotKey) -> LotEmis:
    rows = lots.factures_of(reading, key)
    return LotEmis(
        prestataire=key.prestataire,
        numero_lot=key.numero_lot,
        date_lot=from_days(key.date_lot),
        organisme_destinataire=rows[0].organisme,
        factures=tuple(row.numero for row in rows),
        total_honoraires=sum(row.total_honoraires for row in rows),
    )
