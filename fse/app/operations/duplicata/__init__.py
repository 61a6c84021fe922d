"""`duplicata`: the paper that replaces a sheet which could not be transmitted, written and recorded.

Nothing lost, nothing doubled. The document is put on the disk, then recorded, in one transaction: refused or failed, it
leaves neither. Killed between the two, it leaves a file that nothing holds yet, and the sheet still among those to deal
with: were it recorded first, a kill would leave a sheet that has "left on paper" and no paper. The same command again
finishes: the same facts make the same bytes, and a file already there with the same bytes is done. After the record, it
finds that duplicate by what it says and writes it again under its own rank; a second one has another reason, day,
author or way, and is marked so.

Source: S4 art. 62.2 (A-30 to A-33).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from fse.app.operations.actes.redaction import author_and_reason
from fse.app.operations.clock import now
from fse.app.operations.delivery import PRIVATE, deliver
from fse.app.operations.duplicata.contenu import Demande, Duplicata, compose
from fse.app.operations.duplicata.controle import check_way, sheet_to_duplicate, waiting_files
from fse.app.operations.journal.lectures import record_reading
from fse.app.operations.practice import Practice
from fse.app.operations.states import refresh
from fse.base.dates import to_days
from fse.base.errors import UsageError
from fse.infra.journal.facts.exchanges import duplicatas
from fse.infra.journal.facts.exchanges.duplicatas import DuplicataRow, Voie
from fse.infra.journal.transaction import Reading

__all__ = ["Duplicata", "DuplicataEdite", "Rendu", "Voie", "duplicata"]

Rendu = Callable[[Duplicata], bytes]
"""Makes the document, the same bytes for the same duplicate: `fse.app.reports.duplicata` has those of `fse`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicataEdite:
    """What was made. `deja_edite` when it was recorded before and is only written again; `empreinte` is the SHA-256
    (hex) of the document. `retenus`: files that hold the sheet, did not leave, and will not: their other sheets need a
    duplicate too. Nothing personal.
    """

    prestataire: str
    numero: int
    rang: int
    numero_lot: int
    date_lot: date
    motif: str
    voie: Voie
    patient_signe: bool
    auteur: str
    edite_le: date
    chemin: Path
    empreinte: str
    deja_edite: bool
    retenus: tuple[str, ...]


def duplicata(
    practice: Practice,
    numero: int,
    sortie: Path,
    rendu: Rendu,
    *,
    motif: str,
    voie: Voie,
    auteur: str,
    patient_signe: bool = True,
    prestataire: str | None = None,
    visibles: Collection[str] | None = None,
    le: date | None = None,
) -> DuplicataEdite:
    """Write the duplicate of a sheet to `sortie`, names and NIR in clear (a reading that is noted), and record it.

    `voie`: who gets it, "caisse" or "patient"; `patient_signe` false when it says that the insured could not sign.
    `visibles` are the prestataires that the user sees, `None` for all.
    Raises `UsageError`: those of `sheet_to_duplicate`, `check_way`, `compose` and `author_and_reason`,
    `duplicata.entre_temps` when the sheet changed meanwhile; `StorageError` (`sortie.differente`, `sortie.impossible`).
    """
    who, why = author_and_reason(auteur, motif)
    demande = Demande(motif=why, voie=voie, patient_signe=patient_signe, auteur=who, le=practice.day(le))
    with practice.journal.reading() as reading:
        document, _ = _document(reading, practice, numero, prestataire, visibles, demande)
    billed_by = document.prestataire.numero
    record_reading(practice, numero, auteur=who, commande="duplicata", prestataire=billed_by)
    content = rendu(document)
    with practice.journal.transaction(now()) as transaction:
        meanwhile, known = _document(transaction, practice, numero, billed_by, None, demande)
        if meanwhile != document:
            raise UsageError(
                "duplicata.entre_temps",
                "Cette feuille a changé pendant l'édition : rien n'a été écrit ni enregistré.",
                action="Recommencer.",
                lieu=f"facture {numero:09d}",
            )
        deliver(sortie, content, PRIVATE)
        row = _row(document, content)
        if not known:
            duplicatas.record(transaction, row)
            refresh(transaction, [numero])
        waiting = tuple(waiting_files(transaction, row))
    return DuplicataEdite(
        prestataire=row.prestataire,
        numero=numero,
        rang=row.rang,
        numero_lot=row.numero_lot,
        date_lot=document.date_lot,
        motif=why,
        voie=voie,
        patient_signe=patient_signe,
        auteur=who,
        edite_le=demande.le,
        chemin=sortie,
        empreinte=row.empreinte,
        deja_edite=known,
        retenus=waiting,
    )


def _document(
    reading: Reading,
    practice: Practice,
    numero: int,
    prestataire: str | None,
    visibles: Collection[str] | None,
    demande: Demande,
) -> tuple[Duplicata, bool]:
    """The duplicate, and whether it is one that was recorded before."""
    row, lot = sheet_to_duplicate(reading, practice.cabinet, numero, prestataire, visibles, demande.le)
    check_way(row, demande)
    known = [one.rang for one in duplicatas.of_invoice(reading, row.prestataire, numero) if _says(one, demande)]
    rang = known[0] if known else duplicatas.next_rank(reading, row.prestataire, numero)
    return compose(reading, practice.cabinet, row, lot, rang, demande), bool(known)


def _says(row: DuplicataRow, demande: Demande) -> bool:
    """Whether a recorded duplicate is the one that is asked."""
    return (row.motif, row.voie, bool(row.patient_signe), row.auteur, row.edite_le) == (
        *(demande.motif, demande.voie, demande.patient_signe, demande.auteur),
        to_days(demande.le),
    )


def _row(document: Duplicata, content: bytes) -> DuplicataRow:
    demande = document.demande
    return DuplicataRow(
        prestataire=document.prestataire.numero,
        numero=document.numero,
        rang=document.rang,
        numero_lot=document.numero_lot,
        date_lot=to_days(document.date_lot),
        motif=demande.motif,
        voie=demande.voie,
        patient_signe=int(demande.patient_signe),
        auteur=demande.auteur,
        edite_le=to_days(demande.le),
        empreinte=sha256(content).hexdigest(),
    )
