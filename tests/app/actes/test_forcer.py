"""A state forced by hand: shown as forced, without a centime more, and over as soon as a payer answers again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fse.app.operations.actes.actes import actes
from fse.app.operations.actes.annuler_acte import annuler_acte
from fse.app.operations.actes.forcer import forcer
from fse.app.operations.annuler import annuler
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.app.operations.suivi import suivi
from fse.base.errors import UsageError
from tests.app.actes.world import (
    AUTEUR,
    LATER,
    MOTIF,
    SIGNED,
    answer_to,
    answering,
    events,
    everything,
    rebuilt,
    received,
    states,
)
from tests.app.cabinet import JOUR, document, facture
from tests.app.emitted import noe, receive, rows

WAITING = [(1, "AMO", "payee"), (1, "AMO", "abandonnee"), (1, "AMC", "rejetee")]
HANDLED = [(4, "AMO", "payee"), (4, "AMO", "abandonnee"), (5, "AMO", "payee"), (5, "AMO", "abandonnee")]


@pytest.mark.parametrize(
    ("answered", "numero", "partie", "etat"), [*((False, *one) for one in WAITING), *((True, *one) for one in HANDLED)]
)
def test_the_state_is_forced_and_the_amounts_stay(
    practice: Practice, answered: bool, numero: int, partie: str, etat: str
) -> None:
    before = everything(received(practice, noe()) if answered else practice)
    known = states(practice)
    done = forcer(practice, numero, partie, etat, le=LATER, **SIGNED)
    assert states(practice) == known | {(numero, partie): (etat, known[numero, partie][1])}
    (change,) = done.changements
    assert (change.apres, change.paye_avant) == (etat, change.paye_apres)
    (event,) = events(practice)
    assert (event["auteur"], event["motif"], event["etat"]) == (AUTEUR, MOTIF, etat)
    assert rebuilt(practice) == everything(practice)
    annuler_acte(practice, [done.actes[0].acte], **SIGNED)
    assert everything(practice) == before


def test_a_further_answer_ends_it_and_says_so(practice: Practice) -> None:
    forcer(practice, 1, "AMO", "abandonnee", **SIGNED)
    (one,) = receive(practice, noe())
    assert "reception.etat_force_caduc" in {found.code for found in one.constats}
    assert states(practice)[1, "AMO"] == ("payee", 2100)
    assert [act.statut for act in actes(practice)] == ["caduc"]
    assert rebuilt(practice) == everything(practice)


def test_what_is_settled_otherwise_is_not_due_any_more(practice: Practice) -> None:
    received(practice, noe())
    before = suivi(practice, le=LATER).bilan
    forcer(practice, 5, "AMO", "payee", **SIGNED)
    forcer(practice, 4, "AMO", "abandonnee", **SIGNED)
    after = suivi(practice, le=LATER)
    assert (after.bilan.paye, after.bilan.regle_autrement, after.bilan.abandonne) == (before.paye, 300, 2100)
    assert after.bilan.reste == before.reste - 300 - 2100
    assert {(one.numero, one.partie) for one in after.taches} == {(2, "AMC"), (3, "AMO")}


def test_a_reject_after_the_payment_is_read_and_settled(practice: Practice) -> None:
    reject = replace(answer_to(1).parts[0], etat="R", montant_rembourse=0)
    received(practice, noe(), answering("REJET1", answer_to(1, reject)))
    assert states(practice)[1, "AMO"] == ("payee", 2100)
    assert ("rejetee_apres_paiement", 1) in {(one.nature, one.numero) for one in suivi(practice, le=LATER).taches}
    (change,) = forcer(practice, 1, "AMO", "payee", le=LATER, **SIGNED).changements
    assert (change.avant, change.apres, change.rejet_lu) == ("payee", "payee", True)
    assert "rejetee_apres_paiement" not in {one.nature for one in suivi(practice, le=LATER).taches}
    assert rebuilt(practice) == everything(practice)
    assert code(practice, 1, "AMO", "payee") == "acte.deja_pose"


def code(practice: Practice, numero: int, partie: str, etat: str, **options: object) -> str:
    """The code of what `forcer` raises; nothing may have changed."""
    before = everything(practice), events(practice)
    with pytest.raises(UsageError) as raised:
        forcer(practice, numero, partie, etat, **(SIGNED | options))  # type: ignore[arg-type]
    assert (everything(practice), events(practice)) == before
    return raised.value.code


def test_what_needs_no_forcing_is_refused(practice: Practice) -> None:
    received(practice, noe(), answering("ENCOR1", answer_to(1)))
    assert states(practice)[1, "AMO"] == ("payee_plus", 4200)
    assert code(practice, 2, "AMO", "payee") == "acte.sans_effet"
    assert code(practice, 6, "AMO", "abandonnee") == "acte.sans_effet"
    assert code(practice, 4, "AMO", "rejetee") == "acte.sans_effet"
    assert code(practice, 1, "AMO", "rejetee") == "acte.part_payee"
    assert code(practice, 1, "AMO", "abandonnee") == "acte.part_payee"
    assert code(practice, 4, "AMO", "differee") == "acte.etat"
    assert code(practice, 4, "RO", "payee") == "acte.etat"
    assert code(practice, 77, "AMO", "payee") == "facture.inconnue"
    assert code(practice, 4, "AMO", "payee", motif="") == "acte.absent"
    forcer(practice, 1, "AMO", "payee", **SIGNED)
    assert states(practice)[1, "AMO"] == ("payee", 4200)


def test_forced_once_until_it_is_taken_back(practice: Practice) -> None:
    forcer(practice, 1, "AMO", "abandonnee", **SIGNED)
    assert code(practice, 1, "AMO", "payee") == "acte.deja_pose"
    annuler_acte(practice, [1], **SIGNED)
    forcer(practice, 1, "AMO", "payee", **SIGNED)
    assert states(practice)[1, "AMO"] == ("payee", 0)


def test_an_invoice_that_did_not_leave_is_not_forced(practice: Practice) -> None:
    securiser(practice, document(facture("V-7"), facture("V-8", patient=1)), le=JOUR)
    annuler(practice, 8, motif="erreur", auteur=AUTEUR, le=JOUR)
    assert code(practice, 7, "AMO", "payee") == "acte.facture_non_emise"
    assert code(practice, 8, "AMO", "payee") == "acte.facture_annulee"


def test_the_whole_invoice_follows_its_parts(practice: Practice) -> None:
    forcer(practice, 1, "AMO", "payee", **SIGNED)
    forcer(practice, 1, "AMC", "abandonnee", **SIGNED)
    (invoice,) = rows(practice, "SELECT etat FROM etat_facture WHERE numero = 1")
    assert invoice == {"etat": "abandonnee"}
