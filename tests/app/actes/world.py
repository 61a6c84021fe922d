"""A practice whose sheets have left, returns that name their invoices badly, and all that acts may change in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.states import rebuild
from fse.app.operations.suivi import suivi
from fse.norm.codec.noemie.building import build
from fse.norm.model import AssureRetour, FactureRetour, MouvementRetour, PartRetour, TypeRetour
from tests.app.emitted import Rows, derived, receive, retour, rows

AUTEUR, MOTIF = "marie", "vu au téléphone avec la caisse"
SIGNED = {"auteur": AUTEUR, "motif": MOTIF}
LATER = date(2026, 10, 12)
REFERENCE = "IND0000042"

STORED = ("ligne_retour", "part_retour", "virement", "creance_retour")
"""Stored relations that no act may touch."""

(GROUPE,) = retour().groupes
(KIND,) = GROUPE.retours


def answering(identifiant: str, *factures: FactureRetour) -> bytes:
    """A return of this file id that answers these invoices only."""
    kind = replace(KIND, factures=factures)
    return build(replace(retour(), identifiant_fichier=identifiant, groupes=(replace(GROUPE, retours=(kind,)),)))


def answer_to(numero: int, *parts: PartRetour) -> FactureRetour:
    """The answer to invoice 1 under another number, or with other parts."""
    first = KIND.factures[0]
    return replace(first, numero_facture=numero, parts=parts or first.parts)


def misnumbered(assure: AssureRetour | None = None) -> bytes:
    """The answer to invoice 1, alone, under a number that no invoice has; `assure`: the insured that it names."""
    return answering("PERDU1", replace(answer_to(999), assure=assure))


def unnumbered(assure: AssureRetour | None = None) -> bytes:
    """The same with a blank in place of the number."""
    content = misnumbered(assure)
    assert content.count(b"000000999") == 1
    return content.replace(b"000000999", b" " * 9)


def withheld(*, prestataire: str | None = None, **changes: object) -> bytes:
    """A return that withholds 50 euros for a debt, under its own transfer."""
    movement = MouvementRetour(
        reference_creance=REFERENCE,
        date_creance=date(2026, 9, 1),
        nature_creance="IND",
        operation="RPR",
        montant=5000,
        solde=12000,
    )
    place = prestataire or GROUPE.beneficiaire_reglement
    kind = TypeRetour(code_retour="05", lieu_execution=place, mouvements=(replace(movement, **changes),))  # type: ignore[arg-type]
    groupe = replace(GROUPE, beneficiaire_reglement=place, retours=(kind,))
    return build(replace(retour(), identifiant_fichier="RETENU", groupes=(groupe,)))


def line_of(practice: Practice, nature: str) -> str:
    """The return line of the only task of this nature, as the worklist names it."""
    (task,) = [one for one in suivi(practice, le=LATER).taches if one.nature == nature]
    return task.ligne


def states(practice: Practice) -> dict[tuple[int, str], tuple[str, int]]:
    """State and paid amount of each part."""
    found = rows(practice, "SELECT numero, partie, etat, paye FROM etat_part")
    return {(row["numero"], row["partie"]): (row["etat"], row["paye"]) for row in found}  # type: ignore[misc]


def everything(practice: Practice) -> list[Rows]:
    """All that is derived, and what acts must leave alone."""
    return [*derived(practice), *(rows(practice, f"SELECT * FROM {name} ORDER BY fichier, rang") for name in STORED)]


def rebuilt(practice: Practice) -> list[Rows]:
    """The same once all of it was thrown away and computed again."""
    with practice.journal.transaction(now()) as transaction:
        for table in ("appariement", "residu", "etat_part", "etat_facture", "ecart_demande", *STORED):
            transaction.connection.exec_driver_sql(f"DELETE FROM {table}")
        rebuild(transaction)
    return everything(practice)


def events(practice: Practice) -> list[dict[str, Any]]:
    """The contents of the events of manual acts, oldest first; the chain must be whole."""
    assert practice.journal.verify() == []
    found = rows(practice, "SELECT contenu FROM evenement WHERE genre = 'acte_manuel' ORDER BY rang")
    return [json.loads(str(row["contenu"])) for row in found]


def received(practice: Practice, *contents: bytes) -> Practice:
    """The practice once these returns are booked."""
    assert {one.verdict for one in receive(practice, *contents)} <= {"recu"}
    return practice
