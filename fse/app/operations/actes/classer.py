"""`classer`: says that what the worklist shows of the returns was seen and asks for nothing more. It books nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from fse.app.operations.actes.cibles import find_place
from fse.app.operations.actes.pose import ActesPoses, record
from fse.app.operations.actes.redaction import author_and_reason
from fse.app.operations.banque.rattachement import asks_something
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.states import ask_cabinet, ask_parameters
from fse.base.dates import to_days
from fse.base.errors import UsageError
from fse.domain.reconciliation import statements
from fse.infra.engines import of
from fse.infra.journal.facts.actes import ActeRow, next_acte
from fse.infra.journal.transaction import Reading


def classer(
    practice: Practice, designations: Sequence[str], *, motif: str, auteur: str, le: date | None = None
) -> ActesPoses:
    """Put these away, all or none: return lines, transfers and lines of an account as `suivi` names them, files set
    aside by their digest.

    Raises `UsageError`: those of `find_place`, `acte.rien_a_classer` (the worklist asks nothing of it),
    `acte.deja_pose`.
    """
    who, why = author_and_reason(auteur, motif)
    today = practice.day(le)
    with practice.journal.transaction(now()) as transaction:
        ask_cabinet(transaction)
        ask_parameters(transaction, to_days(today), practice.cabinet.delai_sans_retour)
        places = [find_place(transaction, designation) for designation in designations]
        tasks = [_task(transaction, *place) for place in places]
        rows = [
            ActeRow(
                acte=next_acte(transaction),
                genre="classement",
                auteur=who,
                motif=why,
                pose_le=to_days(today),
                prestataire=task.get("prestataire") or None,
                numero=task.get("numero") or None,
                fichier=fichier,
                rang=rang,
            )
            for (fichier, rang), task in zip(places, tasks, strict=True)
        ]
        done = record(transaction, rows, ())  # refuses first what is put away already, and is a task no more
        for designation, place, task in zip(designations, places, tasks, strict=True):
            if place[1] and not task and not asks_something(transaction, practice.cabinet, today, *place):
                raise _needless(designation)
        return done


def _task(reading: Reading, fichier: str, rang: int) -> dict[str, Any]:
    """What the worklist asks about this place, empty when nothing: the engine narrows the query before it computes."""
    query = statements.query("suivi")
    sql = f"SELECT q.prestataire, q.numero FROM ({query.sql}) AS q WHERE q.fichier = '{fichier}' AND q.rang = {rang:d}"
    return next(iter(of(reading.connection).rows(sql)), {})


def _needless(designation: str) -> UsageError:
    return UsageError(
        "acte.rien_a_classer",
        "Le suivi ne demande rien de cette ligne ni de ce virement.",
        action="Il n'y a rien à faire.",
        lieu=designation,
    )
