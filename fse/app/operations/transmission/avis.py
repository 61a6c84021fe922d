"""The notices of mail servers about our files (RFC 3464): what was taken over, then not delivered, leaves again."""

from __future__ import annotations

from fse.app.operations.pieces.avis import not_delivered, piece_of
from fse.app.operations.states import refresh
from fse.app.operations.transmission.departs import file_of
from fse.base.findings import Finding, finding
from fse.infra.journal import Transaction
from fse.infra.journal.facts import fichiers_emis, lots
from fse.infra.journal.facts.exchanges import envois
from fse.infra.journal.facts.fichiers_emis import FichierEmisRow
from fse.infra.journal.transaction import Reading
from fse.infra.transport.dsn import Avis


def is_ours(reading: Reading, avis: Avis) -> bool:
    """True when a notice is about a file of this journal, or a supporting document."""
    return _file(reading, avis) is not None or piece_of(reading, avis.identifiant) is not None


def apply_notice(transaction: Transaction, avis: Avis, jour: int) -> Finding | None:
    """Put a file that was not delivered back in the outbox; a file that waits there already stays as it is.

    A notice cannot tell two deliveries of one file apart: they bear one identity. At worst the file leaves once more,
    and its recipient recognises it. `jour` in days. The finding that says what the notice does; `None` when it only
    says that all is well.
    """
    detail = f"{avis.raison[0].upper()}{avis.raison[1:]}."
    fichier = _file(transaction, avis)
    if fichier is None:
        return _document_notice(transaction, avis, detail, jour)
    if avis.action == "delayed":
        return finding("transport.remise_tardive", fichier=fichier.nom)
    if avis.action != "failed":
        return None
    known = envois.attempts(transaction, fichier.emetteur, fichier.identifiant)
    if known and known[-1].resultat == "accepte":
        envois.record(
            transaction,
            fichier.emetteur,
            fichier.identifiant,
            jour=jour,
            resultat="non_remis",
            code=avis.statut,
            detail=detail,
        )
        refresh_file(transaction, fichier)
    return finding("transport.non_remis", fichier=fichier.nom, centre=fichier.centre, detail=detail)


def _document_notice(transaction: Transaction, avis: Avis, detail: str, jour: int) -> Finding | None:
    piece = piece_of(transaction, avis.identifiant)
    if piece is None or avis.action != "failed":
        return None
    not_delivered(transaction, piece, code=avis.statut, detail=detail, jour=jour)
    return finding("transport.piece_non_remise", piece=piece.piece, detail=detail)


def refresh_file(transaction: Transaction, fichier: FichierEmisRow) -> None:
    """Compute the states of the invoices of a file, of which something was just recorded."""
    held = fichiers_emis.lots_of(transaction, fichier.emetteur, fichier.identifiant)
    refresh(transaction, {row.numero for lot in held for row in lots.factures_of(transaction, lot)})


def _file(reading: Reading, avis: Avis) -> FichierEmisRow | None:
    key = file_of(avis.identifiant)
    return None if key is None else fichiers_emis.find_emitted(reading, *key)
