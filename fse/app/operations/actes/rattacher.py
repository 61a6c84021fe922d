"""`rattacher`: a return line attached to an invoice by hand."""

from __future__ import annotations

from datetime import date

from fse.app.operations.actes.cibles import find_line, sent_invoice
from fse.app.operations.actes.pose import ActesPoses, record
from fse.app.operations.actes.redaction import author_and_reason
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.base.dates import to_days
from fse.base.errors import UsageError
from fse.infra.journal.facts.actes import ActeRow, next_acte
from fse.infra.journal.facts.lignes import LigneRow


def rattacher(
    practice: Practice,
    ligne: str,
    facture: int,
    *,
    motif: str,
    auteur: str,
    prestataire: str | None = None,
    le: date | None = None,
) -> ActesPoses:
    """Attach a return line, named as `suivi` prints it, to the invoice of this number; its own match gives way.

    Raises `UsageError`: those of `find_line` and `sent_invoice`, `acte.deja_rapprochee` (the line is already matched
    with this invoice), `acte.deja_pose` (it is already attached by hand).
    """
    who, why = author_and_reason(auteur, motif)
    with practice.journal.transaction(now()) as transaction:
        line = find_line(transaction, ligne)
        owner = sent_invoice(transaction, facture, prestataire)
        _refuse_same(line, owner, facture)
        row = ActeRow(
            acte=next_acte(transaction),
            genre="rattachement",
            auteur=who,
            motif=why,
            pose_le=to_days(practice.day(le)),
            prestataire=owner,
            numero=facture,
            fichier=line.fichier,
            rang=line.rang,
        )
        return record(transaction, [row], {(line.numero, line.hors_numero), (facture, "")})


def _refuse_same(line: LigneRow, prestataire: str, numero: int) -> None:
    if line.politique != "manuelle" and (line.prestataire, line.facture) == (prestataire, numero):
        raise UsageError(
            "acte.deja_rapprochee",
            "Cette ligne est déjà rapprochée de cette facture, sans qu'on l'y rattache.",
            action="Il n'y a rien à faire.",
            lieu=f"facture {numero:09d}",
        )
