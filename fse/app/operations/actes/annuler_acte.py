"""`annuler-acte`: takes acts back. They stay in the journal, with who took them back and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from fse.app.operations.actes.cibles import find_line
from fse.app.operations.actes.pose import ActesPoses, record
from fse.app.operations.actes.redaction import author_and_reason
from fse.app.operations.banque.rattachement import prove_acts
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.states import Block
from fse.base.dates import to_days
from fse.base.errors import UsageError
from fse.infra.journal.facts.actes import ActeRow, find_acte, next_acte
from fse.infra.journal.transaction import Reading

_BOOKS_NOTHING = frozenset({"creance_rattachee", "classement", "preuve_bancaire"})
"""The genres of act that no state of an invoice follows from."""


def annuler_acte(
    practice: Practice, actes: Sequence[int], *, motif: str, auteur: str, le: date | None = None
) -> ActesPoses:
    """Annul these acts, all or none: everything is again as if they had not been done.

    Raises `UsageError` (`acte.inconnu`, `acte.annulation`: what annuls is not annulled, `acte.deja_annule`).
    """
    who, why = author_and_reason(auteur, motif)
    today = to_days(practice.day(le))
    with practice.journal.transaction(now()) as transaction:
        meant = [_act(transaction, acte) for acte in actes]
        rows = [
            ActeRow(
                acte=next_acte(transaction),
                genre="annulation_acte",
                auteur=who,
                motif=why,
                pose_le=today,
                vise=one.acte,
            )
            for one in meant
        ]
        done = record(transaction, rows, {block for one in meant for block in _blocks(transaction, one)})
        prove_acts(transaction, meant)
        return done


def _act(reading: Reading, acte: int) -> ActeRow:
    found = find_acte(reading, acte)
    if found is None:
        raise UsageError(
            "acte.inconnu",
            "Aucun acte ne porte ce numéro.",
            action="Le retrouver par fse actes.",
            lieu=f"acte n° {acte}",
        )
    if found.genre == "annulation_acte":
        raise UsageError(
            "acte.annulation",
            f"Cet acte annule l'acte n° {found.vise} : une annulation ne s'annule pas.",
            action=f"Refaire l'acte n° {found.vise} s'il convenait.",
            lieu=f"acte n° {acte}",
        )
    return found


def _blocks(reading: Reading, acte: ActeRow) -> Iterator[Block]:
    """What an act touches: its invoice, and the block where the line that it attached belongs by itself."""
    if acte.genre in _BOOKS_NOTHING:
        return
    if acte.numero is not None:
        yield acte.numero, ""
    if acte.fichier is not None:
        line = find_line(reading, f"{acte.fichier}:{acte.rang}")
        yield line.numero, line.hors_numero
