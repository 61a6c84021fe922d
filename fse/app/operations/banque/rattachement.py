"""`rattacher … --virement`: a movement of the account said by hand to be a transfer; and what is put away by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fse.app.operations.actes.cibles import find_movement, find_transfer
from fse.app.operations.actes.pose import ActesPoses, record
from fse.app.operations.actes.redaction import author_and_reason
from fse.app.operations.banque.preuves import prove
from fse.app.operations.banque.suivi import ask_bank
from fse.app.operations.cabinet import Cabinet
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.states import answer, ask_cabinet, ask_files
from fse.base.dates import to_days
from fse.base.errors import UsageError
from fse.domain.reconciliation import statements
from fse.infra.engines import of
from fse.infra.journal import Transaction
from fse.infra.journal.facts.actes import ActeRow, next_acte
from fse.infra.journal.facts.releves import MouvementRow
from fse.infra.journal.transaction import Reading

GENRE = "preuve_bancaire"


def rattacher_virement(
    practice: Practice, ligne: str, virement: str, *, motif: str, auteur: str, le: date | None = None
) -> ActesPoses:
    """Say that a movement of the account is a transfer, both as `suivi` names them; any other match gives way.

    Raises `UsageError`: those of `find_movement` and `find_transfer`, `acte.autre_compte` (who is paid by this transfer
    is not paid on this account), `acte.deja_pose` (the movement is attached by hand already).
    """
    who, why = author_and_reason(auteur, motif)
    with practice.journal.transaction(now()) as transaction:
        movement = find_movement(transaction, ligne)
        fichier, rang = find_transfer(transaction, virement)
        _refuse_account(practice.cabinet, transaction, movement, (fichier, rang))
        row = ActeRow(
            acte=next_acte(transaction),
            genre="preuve_bancaire",
            auteur=who,
            motif=why,
            pose_le=to_days(practice.day(le)),
            fichier=movement.fichier,
            rang=movement.rang,
            fichier_virement=fichier,
            rang_virement=rang,
        )
        done = record(transaction, [row], ())
        prove_acts(transaction, [row])
        return done


def prove_acts(transaction: Transaction, actes: Iterable[ActeRow]) -> None:
    """Compute again what acts about the account touch."""
    touched = {
        fichier
        for acte in actes
        if acte.genre == GENRE
        for fichier in (acte.fichier, acte.fichier_virement)
        if fichier is not None
    }
    if touched:
        prove(transaction, touched)


def asks_something(reading: Reading, cabinet: Cabinet, today: date, fichier: str, rang: int) -> bool:
    """True when the bank asks something of this movement, or of this transfer."""
    ask_bank(reading, cabinet, today)
    ask_cabinet(reading)
    ask_files(reading, [fichier])
    query = statements.query("mouvements_banque")
    unknown = of(reading.connection).rows(
        f"SELECT q.nature FROM ({query.sql}) AS q WHERE q.fichier = '{fichier}' AND q.rang = {rang:d}"
    )
    if any(row["nature"] not in ("", "autre") for row in unknown):
        return True
    return any(
        row["rang"] == rang and row["nature"].startswith("virement_") for row in answer(reading, "virements_banque")
    )


def _refuse_account(cabinet: Cabinet, reading: Reading, movement: MouvementRow, place: tuple[str, int]) -> None:
    ask_files(reading, [place[0]])
    [transfer] = [row for row in answer(reading, "controle_virement") if row["rang"] == place[1]]
    paid = {numero for one in cabinet.comptes if one.numero == movement.compte for numero in cabinet.payes_sur(one)}
    if transfer["beneficiaire"] not in paid:
        raise UsageError(
            "acte.autre_compte",
            "Ce virement est pour un prestataire qui n'est pas payé sur ce compte.",
            action="Vérifier les deux désignations ; sinon, le dire dans [[comptes]] de cabinet.toml.",
            lieu=f"praticien {transfer['beneficiaire'] or 'illisible'}",
        )
