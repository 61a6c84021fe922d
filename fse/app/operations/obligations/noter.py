"""`obligation faite`, `obligation sans-objet`: a person says that a duty is done, or has no reason to be."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from fse.app.operations.annuler import resolve
from fse.app.operations.clock import now
from fse.app.operations.obligations.suivi import Obligation, due_of, obligations_of
from fse.app.operations.practice import Practice
from fse.base.dates import to_days
from fse.base.errors import UsageError
from fse.infra.journal.facts.obligations import ObligationFaiteRow, Verdict, close, closed


def noter_obligation(
    practice: Practice,
    numero: int,
    nature: str,
    verdict: Verdict,
    *,
    auteur: str,
    motif: str = "",
    prestataire: str | None = None,
    visibles: Collection[str] | None = None,
    le: date | None = None,
) -> list[Obligation]:
    """Close the duties of a nature that an invoice gave rise to.

    Raises `UsageError`: `obligation.inconnue`, `obligation.close`, `obligation.motif`, those of `resolve`.
    """
    if verdict == "sans_objet" and not motif.strip():
        raise UsageError(
            "obligation.motif",
            "Une obligation ne devient pas sans objet sans que l'on dise pourquoi.",
            action="Donner le motif, sans nommer personne.",
        )
    today = practice.day(le)
    with practice.journal.transaction(now()) as transaction:
        who = resolve(transaction, numero, prestataire, visibles)
        place = f"facture {numero:09d}, praticien {who}"
        named = [
            one
            for one in due_of(transaction, practice.cabinet, today)
            if (one.prestataire, one.numero, one.nature) == (who, numero, nature)
        ]
        if not named:
            raise UsageError(
                "obligation.inconnue",
                "Cette facture n'a pas donné lieu à cette obligation, ou elle est levée.",
                action="Voir fse obligation suivre --toutes.",
                lieu=place,
            )
        known = closed(transaction)
        still = [one for one in named if one.key not in known]
        if not still:
            row = known[named[0].key]
            raise UsageError(
                "obligation.close",
                f"Cette obligation est déjà close, par {row.auteur}.",
                action="Il n'y a rien à faire.",
                lieu=place,
            )
        for one in still:
            close(
                transaction,
                ObligationFaiteRow(
                    prestataire=one.prestataire,
                    racine=one.racine,
                    nature=one.nature,
                    rang=one.rang,
                    numero=one.numero,
                    verdict=verdict,
                    motif=motif.strip(),
                    auteur=auteur,
                    faite_le=to_days(today),
                ),
            )
        return [
            one
            for one in obligations_of(transaction, practice.cabinet, today)
            if (one.prestataire, one.numero, one.nature) == (who, numero, nature)
        ]
