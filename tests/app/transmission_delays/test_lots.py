"""The lots on their way, read from a journal: their states as days and facts come, and that nothing else is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import event

from fse.app.operations.actes.forcer import forcer
from fse.app.operations.journal.archives import archives
from fse.app.operations.practice import Practice
from fse.app.operations.states import is_settled
from fse.base.dates import to_days
from fse.infra.journal.facts.lots import LotKey
from tests.app.cabinet import JOUR, PRESTATAIRE, facture
from tests.app.emitted import emitted_practice, noe, receive
from tests.app.on_paper import on_paper
from tests.app.transmission_delays.scene import (
    JEUDI,
    LUNDI,
    MERCREDI,
    NOW,
    VENDREDI,
    acknowledge,
    emitted,
    etats,
    on_the_way,
    practice_at,
    send,
    sending,
)


def test_from_the_outbox_to_an_acknowledgement_that_is_missing(practice: Practice) -> None:
    emitted(practice, facture("V-1"), facture("V-2", destinataire="00"))
    (one,) = on_the_way(practice, JOUR)
    assert one.transmission.etat == "a_envoyer"
    assert one.transmission.echeances[0].le == JEUDI, "the patient paid one of the two"
    assert (one.factures, one.montant) == ((1, 2), 6000)
    send(practice, JOUR, "differe", code="451", detail="boîte pleine")
    send(practice, JOUR, "differe", code="451", detail="boîte toujours pleine")
    (one,) = on_the_way(practice, JOUR)
    assert [(file.essais, file.dernier) for file in one.en_attente] == [(2, "451 boîte toujours pleine")]
    send(practice, JOUR)
    assert etats(practice, MERCREDI) == ["accuse_attendu"]
    assert etats(practice, JEUDI) == ["sans_accuse"]
    send(practice, JOUR, "non_remis")
    assert etats(practice, JEUDI) == ["sans_accuse"], "what left is out of the outbox"


def test_a_departure_that_was_not_one_goes_back_to_the_outbox(practice: Practice) -> None:
    emitted(practice)
    send(practice, JOUR)
    with practice.journal.transaction(NOW) as transaction:
        from fse.infra.journal.facts.exchanges import envois

        (file,) = on_the_way(practice, JOUR)[0].fichiers
        emetteur, identifiant = file.split("-")
        envois.record(transaction, emetteur, identifiant, jour=to_days(JOUR), resultat="non_remis")
    assert etats(practice, JEUDI) == ["a_envoyer"]


def test_an_acknowledgement_closes_a_lot_that_the_patients_paid(practice: Practice) -> None:
    key = emitted(practice, facture("V-1", destinataire="00"))
    send(practice, JOUR)
    acknowledge(practice, key, "P", MERCREDI)
    assert etats(practice, LUNDI) == []


def test_with_third_party_payment_the_transfer_is_then_due(practice: Practice) -> None:
    key = emitted(practice)
    send(practice, JOUR)
    acknowledge(practice, key, "P", MERCREDI)
    (one,) = on_the_way(practice, LUNDI)
    assert (one.transmission.etat, one.transmission.echeances[0].le) == ("recu", date(2026, 10, 14))


def test_it_is_due_for_each_invoice_that_nobody_answered(tmp_path: Path) -> None:
    with sending(emitted_practice(tmp_path / "cabinet")) as practice:
        acknowledge(practice, LotKey(PRESTATAIRE, 1, to_days(JOUR)), "P", MERCREDI)
        (one,) = on_the_way(practice, JEUDI)
        assert one.transmission.echeances[0].nom == "ordre_virement"
        receive(practice, noe())
        assert on_the_way(practice, JEUDI) == [], "every third-party invoice of it was answered"


def test_a_cause_says_what_becomes_of_a_refused_lot(practice: Practice) -> None:
    key = emitted(practice, facture("V-1"), facture("V-2"))
    send(practice, JOUR)
    acknowledge(practice, key, "N", MERCREDI, cause="9950")
    (one,) = on_the_way(practice, MERCREDI)
    assert (one.transmission.etat, one.transmission.suite) == ("refuse", "renvoi")
    assert one.accuses[0].action
    acknowledge(practice, key, "N", MERCREDI, cause="0000")
    assert on_the_way(practice, MERCREDI)[0].transmission.suite == "renvoi", "a cause that no list holds"
    acknowledge(practice, key, "N", MERCREDI, cause="9990", numero=2)
    (one,) = on_the_way(practice, MERCREDI)
    assert (one.transmission.suite, one.transmission.nommees) == ("relot", (2,))


def test_a_refusal_is_heard_of_what_somebody_else_sent_too(tmp_path: Path) -> None:
    with practice_at(tmp_path / "cabinet", envoi=False) as practice:
        key = emitted(practice)
        assert etats(practice, LUNDI) == [], "written is sent, and nothing is awaited"
        acknowledge(practice, key, "N", MERCREDI, cause="9950")
        assert etats(practice, LUNDI) == ["refuse"]


def test_a_degraded_lot_awaits_no_acknowledgement(practice: Practice) -> None:
    emitted(practice, facture("V-1", mode="D"))
    assert etats(practice, JOUR) == ["a_envoyer"]
    send(practice, JOUR)
    assert etats(practice, LUNDI) == []


def test_an_answer_to_one_invoice_proves_the_reception_of_its_lot(tmp_path: Path) -> None:
    with sending(emitted_practice(tmp_path / "cabinet")) as practice:
        key = LotKey(PRESTATAIRE, 1, to_days(JOUR))
        acknowledge(practice, key, "N", MERCREDI, cause="9950")
        assert etats(practice, JEUDI) == ["refuse"]
        receive(practice, noe())
        assert etats(practice, JEUDI) == []


def test_what_a_person_says_that_a_payer_answered_proves_it_too(practice: Practice) -> None:
    emitted(practice)
    send(practice, JOUR)
    assert etats(practice, JEUDI) == ["sans_accuse"]
    forcer(practice, 1, partie="AMC", etat="abandonnee", motif="essai", auteur="martine", le=JEUDI)
    assert etats(practice, JEUDI) == ["sans_accuse"], "to give up is no answer"
    forcer(practice, 1, partie="AMO", etat="payee", motif="essai", auteur="martine", le=JEUDI)
    assert etats(practice, JEUDI) == []


def test_a_lot_wholly_on_paper_is_closed(practice: Practice) -> None:
    emitted(practice, facture("V-1"), facture("V-2"))
    send(practice, JOUR)
    for numero in (1, 2):
        assert etats(practice, VENDREDI) == ["sans_accuse"]
        on_paper(practice, numero, le=VENDREDI)
    assert etats(practice, VENDREDI) == []


def test_the_calendar_is_that_of_the_destination(practice: Practice) -> None:
    emitted(practice, le=date(2026, 4, 2))
    send(practice, date(2026, 4, 2))
    (line,) = practice.cabinet.destinations
    alsace = replace(practice.cabinet, destinations=(replace(line, calendrier="alsace-moselle"),))
    assert etats(practice, date(2026, 4, 8)) == ["sans_accuse"]
    assert etats(replace(practice, cabinet=alsace), date(2026, 4, 8)) == ["accuse_attendu"]
    nowhere = replace(practice.cabinet, destinations=())
    assert etats(replace(practice, cabinet=nowhere), date(2026, 4, 8)) == ["sans_accuse"]


def test_closed_lots_cost_no_further_statement(practice: Practice) -> None:
    def statements() -> int:
        seen: list[str] = []
        listener = lambda *given: seen.append(given[2])  # noqa: E731
        event.listen(practice.journal.engine, "before_cursor_execute", listener)
        on_the_way(practice, VENDREDI)
        event.remove(practice.journal.engine, "before_cursor_execute", listener)
        return len(seen)

    empty = statements()
    for number in range(4):
        key = emitted(practice, facture(f"V-{number}", destinataire="00"))
        send(practice, JOUR)
        acknowledge(practice, key, "P", MERCREDI)
    assert on_the_way(practice, VENDREDI) == []
    assert statements() == empty


def test_a_sheet_that_left_and_was_not_acknowledged_is_not_settled(practice: Practice) -> None:
    """Its double is kept 90 days, or until then: whichever is later."""
    key = emitted(practice, facture("V-1", destinataire="00"))
    send(practice, JOUR)

    def kept() -> tuple[bool, list[bool], date | None]:
        with practice.journal.transaction(NOW) as transaction:
            there = [one for one in archives(transaction) if one.nature in ("lot", "fichier")]
            return is_settled(transaction, key), [one.soldee for one in there], there[0].echeance

    assert kept() == (False, [False, False], date(2027, 1, 3))
    acknowledge(practice, key, "P", MERCREDI)
    assert kept() == (True, [True, True], date(2027, 1, 3))
