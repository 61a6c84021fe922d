"""The history of an invoice shows what was done by hand as such, and asks what the worklist asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fse.app.cli.facture import print_facture
from fse.app.operations.actes.annuler_acte import annuler_acte
from fse.app.operations.actes.creance import rattacher_creance
from fse.app.operations.actes.forcer import forcer
from fse.app.operations.actes.rattacher import rattacher
from fse.app.operations.actes.saisir import saisir
from fse.app.operations.clock import now
from fse.app.operations.facture import HistoireFacture, facture
from fse.app.operations.practice import Practice
from fse.app.operations.suivi import suivi
from fse.norm.model import AssureRetour
from tests.app.actes.world import (
    AUTEUR,
    LATER,
    MOTIF,
    REFERENCE,
    SIGNED,
    line_of,
    misnumbered,
    received,
    unnumbered,
    withheld,
)
from tests.app.cabinet import PATIENTS
from tests.app.emitted import noe

PAPER = b"numero;partie;etat;montant\n1;AMC;payee;9,00\n"
BY_HAND = f"à la main par {AUTEUR} le 12/10/2026 (acte n° 1 : {MOTIF})"


def by_hand(history: HistoireFacture) -> list[tuple[str, int, str]]:
    """Event, act and label of each step that a person made."""
    return [(one.evenement, one.acte.acte, one.libelle) for one in history.etapes if one.acte]


def test_an_attached_line(practice: Practice) -> None:
    line = line_of(received(practice, misnumbered()), "facture_inconnue")
    rattacher(practice, line, 1, le=LATER, **SIGNED)
    history = facture(practice, 1, le=LATER)
    assert by_hand(history) == [("ligne", 1, f"rapprochée {BY_HAND}")]
    (step,) = [one for one in history.etapes if one.evenement == "ligne"]
    assert (step.ligne, step.rang, step.octet is not None) == (line, int(line.split(":")[1]), True)


def test_an_entered_answer(practice: Practice) -> None:
    saisir(practice, PAPER, piece="relevé", jour=date(2026, 10, 10), le=LATER, **SIGNED)
    history = facture(practice, 1, le=LATER)
    assert by_hand(history) == [("saisie", 1, f"part AMC payée, saisie d'après « relevé », {BY_HAND}")]
    (step,) = [one for one in history.etapes if one.evenement == "saisie"]
    assert (step.jour, step.montant, step.rang, step.octet) == (date(2026, 10, 10), 900, None, None)
    (amo, amc) = sorted(history.parts, key=lambda part: part.partie, reverse=True)
    assert (amo.saisi, amc.saisi, amc.acte) == (0, 900, None)


@pytest.mark.parametrize(("prenom", "told"), [("", "patient LEFEVRE, NIR"), ("ZOE", "patient ZOE LEFEVRE, NIR")])
def test_a_patient_without_a_first_name(
    practice: Practice, capsys: pytest.CaptureFixture[str], prenom: str, told: str
) -> None:
    print_facture(replace(facture(practice, 1, le=LATER), prenom=prenom, nom="LEFEVRE"))
    assert told in capsys.readouterr().out


def test_a_forced_state_in_force_and_lapsed(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    forcer(practice, 1, "AMO", "abandonnee", le=LATER, **SIGNED)
    forced = "part AMO, état forcé « Abandonnée »"
    history = facture(practice, 1, le=LATER)
    assert by_hand(history) == [("forcee", 1, f"{forced}, {BY_HAND}")]
    assert {part.partie: part.acte for part in history.parts} == {"AMO": 1, "AMC": None}
    print_facture(history)
    assert "part AMO : Abandonnée (état forcé à la main, acte n° 1)" in capsys.readouterr().out
    history = facture(received(practice, noe()), 1, le=LATER)
    assert by_hand(history) == [
        ("forcee", 1, f"{forced}, caduc : les réponses des payeurs ont changé depuis, {BY_HAND}")
    ]
    assert {part.partie: part.acte for part in history.parts} == {"AMO": None, "AMC": None}


def test_a_debt_and_what_was_taken_back(practice: Practice) -> None:
    received(practice, withheld())
    rattacher_creance(practice, REFERENCE, facture=1, le=LATER, **SIGNED)
    forcer(practice, 1, "AMO", "payee", le=LATER, **SIGNED)
    annuler_acte(practice, [2], auteur="paul", motif="erreur", le=date(2026, 10, 13))
    undone = f"{BY_HAND.replace('n° 1', 'n° 2')} ; annulé par paul le 13/10/2026 (acte n° 3 : erreur)"
    assert by_hand(facture(practice, 1, le=LATER)) == [
        ("creance", 1, f"créance {REFERENCE}, rattachée à la facture 000000001, {BY_HAND}"),
        ("acte_annule", 2, f"facture 000000001, part AMO : état forcé « Payée », {undone}"),
    ]
    assert by_hand(facture(practice, 2, le=LATER)) == []


DAYS = [date(2026, 10, 6), date(2026, 10, 15), date(2026, 10, 16), date(2026, 11, 30)]


@pytest.mark.parametrize("answered", [False, True])
def test_it_asks_what_the_worklist_of_the_day_asks(practice: Practice, answered: bool) -> None:
    if answered:
        received(practice, noe(), misnumbered())
    for le in DAYS:
        assert_asked(practice, le)


def assert_asked(practice: Practice, le: date) -> None:
    worklist = suivi(practice, le=le).taches
    for numero in range(1, 7):
        history = facture(practice, numero, le=le)
        wanted = [one for one in worklist if one.numero == numero]
        assert set(history.taches) == set(wanted)
        for part in history.parts:
            assert part.action == "".join(one.action for one in wanted if one.partie == part.partie)
        assert all(one.action in history.action for one in wanted)
        assert bool(history.action) is bool(wanted)


def test_a_lost_line_is_suggested_where_it_may_belong(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    line = line_of(received(practice, unnumbered(AssureRetour(nir=PATIENTS[0][0]))), "numero_illisible")
    history = facture(practice, 1, le=LATER)
    (one,) = history.suggestions
    assert (one.ligne, one.montant, "même assuré" in one.raison) == (line, 3000, True)
    print_facture(history)
    assert f"fse rattacher {line} --facture 1" in capsys.readouterr().out
    rattacher(practice, line, 1, le=LATER, **SIGNED)
    assert facture(practice, 1, le=LATER).suggestions == ()


def test_a_purged_person_leaves_the_history(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    with practice.journal.transaction(now()) as transaction:
        transaction.connection.exec_driver_sql("DELETE FROM personne")
    history = facture(practice, 1, le=LATER)
    assert (history.nir, history.nom, history.prenom) == ("", "", "")
    print_facture(history)
    assert "n'a pas, ou plus, ses données personnelles" in capsys.readouterr().out
