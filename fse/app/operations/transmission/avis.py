"""The notices of mail servers about our files (RFC 3464): what was taken over, then not delivered, leaves again."""

from __future__ import annotations

from fse.app.operations.pieces.avis import not_delivered, piece_of
from fse.app.operations.states import refresh
from fse.app.operations.transmission.departs import file_of
from fse.base.findings import Finding, finding
from fse.infra.journal import Transaction
from fse.infra.journal.facts import fichiers_emis, lots
from fse.infra.journal.facts.exchanges import envois
from fse.infra.journal.facts.exchanges.transmissions import of_lots
from fse.infra.journal.facts.fichiers_emis import FichierEmisRow
from fse.infra.journal.transaction import Reading
from fse.infra.transport.dsn import Avis


def is_ours(reading: Reading, avis: Avis, marque: str) -> bool:
    """True when a notice is about a file of this journal, or a supporting document; `marque` that of the practice."""
    return _file(reading, avis, marque) is not None or piece_of(reading, avis.identifiant, marque) is not None


def apply_notice(transaction: Transaction, avis: Avis, marque: str, jour: int) -> Finding | None:
    """Put a file that was not delivered back in the outbox; a file that waits there already stays as it is.

    Anybody can write a notice, and it may come late: it undoes nothing that the payer, or a decision taken since, says
    otherwise. It cannot tell two deliveries of one file apart: they bear one identity. At worst the file leaves once
    more, and its recipient recognises it. `jour` in days. The finding that says what the notice does; `None` when it
    only says that all is well.
    """
    detail = f"{avis.raison[0].upper()}{avis.raison[1:]}."
    fichier = _file(transaction, avis, marque)
    if fichier is None:
        return _document_notice(transaction, avis, marque, detail, jour)
    if avis.action == "delayed":
        return finding("transport.remise_tardive", fichier=fichier.nom)
    if avis.action != "failed":
        return None
    if _is_overtaken(transaction, fichier):
        return finding("transport.non_remis_depasse", fichier=fichier.nom, detail=detail)
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


def _is_overtaken(reading: Reading, fichier: FichierEmisRow) -> bool:
    """True when the payer answered this file, has one of its lots, or one was given up since: it must not leave again.

    What else it holds and did not arrive leaves again on its own, once its acknowledgement is missing.
    """
    held = of_lots(reading, fichiers_emis.lots_of(reading, fichier.emetteur, fichier.identifiant))
    return any(
        one.lot.repondu
        or "relot" in one.decisions
        or any(said.sens == "P" or said.identifiant_fichier == fichier.identifiant for said in one.accuses)
        for one in held
    )


def _document_notice(transaction: Transaction, avis: Avis, marque: str, detail: str, jour: int) -> Finding | None:
    piece = piece_of(transaction, avis.identifiant, marque)
    if piece is None or avis.action != "failed":
        return None
    not_delivered(transaction, piece, code=avis.statut, detail=detail, jour=jour)
    return finding("transport.piece_non_remise", piece=piece.piece, detail=detail)


def refresh_file(transaction: Transaction, fichier: FichierEmisRow) -> None:
    """Compute the states of the invoices of a file, of which something was just recorded."""
    held = fichiers_emis.lots_of(transaction, fichier.emetteur, fichier.identifiant)
    refresh(transaction, {row.numero for lot in held for row in lots.factures_of(transaction, lot)})


def _file(reading: Reading, avis: Avis, marque: str) -> FichierEmisRow | None:
    key = file_of(avis.identifiant, marque)
    return None if key is None else fichiers_emis.find_emitted(reading, *key)
