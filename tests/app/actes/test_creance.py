"""A debt attached by hand to an invoice and to its notification: the day until which it can be disputed is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fse.app.operations.actes.annuler_acte import annuler_acte
from fse.app.operations.actes.creance import CreanceRattachee, rattacher_creance
from fse.app.operations.cabinet import Mandat
from fse.app.operations.practice import Practice
from fse.app.operations.suivi import suivi
from fse.base.errors import UsageError
from tests.app.actes.world import LATER, REFERENCE, SIGNED, events, everything, received, withheld
from tests.app.cabinet import PRESTATAIRE
from tests.app.emitted import noe

PAYEE = "002345679"
"""Somebody who is paid for others."""


def attach(practice: Practice, **options: object) -> CreanceRattachee:
    return rattacher_creance(practice, REFERENCE, **({"le": LATER} | SIGNED | options))  # type: ignore[arg-type]


def unexplained(practice: Practice) -> list[str]:
    """The debts that the worklist wants explained."""
    return [one.reference for one in suivi(practice, le=LATER).taches if one.nature == "retenue_inexpliquee"]


@pytest.mark.parametrize(
    ("notification", "last_day"),
    [
        (date(2026, 10, 1), date(2026, 12, 1)),
        (date(2025, 12, 31), date(2026, 2, 28)),
        (date(2026, 6, 30), date(2026, 8, 30)),
    ],
)
def test_two_months_run_from_the_notification(practice: Practice, notification: date, last_day: date) -> None:
    received(practice, noe(), withheld())
    assert unexplained(practice) == [REFERENCE]
    done = attach(practice, notifiee_le=notification, facture=4)
    assert (done.dette.notifiee_le, done.dette.contestable_jusqu_au) == (notification, last_day)
    assert (done.dette.numero, done.dette.retenu, done.dette.solde) == (4, 5000, 12000)
    assert unexplained(practice) == []


@pytest.mark.parametrize("known", [{"facture": 4}, {"notifiee_le": date(2026, 10, 1)}])
def test_one_of_both_is_enough_and_no_state_changes(practice: Practice, known: dict[str, object]) -> None:
    before = everything(received(practice, noe(), withheld()))
    done = attach(practice, **known)
    assert everything(practice) == before
    assert (done.dette.contestable_jusqu_au is None) is ("facture" in known)
    assert unexplained(practice) == []
    annuler_acte(practice, [done.acte.acte], **SIGNED)
    assert unexplained(practice) == [REFERENCE]
    (debt,) = suivi(practice, le=LATER).dettes
    assert (debt.numero, debt.notifiee_le, debt.acte) == (None, None, None)
    assert [event["genre"] for event in events(practice)] == ["creance_rattachee", "annulation_acte"]


def code(practice: Practice, reference: str = REFERENCE, **options: object) -> str:
    with pytest.raises(UsageError) as raised:
        rattacher_creance(practice, reference, **({"le": LATER, "facture": 4} | SIGNED | options))  # type: ignore[arg-type]
    return raised.value.code


def test_what_cannot_be_is_refused(practice: Practice) -> None:
    received(practice, noe(), withheld())
    assert code(practice, "IND0000043") == "acte.creance_inconnue"
    assert code(practice, prestataire=PAYEE) == "acte.creance_inconnue"
    assert code(practice, facture=None) == "acte.creance_sans_rien"
    assert code(practice, notifiee_le=date(2026, 10, 13)) == "acte.jour_a_venir"
    assert code(practice, facture=77) == "acte.creance_autre_facture"
    assert code(practice, motif=" ") == "acte.absent"
    assert events(practice) == []
    attach(practice, facture=4)
    assert code(practice, facture=5) == "acte.deja_pose"


def test_one_reference_for_two_needs_to_know_whom(practice: Practice) -> None:
    received(practice, withheld(), withheld(prestataire=PAYEE).replace(b"RETENU", b"RETEN2"))
    assert code(practice) == "acte.creance_ambigue"
    assert attach(practice, facture=4, prestataire=PRESTATAIRE).dette.prestataire == PRESTATAIRE


def test_recovered_from_who_is_paid_for_the_prestataire(practice: Practice) -> None:
    received(practice, withheld(prestataire=PAYEE))
    assert code(practice) == "acte.creance_autre_facture"
    mandat = Mandat(beneficiaire=PAYEE, prestataires=(PRESTATAIRE,))
    told = replace(practice, cabinet=replace(practice.cabinet, mandats=(mandat,)))
    assert attach(told, facture=4).dette.numero == 4
