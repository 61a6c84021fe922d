"""`emettre`: waiting invoices to lots, lots to signatures, signed lots to files on the disk.

Transactions of architecture, decision 9: T1 constitutes the lots (number, date, seal, final bytes), T2 records each
signature and, with the last one of a file, the file itself; then the disk; T3 marks the file written. A run that is
stopped anywhere is carried on by the next one from the last transaction: nothing is numbered, signed or sent twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.clock import now
from fse.app.operations.ecriture import FichierEmis, to_hand_over, write_files
from fse.app.operations.fichier import Centre, make_file
from fse.app.operations.practice import Practice
from fse.app.operations.recipients import Recipients, open_recipients, recipient_findings, require_centres
from fse.app.operations.securiser import Securisation, secure_document
from fse.app.operations.states import is_settled, refresh
from fse.app.operations.utilisateurs import require_praticien
from fse.base.dates import from_days, to_days
from fse.base.findings import Finding
from fse.domain.emission.rupture import FactureEnAttente, LotKey, LotPrevu, group_in_lots
from fse.domain.signature.cms import sign_lot
from fse.domain.signature.signer import Signer
from fse.infra.journal import Transaction
from fse.infra.journal.facts import factures, fichiers_emis, lots
from fse.infra.journal.facts.lots import LotRow
from fse.infra.journal.transaction import Reading
from fse.norm.codec import documents
from fse.norm.codec.b2.building import build_lot, count_lines
from fse.norm.model.lot import EnteteLot
from fse.norm.model.saisie import MODES_CERTIFIES, MODES_EN_LOT, DocumentFactures

SignerKey = tuple[str, str]
"""Who signs a lot: its prestataire, and who replaces them ("" when nobody does)."""

Signers = Callable[[str, str], Signer]
"""Opens the signer of a `SignerKey`."""


@dataclass(frozen=True, slots=True)
class Emission:
    """What became of each input document, and the files written, those that an earlier run had left included.

    `constats` are those of no document: the certificates of the recipients that end soon.
    """

    securisations: tuple[Securisation, ...]
    fichiers: tuple[FichierEmis, ...]
    constats: tuple[Finding, ...] = ()


def emettre(
    practice: Practice,
    sortie: Path,
    signers: Signers,
    *,
    entrees: Sequence[bytes] = (),
    le: date | None = None,
    prestataire: str | None = None,
) -> Emission:
    """Secure the documents given, emit every waiting invoice, and finish what an earlier run left.

    `signers` opens the signer of the lots of a prestataire and of who replaces them ("" when nobody does); each is
    opened once, before anything is written or secured. `le` dates the lots and files. A document that is refused does
    not stop the others. With `prestataire`, only the invoices of this one leave: those of the others are secured and
    wait, for their card may not be there.
    Raises `SignatureError` (key), `StorageError` (journal, disk), `UsageError` (`emission.centre_inconnu`, no lot
    number, no file id left).
    """
    today = to_days(practice.day(le))
    given = [documents.read(entree) for entree in entrees]
    named = _to_sign(practice).union(*(_needed(practice.cabinet, document) for document, _ in given))
    if prestataire is not None:
        require_praticien(practice.cabinet, prestataire)
        named = {one for one in named if one[0] == prestataire}
    opened = {one: signers(*one) for one in sorted(named)}
    recipients = open_recipients(practice.cabinet, today)
    require_centres(practice, recipients, opened)
    of_recipients = recipient_findings(practice.cabinet, today)
    securisations = tuple(secure_document(practice, document, constats, le) for document, constats in given)
    _constitute(practice, opened, today)
    _sign(practice, opened, recipients, today)
    with practice.journal.reading() as reading:
        ready = to_hand_over(reading, practice.cabinet, from_days(today))
    written = tuple(write_files(practice, ready.fichiers, sortie, today))
    return Emission(securisations, written, (*of_recipients, *ready.constats))


def _needed(cabinet: Cabinet, document: DocumentFactures | None) -> set[SignerKey]:
    """Whose signature the invoices of a document will need, among the professionals of the practice."""
    saisies = document.factures if document else ()
    return {
        (saisie.facture.prestataire, saisie.remplacant or "")
        for saisie in saisies
        if saisie.mode in MODES_EN_LOT and cabinet.prestataire(saisie.facture.prestataire)
    }


def _to_sign(practice: Practice) -> set[SignerKey]:
    with practice.journal.reading() as reading:
        waiting = {_signer_of(row) for row in factures.waiting(reading)}
        return waiting | {_signer_of(lot) for lot in lots.unsigned_lots(reading)}


def _signer_of(held: factures.FactureRow | LotRow) -> SignerKey:
    return held.prestataire, held.remplacant


def _constitute(practice: Practice, signers: Collection[SignerKey], today: int) -> None:
    """T1: every waiting invoice of these signers enters a lot."""
    with practice.journal.transaction(now()) as transaction:
        rows = [row for row in factures.waiting(transaction) if _signer_of(row) in signers]
        left = lots.left_lots(transaction, [row.numero for row in rows])
        waiting = [_waiting(transaction, row, left.get((row.prestataire, row.numero))) for row in rows]
        for planned in group_in_lots(waiting, taille=practice.cabinet.taille_lot):
            _constitute_lot(practice.cabinet, transaction, planned, today)
        refresh(transaction, [one.numero for one in waiting])


def _waiting(reading: Reading, row: factures.FactureRow, left: lots.LotKey | None) -> FactureEnAttente:
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
            ancien_numero_lot=left.numero_lot if left else 0,
            ancienne_date_lot=left.date_lot if left else 0,
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
        ancien_numero_lot=key.ancien_numero_lot or None,
        ancienne_date_lot=key.ancienne_date_lot or None,
        contenu_lot=transaction.store("lot", content),
    )
    lots.insert_lot(transaction, row, [facture.numero for facture in planned.factures])


def _sign(practice: Practice, signers: Mapping[SignerKey, Signer], recipients: Recipients, today: int) -> None:
    """T2: the signature of each lot; the last one of a centre makes its file."""
    with practice.journal.reading() as reading:
        unsigned = [lot for lot in lots.unsigned_lots(reading) if _signer_of(lot) in signers]
        contents = {lot.key: reading.load(lot.contenu_lot) for lot in unsigned}
    unsigned.sort(key=lambda lot: (lot.type_destinataire, lot.centre, lot.key))
    for index, lot in enumerate(unsigned):
        cms = sign_lot(contents[lot.key], signers[_signer_of(lot)])
        is_last = not any(_centre(other) == _centre(lot) for other in unsigned[index + 1 :])
        with practice.journal.transaction(now()) as transaction:
            lots.sign(transaction, lot.key, cms)
            if is_last:
                _freeze_file(practice.cabinet, transaction, _centre(lot), recipients, today)
    _freeze_left(practice, signers, recipients, today)


def _freeze_left(practice: Practice, signers: Collection[SignerKey], recipients: Recipients, today: int) -> None:
    """Signed lots that no signature will bring into a file any more: the lot that was to be signed last was undone."""
    with practice.journal.reading() as reading:
        awaited = {_centre(lot) for lot in lots.unsigned_lots(reading) if _signer_of(lot) in signers}
        left = {_centre(lot) for lot in lots.lots_without_file(reading)} - awaited
    for centre in sorted(left):
        with practice.journal.transaction(now()) as transaction:
            _freeze_file(practice.cabinet, transaction, centre, recipients, today)


def _centre(lot: LotRow) -> Centre:
    return lot.type_destinataire, lot.centre


def _freeze_file(
    cabinet: Cabinet, transaction: Transaction, centre: Centre, recipients: Recipients, today: int
) -> None:
    signed = [lot for lot in lots.lots_without_file(transaction) if _centre(lot) == centre]
    fichier = make_file(cabinet, transaction, centre, [lot.key for lot in signed], recipients, today)
    fichiers_emis.freeze(transaction, fichier, [lot.key for lot in signed])
