"""An ARL that says a lot received once its sheets went another way, or that is for another practice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import FichierRecu, recevoir
from fse.app.operations.relancer import relancer
from fse.app.operations.securiser import securiser
from fse.base.dates import from_days
from fse.infra.journal.facts.lots import LotKey
from tests.app.accused import POSITIF, arl
from tests.app.cabinet import JOUR, document, facture
from tests.app.emitted import rows
from tests.app.on_paper import on_paper
from tests.app.transmission_delays.scene import (
    JEUDI,
    LUNDI,
    MARDI,
    VENDREDI,
    acknowledge,
    emit,
    emitted,
    etats,
    on_the_way,
    practice_at,
    send,
)

THREE = (facture("V-1"), facture("V-2", patient=1), facture("V-3", patient=2))
_ids = count(1)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with practice_at(tmp_path / "cabinet") as opened:
        yield opened


def answered(
    practice: Practice, key: LotKey, le: date, sens: str = "P", cause: str | None = None, fichier: str = "000001"
) -> FichierRecu:
    lot = {"numero_lot": key.numero_lot, "date_lot": from_days(key.date_lot), "fichier_accuse": fichier}
    one = replace(POSITIF, sens=sens, cause=cause, date_accuse=le, **lot)
    (done,) = recevoir(practice, [arl(one, identifiant=f"T{next(_ids):05d}", date_creation=le)], le=le)
    return done


def told(done: FichierRecu) -> list[tuple[str, str]]:
    return [(one.code.removeprefix("reception."), one.message.partition(", qui ")[2]) for one in done.constats]


def twice_without_answer(practice: Practice) -> LotKey:
    key = emitted(practice)
    send(practice, JOUR)
    relancer(practice, le=JEUDI)
    send(practice, JEUDI)
    return key


@pytest.mark.parametrize(("sens", "cause"), [("P", None), ("N", "9985")])
def test_what_arrives_once_on_paper_is_told(practice: Practice, sens: str, cause: str | None) -> None:
    key = twice_without_answer(practice)
    on_paper(practice, 1, le=MARDI)
    done = answered(practice, key, date(2026, 10, 14), sens, cause)
    assert [one.code for one in done.constats] == ["reception.accuse_apres_duplicata"]
    assert "000000001" in done.constats[0].message
    assert "13/10/2026" in done.constats[0].message


def test_a_refusal_after_the_paper_says_nothing(practice: Practice) -> None:
    key = twice_without_answer(practice)
    on_paper(practice, 1, le=MARDI)
    assert answered(practice, key, date(2026, 10, 14), "N", "9950").constats == ()


def relotted(practice: Practice) -> LotKey:
    """Sent, sent again, then refused for V-1: V-2 and V-3 are free."""
    key = emitted(practice, *THREE)
    send(practice, JOUR)
    relancer(practice, le=JEUDI)
    send(practice, JEUDI)
    acknowledge(practice, key, "N", VENDREDI, cause="9990", numero=1)
    relancer(practice, le=VENDREDI)
    return key


@pytest.mark.parametrize(
    ("until", "where"),
    [
        ("freed", "attendait un nouveau lot : elle n'y entrera pas."),
        ("in a lot", "est aussi dans le lot 002, qui n'est pas parti."),
        ("sent", "est repartie dans le lot 002."),
    ],
)
def test_what_arrives_once_its_sheets_left_it_is_told_of_each(practice: Practice, until: str, where: str) -> None:
    key = relotted(practice)
    if until != "freed":
        emit(practice, le=VENDREDI)
    if until == "sent":
        send(practice, VENDREDI)
    done = answered(practice, key, LUNDI)
    assert told(done) == [("accuse_apres_relot", where)] * 2
    assert [one.message.partition("facture ")[2][:9] for one in done.constats] == ["000000002", "000000003"]
    assert [one for one in etats(practice, LUNDI) if one == "a_signer"] == []


def test_the_second_lot_that_arrives_is_told_too(practice: Practice) -> None:
    key = relotted(practice)
    *_, second = emit(practice, le=VENDREDI)
    send(practice, VENDREDI)
    answered(practice, key, LUNDI)
    done = answered(practice, second, MARDI, fichier="000003")
    assert told(done) == [("accuse_apres_relot", "a aussi été reçue dans le lot 001.")] * 2


def test_the_sheet_that_the_payer_named_and_that_is_corrected_is_told(practice: Practice) -> None:
    key = emitted(practice)
    send(practice, JOUR)
    acknowledge(practice, key, "N", JEUDI, cause="9990", numero=1)
    securiser(practice, document(facture("V-1C", before="<remplace>1</remplace>")), le=JEUDI)
    done = answered(practice, key, VENDREDI, fichier="000002")
    assert ("accuse_apres_relot", "a été corrigée par la facture 000000002.") in told(done)


def test_the_usual_positive_one_says_nothing(practice: Practice) -> None:
    key = emitted(practice, *THREE)
    send(practice, JOUR)
    acknowledge(practice, key, "N", JEUDI, cause="9990", numero=1)
    relancer(practice, le=JEUDI)
    *_, second = emit(practice, le=JEUDI)
    send(practice, JEUDI)
    assert answered(practice, second, VENDREDI, fichier="000002").constats == ()


@pytest.mark.parametrize(("later", "warned"), [("", False), ("P", True), ("another", True)])
def test_correcting_the_sheet_that_the_payer_named_is_what_is_asked_for(
    practice: Practice, later: str, warned: bool
) -> None:
    """Unless a payer turns out to have it, or named another one."""
    key = emitted(practice, *THREE)
    send(practice, JOUR)
    acknowledge(practice, key, "N", JEUDI, cause="9990", numero=2 if later == "another" else 1)
    if later == "P":
        acknowledge(practice, key, "P", JEUDI)
    done = securiser(practice, document(facture("V-1C", before="<remplace>1</remplace>")), le=JEUDI)
    assert len(done.factures) == 1
    codes = [one.code for one in done.constats]
    assert ("securisation.remplace_en_attente" in codes) is warned


# --- for whom it is ---------------------------------------------------------------------------------------------------


def test_one_for_another_practice_closes_nothing(practice: Practice) -> None:
    key = emitted(practice)
    send(practice, JOUR)
    before = on_the_way(practice, JEUDI)
    for other in ("00000009876546", "", "00000011234566"):
        content = arl(
            replace(POSITIF, numero_lot=key.numero_lot),
            identifiant=f"Z{next(_ids):05d}",
            numero_destinataire=other or "0",
        )
        (done,) = recevoir(practice, [content], le=JEUDI)
        assert (done.verdict, done.motif, done.accuses) == ("ecarte", "reception.autre_destinataire", ())
    assert rows(practice, "SELECT * FROM accuse") == []
    assert on_the_way(practice, JEUDI) == before


def test_one_for_the_number_under_which_the_file_left_is_ours(practice: Practice) -> None:
    """The practice changed its sender number since; the blanks of the field do not count."""
    key = emitted(practice)
    send(practice, JOUR)
    cabinet = practice.cabinet
    changed = replace(practice, cabinet=replace(cabinet, emetteur=replace(cabinet.emetteur, numero="009876546")))
    assert answered(changed, key, JEUDI).verdict == "recu"
    assert etats(changed, JEUDI) == ["recu"]
