"""The life of a lot: told step by step from facts, and what holds whatever the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fse.base.working_days import METROPOLE, add_working_days, calendar_of
from fse.domain.echeances.departs import failed_on
from fse.domain.echeances.faits import AccuseFacts, FactureFacts, FichierFacts, LotFacts
from fse.domain.echeances.transmission import ECHECS_MAX, Etat, Transmission, transmission

MONDAY = date(2026, 10, 5)
WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=days) for days in (2, 3, 4))
NEXT_MONDAY, NEXT_TUESDAY = MONDAY + timedelta(days=7), MONDAY + timedelta(days=8)


def facture(
    numero: int,
    *,
    tiers_payant: bool = True,
    vivante: bool = True,
    reglee: bool = False,
    sur_papier: bool = False,
) -> FactureFacts:
    return FactureFacts(
        numero=numero,
        tiers_payant=tiers_payant,
        securisee_le=MONDAY,
        vivante=vivante,
        reglee=reglee,
        sur_papier=sur_papier,
    )


def fichier(identifiant: str, parti_le: date | None, *, canal: str = "courriel") -> FichierFacts:
    return FichierFacts(identifiant=identifiant, canal=canal, parti_le=parti_le)


def accuse(sens: str, le: date, *, suite: str = "renvoi", numero: int = 0, of: str = "000001") -> AccuseFacts:
    return AccuseFacts(
        sens="P" if sens == "P" else "N", suite=suite, numero_facture=numero, identifiant_fichier=of, recu_le=le
    )


SIGNED = LotFacts(
    certification="S", calendrier=METROPOLE, signe=True, factures=frozenset({facture(1), facture(2), facture(3)})
)
SENT = replace(SIGNED, fichiers=frozenset({fichier("000001", MONDAY)}))
AGAIN = replace(SENT, fichiers=SENT.fichiers | {fichier("000002", THURSDAY)})


def told(facts: LotFacts, le: date) -> tuple[str, str, date | None]:
    """State, what can be done without a card, and the first deadline."""
    made = transmission(facts, le)
    return made.etat, made.suite, made.echeances[0].le if made.echeances else None


# --- step by step ----------------------------------------------------------------------------------------------------


def test_a_lot_is_signed_then_sent_before_the_deadline_of_its_first_invoice() -> None:
    unsigned = replace(SIGNED, signe=False)
    assert told(unsigned, MONDAY) == ("a_signer", "", date(2026, 10, 15))
    assert told(SIGNED, MONDAY) == ("a_envoyer", "", date(2026, 10, 15))
    with_direct = replace(SIGNED, factures=SIGNED.factures | {facture(4, tiers_payant=False)})
    assert told(with_direct, MONDAY) == ("a_envoyer", "", date(2026, 10, 8))
    waiting = replace(SIGNED, fichiers=frozenset({fichier("000001", None)}))
    assert told(waiting, MONDAY)[0] == "a_envoyer"
    assert "fse envoyer" in transmission(waiting, MONDAY).action
    elsewhere = replace(SIGNED, fichiers=frozenset({fichier("000001", None, canal="")}))
    assert "fse envoyer" not in transmission(elsewhere, MONDAY).action


def test_two_working_days_without_an_acknowledgement_make_it_missing() -> None:
    assert told(SENT, WEDNESDAY) == ("accuse_attendu", "", WEDNESDAY)
    assert told(SENT, THURSDAY) == ("sans_accuse", "renvoi", FRIDAY)
    assert transmission(SENT, THURSDAY).motif == "sans_accuse"


def test_the_calendar_of_the_caisse_says_when() -> None:
    easter = replace(SIGNED, fichiers=frozenset({fichier("000001", date(2026, 4, 2))}))
    assert told(easter, date(2026, 4, 8))[0] == "sans_accuse"
    assert told(replace(easter, calendrier=calendar_of("alsace-moselle")), date(2026, 4, 8))[0] == "accuse_attendu"


def test_what_others_send_and_the_degraded_mode_await_nothing() -> None:
    late = MONDAY + timedelta(days=60)
    assert told(replace(SENT, certification="D"), late) == ("parti", "", None)
    others = replace(SIGNED, fichiers=frozenset({fichier("000001", MONDAY, canal="")}))
    assert told(others, late) == ("parti", "", None)
    refused = replace(others, accuses=frozenset({accuse("N", WEDNESDAY)}))
    assert told(refused, WEDNESDAY) == ("refuse", "renvoi", FRIDAY)


def test_a_refusal_is_sent_again_and_a_second_failure_ends_on_paper() -> None:
    refused = replace(SENT, accuses=frozenset({accuse("N", WEDNESDAY)}))
    assert told(refused, WEDNESDAY) == ("refuse", "renvoi", FRIDAY)
    decided = replace(refused, fichiers=refused.fichiers | {fichier("000002", None)})
    assert told(decided, THURSDAY) == ("renvoi_a_envoyer", "", FRIDAY)
    left = replace(refused, fichiers=AGAIN.fichiers)
    assert told(left, NEXT_MONDAY) == ("accuse_attendu", "", NEXT_MONDAY)
    assert told(left, NEXT_TUESDAY) == ("duplicata", "", None)
    again = replace(left, accuses=left.accuses | {accuse("N", FRIDAY, of="000002")})
    assert told(again, FRIDAY) == ("duplicata", "", None)
    assert transmission(again, FRIDAY).echecs == ECHECS_MAX


def test_the_same_refusal_received_twice_is_one_failure() -> None:
    twice = frozenset({accuse("N", WEDNESDAY), accuse("N", FRIDAY)})
    assert told(replace(AGAIN, accuses=twice), FRIDAY)[0] == "accuse_attendu"
    unnamed = frozenset({accuse("N", WEDNESDAY, of="")})
    assert told(replace(AGAIN, accuses=unnamed), FRIDAY)[0] == "accuse_attendu"


def test_a_refusal_that_names_no_file_is_not_of_what_left_because_of_it() -> None:
    same_day = replace(
        SENT,
        fichiers=SENT.fichiers | {fichier("000002", WEDNESDAY)},
        accuses=frozenset({accuse("N", WEDNESDAY, of="")}),
        renvois=1,
    )
    assert told(same_day, WEDNESDAY) == ("accuse_attendu", "", FRIDAY)


def test_what_was_sent_again_once_is_never_again_whatever_was_counted() -> None:
    odd = replace(SENT, renvois=1)
    assert told(odd, THURSDAY) == ("duplicata", "", None)


def test_a_refusal_that_names_an_invoice_frees_the_others() -> None:
    refused = replace(SENT, accuses=frozenset({accuse("N", WEDNESDAY, suite="relot", numero=2)}))
    assert told(refused, WEDNESDAY) == ("refuse", "relot", FRIDAY)
    assert transmission(refused, WEDNESDAY).nommees == (2,)
    freed = replace(
        refused, relotte=True, factures=frozenset({facture(1, vivante=False), facture(2), facture(3, vivante=False)})
    )
    assert told(freed, WEDNESDAY) == ("a_refaire", "", None)
    redone = replace(freed, factures=frozenset({facture(1, vivante=False), facture(2, reglee=True)}))
    assert told(redone, WEDNESDAY) == ("remplace", "", None)


def test_it_does_so_at_the_second_failure_too() -> None:
    refused = replace(AGAIN, accuses=frozenset({accuse("N", FRIDAY, numero=2, of="000002")}))
    assert told(refused, FRIDAY) == ("refuse", "relot", date(2026, 10, 13))


def test_a_lot_that_only_holds_invoices_at_fault_has_none_to_free() -> None:
    alone = replace(
        SENT, factures=frozenset({facture(2)}), accuses=frozenset({accuse("N", WEDNESDAY, suite="relot", numero=2)})
    )
    assert told(alone, WEDNESDAY) == ("a_refaire", "", None)


def test_a_cause_may_ask_for_the_whole_lot_to_be_made_again() -> None:
    refused = replace(SENT, accuses=frozenset({accuse("N", WEDNESDAY, suite="relot")}))
    assert told(refused, WEDNESDAY) == ("refuse", "relot", FRIDAY)
    freed = replace(refused, relotte=True, factures=frozenset(replace(one, vivante=False) for one in refused.factures))
    assert told(freed, WEDNESDAY) == ("remplace", "", None)


def test_an_invoice_named_that_the_lot_does_not_hold_frees_nothing() -> None:
    refused = replace(SENT, accuses=frozenset({accuse("N", WEDNESDAY, numero=99)}))
    assert told(refused, WEDNESDAY) == ("refuse", "renvoi", FRIDAY)


def test_a_lot_that_the_payer_has_already_is_received() -> None:
    assert told(replace(AGAIN, accuses=frozenset({accuse("N", FRIDAY, suite="aucune")})), FRIDAY)[0] == "recu"


def test_the_transfer_is_due_five_working_days_after_the_positive_acknowledgement() -> None:
    received = replace(SENT, accuses=frozenset({accuse("P", WEDNESDAY), accuse("P", FRIDAY)}))
    made = transmission(received, FRIDAY)
    assert (made.etat, made.echeances[0].le) == ("recu", date(2026, 10, 14))
    assert made.echeances[0].regime == "projet-2011"
    assert transmission(replace(received, repondu=True), FRIDAY).echeances == made.echeances, "one of several"
    answered = frozenset(replace(one, attendue=False) for one in received.factures)
    assert transmission(replace(received, factures=answered, repondu=True), FRIDAY).echeances == ()
    direct = replace(received, factures=frozenset({facture(1, tiers_payant=False)}))
    assert transmission(direct, FRIDAY).echeances == ()


def test_a_refusal_that_asks_for_a_new_lot_undoes_a_resend_that_waits() -> None:
    waiting = replace(SENT, fichiers=SENT.fichiers | {fichier("000002", None)}, renvois=1)
    assert told(waiting, THURSDAY) == ("renvoi_a_envoyer", "", FRIDAY)
    refused = replace(waiting, accuses=frozenset({accuse("N", THURSDAY, suite="relot")}))
    assert told(refused, THURSDAY) == ("refuse", "relot", NEXT_MONDAY)
    named = replace(waiting, accuses=frozenset({accuse("N", THURSDAY, numero=2)}))
    assert told(named, THURSDAY) == ("refuse", "relot", NEXT_MONDAY)
    again = replace(waiting, accuses=frozenset({accuse("N", THURSDAY)}))
    assert told(again, THURSDAY)[0] == "renvoi_a_envoyer"


@pytest.mark.parametrize("sur_papier", [False, True])
def test_a_lot_that_holds_something_corrected_or_on_paper_never_leaves_again_unchanged(sur_papier: bool) -> None:
    broken = frozenset({facture(1, reglee=True, sur_papier=sur_papier), facture(2)})
    failed = replace(SENT, factures=broken)
    assert told(failed, THURSDAY) == ("sans_accuse", "relot", FRIDAY)
    waiting = replace(failed, fichiers=SENT.fichiers | {fichier("000002", None)}, renvois=1)
    assert told(waiting, THURSDAY) == ("sans_accuse", "relot", FRIDAY)
    twice = replace(failed, fichiers=AGAIN.fichiers, renvois=1)
    assert told(twice, NEXT_TUESDAY) == ("duplicata", "", None)
    assert transmission(twice, NEXT_TUESDAY).a_editer == (2,)


def test_a_lot_that_never_left_and_is_partly_on_paper_asks_for_the_other_duplicates() -> None:
    started = replace(
        SIGNED,
        factures=frozenset({facture(1, reglee=True, sur_papier=True), facture(2), facture(3)}),
        fichiers=frozenset({fichier("000001", None)}),
    )
    made = transmission(started, MONDAY)
    assert (made.etat, made.a_editer) == ("duplicata", (2, 3))
    assert "Ne partira pas : 000000001" in made.action
    assert "000000002, 000000003" in made.action


def test_a_new_lot_must_leave_by_the_deadline_of_the_one_that_failed() -> None:
    after = replace(SIGNED, echec_precedent=WEDNESDAY)
    for facts in (after, replace(after, signe=False), replace(after, fichiers=frozenset({fichier("000003", None)}))):
        made = transmission(facts, WEDNESDAY)
        assert [(one.nom, one.le) for one in made.echeances] == [("reemission", FRIDAY)]


def test_the_day_of_a_failure_is_known_whatever_was_decided_since() -> None:
    assert failed_on(SENT, WEDNESDAY) is None
    assert failed_on(SENT, THURSDAY) == WEDNESDAY
    refused = replace(SENT, accuses=frozenset({accuse("N", THURSDAY, numero=2)}), relotte=True)
    assert failed_on(refused, NEXT_TUESDAY) == THURSDAY


# --- whatever the facts ----------------------------------------------------------------------------------------------

days = st.dates(MONDAY, MONDAY + timedelta(days=30))
ids = st.sampled_from(["000001", "000002", "000003", ""])
factures = st.frozensets(
    st.builds(
        FactureFacts,
        numero=st.integers(1, 4),
        tiers_payant=st.booleans(),
        securisee_le=days,
        vivante=st.booleans(),
        reglee=st.booleans(),
        attendue=st.booleans(),
    ),
    min_size=1,
    max_size=4,
)
fichiers = st.lists(
    st.builds(
        FichierFacts,
        identifiant=ids,
        canal=st.sampled_from(["", "courriel", "repertoire"]),
        parti_le=st.none() | days,
    ),
    max_size=3,
    unique_by=lambda one: one.identifiant,
).map(frozenset)
accuses = st.frozensets(
    st.builds(
        AccuseFacts,
        sens=st.sampled_from(["P", "N"]),
        suite=st.sampled_from(["renvoi", "relot", "aucune"]),
        numero_facture=st.integers(0, 5),
        identifiant_fichier=ids,
        recu_le=days,
    ),
    max_size=3,
)
lots = st.builds(
    LotFacts,
    certification=st.sampled_from(["S", "F", "D", ""]),
    calendrier=st.sampled_from([METROPOLE, calendar_of("alsace-moselle")]),
    signe=st.booleans(),
    factures=factures,
    fichiers=fichiers,
    accuses=accuses,
    renvois=st.integers(0, 2),
    relotte=st.booleans(),
    repondu=st.booleans(),
)


failed = st.builds(
    replace,
    lots,
    signe=st.just(True),
    relotte=st.just(False),
    repondu=st.just(False),
    factures=st.frozensets(st.builds(facture, st.integers(1, 4)), min_size=1, max_size=4),
    fichiers=st.just(SENT.fichiers),
    accuses=st.frozensets(
        st.builds(
            accuse, st.just("N"), days, suite=st.sampled_from(["renvoi", "relot"]), numero=st.integers(0, 5), of=ids
        ),
        min_size=1,
        max_size=3,
    ),
)
"""Lots that left once and were refused."""


@given(lots, days)
def test_any_facts_give_one_state_and_what_it_asks(facts: LotFacts, le: date) -> None:
    made = transmission(facts, le)
    assert made.etat in get_args(Etat)
    assert made.libelle
    assert made.est_close == (made.action == "")
    assert bool(made.suite) == (made.etat in ("refuse", "sans_accuse"))
    if made.suite:
        assert made.motif
        assert made.echeances


@given(lots, days, days)
def test_failures_are_never_unlearned_as_days_pass(facts: LotFacts, one: date, other: date) -> None:
    assert transmission(facts, min(one, other)).echecs <= transmission(facts, max(one, other)).echecs


@given(lots, days, days)
def test_what_proves_a_reception_ends_the_transmission_for_good(facts: LotFacts, le: date, later: date) -> None:
    proofs = (
        replace(facts, repondu=True),
        replace(facts, accuses=facts.accuses | {accuse("P", le)}),
    )
    for proved in proofs:
        for day in (le, later):
            made = transmission(proved, day)
            assert (made.etat, made.suite) == ("recu", "")


@given(lots, days)
def test_what_a_payer_answered_and_what_is_on_paper_never_leave_again(facts: LotFacts, le: date) -> None:
    assert transmission(replace(facts, repondu=True), le).suite == ""
    on_paper = frozenset(replace(one, reglee=True) for one in facts.factures)
    assert transmission(replace(facts, factures=on_paper), le).suite == ""


@given(lots, days)
def test_a_missing_acknowledgement_is_only_that_of_what_fse_sent_itself(facts: LotFacts, le: date) -> None:
    others = frozenset(replace(one, canal="") for one in facts.fichiers)
    resent = any(one.parti_le is None for one in others) and any(one.parti_le is not None for one in others)
    if not resent:  # what waits to leave again was decided because fse, or a payer, knew of a failure
        assert transmission(replace(facts, fichiers=others), le).etat != "sans_accuse"
    assert transmission(replace(facts, certification="D"), le).etat != "sans_accuse"


@given(failed, days)
def test_deciding_what_is_asked_leaves_nothing_to_decide_on_the_same_day(facts: LotFacts, le: date) -> None:
    made = transmission(facts, le)
    assume(made.suite)
    after = transmission(_decided(facts, made), le)
    assert after.suite == ""
    assert after.etat in ("renvoi_a_envoyer", "a_refaire", "remplace")


def _decided(facts: LotFacts, made: Transmission) -> LotFacts:
    """The facts once `relancer` did what was asked."""
    if made.suite == "renvoi":
        return replace(facts, fichiers=facts.fichiers | {fichier("000009", None)}, renvois=facts.renvois + 1)
    behind = next(iter(made.nommees), 0)
    kept = frozenset(replace(one, vivante=one.vivante and one.numero == behind) for one in facts.factures)
    return replace(facts, relotte=True, factures=kept)


@given(days)
def test_a_lot_is_sent_again_once_without_a_person_then_paper_comes(start: date) -> None:
    """It left, it leaves again on the day that asks for it, nobody ever acknowledges it."""
    day, asked = start, 0
    facts = replace(SIGNED, fichiers=frozenset({fichier("000001", day)}))
    for _ in range(20):
        day += timedelta(days=1)
        made = transmission(facts, day)
        if made.suite:
            asked += 1
            facts = replace(facts, fichiers=facts.fichiers | {fichier(f"{asked + 1:06d}", day)})
    assert asked == 1
    assert transmission(facts, day).etat == "duplicata"
    assert add_working_days(start, 4, METROPOLE) < day
