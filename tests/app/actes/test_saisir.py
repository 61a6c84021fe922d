"""A statement on paper, entered by hand: all of it or nothing, once, to the centime, and shown as such."""

from __future__ import annotations

from datetime import date

import pytest

from fse.app.operations.actes.annuler_acte import annuler_acte
from fse.app.operations.actes.forcer import forcer
from fse.app.operations.actes.releve import read_amount, read_statement
from fse.app.operations.actes.saisir import Saisie, saisir
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.states import refresh
from fse.app.operations.suivi import suivi
from fse.base.errors import UsageError
from tests.app.actes.world import AUTEUR, LATER, MOTIF, SIGNED, events, everything, rebuilt, received, states
from tests.app.cabinet import PRESTATAIRE
from tests.app.emitted import noe, receive, rows

HEADER = "numero;partie;etat;montant\n"
PIECE = "relevé CPAM du 12/10"
STATEMENT = f"{HEADER}1;AMO;payee;21,00\n000000001;amc;rejetee;\n5;AMO;Différée;\n5;AMC;payée;7,50\n"


def enter(practice: Practice, text: str, **options: object) -> Saisie:
    given = {"piece": PIECE, "jour": LATER, "le": LATER} | SIGNED | options
    return saisir(practice, text.encode(), **given)  # type: ignore[arg-type]


def test_each_line_is_an_answer_of_its_day(practice: Practice) -> None:
    before = everything(practice)
    done = enter(practice, STATEMENT, total=2850)
    assert (done.lignes, done.total, done.constats) == (4, 2850, ())
    assert done.poses is not None
    known = states(practice)
    assert (known[1, "AMO"], known[1, "AMC"]) == (("payee", 2100), ("rejetee", 0))
    assert (known[5, "AMO"], known[5, "AMC"]) == (("differee", 0), ("payee_moins", 750))
    assert len(done.poses.changements) == 4
    assert rebuilt(practice) == everything(practice)
    annuler_acte(practice, [one.acte for one in done.poses.actes], **SIGNED)
    assert everything(practice) == before


def test_it_ends_a_forced_state_and_says_so(practice: Practice) -> None:
    forcer(practice, 1, "AMO", "abandonnee", **SIGNED)
    done = enter(practice, f"{HEADER}1;AMO;payee;21,00\n")
    assert done.poses is not None
    (change,) = done.poses.changements
    assert (change.avant, change.apres, change.force_caduc) == ("abandonnee", "payee", 1)


def test_two_practitioners_with_one_number_are_told_apart(practice: Practice) -> None:
    with practice.journal.transaction(now()) as transaction:
        run = transaction.connection.exec_driver_sql
        run("CREATE TEMP TABLE double AS SELECT * FROM facture WHERE numero = 1")
        run("UPDATE double SET prestataire = '002345679', mode = 'papier'")
        run("INSERT INTO facture SELECT * FROM double")
        refresh(transaction, [1])
    done = enter(practice, f"{HEADER}1;AMO;payee;21,00\n")
    assert [(one.code, "« praticien »" in one.action) for one in done.constats] == [("releve.facture", True)]
    told = f"{HEADER.strip()};praticien\n1;AMO;payee;21,00;002345679\n1;AMO;payee;20,00;{PRESTATAIRE}\n"
    assert enter(practice, told).constats == ()
    paid = rows(practice, "SELECT prestataire, paye FROM etat_part WHERE numero = 1 AND partie = 'AMO' ORDER BY paye")
    assert paid == [{"prestataire": PRESTATAIRE, "paye": 2000}, {"prestataire": "002345679", "paye": 2100}]


def test_each_line_is_an_act_of_the_chain(practice: Practice) -> None:
    enter(practice, STATEMENT)
    told = events(practice)
    assert [(one["acte"], one["numero"], one["partie"], one["etat"], one["montant"]) for one in told] == [
        (1, 1, "AMO", "P", 2100),
        (2, 1, "AMC", "R", 0),
        (3, 5, "AMO", "D", 0),
        (4, 5, "AMC", "P", 750),
    ]
    assert {(one["auteur"], one["motif"], one["piece"]) for one in told} == {(AUTEUR, MOTIF, PIECE)}


def test_one_line_taken_back_leaves_the_others(practice: Practice) -> None:
    enter(practice, STATEMENT)
    annuler_acte(practice, [1], **SIGNED)
    known = states(practice)
    assert (known[1, "AMO"], known[1, "AMC"]) == (("attendue", 0), ("rejetee", 0))


def test_a_negative_amount_takes_back_what_was_paid(practice: Practice) -> None:
    received(practice, noe())
    enter(practice, f"{HEADER}1;AMO;payee;-21,00\n")
    assert states(practice)[1, "AMO"] == ("payee_moins", 0)


def test_the_return_that_comes_after_is_seen_as_a_double(practice: Practice) -> None:
    enter(practice, f"{HEADER}1;AMO;payee;21,00\n")
    receive(practice, noe())
    assert states(practice)[1, "AMO"] == ("payee_plus", 4200)
    assert "saisie_doublee" in {one.nature for one in suivi(practice, le=LATER).taches}


def refused(practice: Practice, text: str, **options: object) -> list[tuple[str, int | None]]:
    """The codes and lines of the findings; nothing may be booked."""
    before = everything(practice), events(practice)
    done = enter(practice, text, **options)
    assert done.poses is None
    assert (everything(practice), events(practice)) == before
    return [(one.code, one.place.rang) for one in done.constats]


def test_one_bad_line_and_nothing_is_booked(practice: Practice) -> None:
    bad = (
        "abc;AMO;payee;1,00",
        "1;RO;payee;1,00",
        "1;AMO;refusée;",
        "1;AMO;payee;",
        "1;AMO;rejetee;3,00",
        "1;AMO;payee;1.234",
        "0;AMC;x;y",
    )
    assert refused(practice, "\n".join((f"{HEADER}1;AMC;payee;9,00", *bad))) == [
        ("releve.valeur", line) for line in (3, 4, 5, 6, 7, 8, 9, 9, 9)
    ]
    assert refused(practice, f"{HEADER}77;AMO;payee;1,00\n1;AMO;payee;21,00\n") == [("releve.facture", 2)]
    assert refused(practice, STATEMENT, total=2849) == [("releve.total", None)]
    assert refused(practice, f"{HEADER}1;AMO;payee;21,00\n2;AMO;payee;21,00\n1;AMO;payee;21,0\n") == [
        ("releve.ligne_double", 4)
    ]
    assert refused(practice, STATEMENT, jour=date(2026, 10, 4)) == [("releve.date", line) for line in (2, 3, 4, 5)]


def test_the_same_paper_is_entered_once(practice: Practice) -> None:
    enter(practice, STATEMENT)
    assert refused(practice, STATEMENT) == [("releve.deja_saisi", line) for line in (2, 3, 4, 5)]
    for piece in ("  Relevé cpam du 12/10", "RELEVE C P A M du 12 / 10", "releve\N{NO-BREAK SPACE}CPAM du 12/10"):
        assert refused(practice, f"{HEADER}1;AMO;payee;21,00\n", piece=piece) == [("releve.deja_saisi", 2)]
    annuler_acte(practice, [1], **SIGNED)
    assert enter(practice, f"{HEADER}1;AMO;payee;21,00\n").poses is not None


def test_an_amount_out_of_all_proportion_is_booked_and_doubted(practice: Practice) -> None:
    for text, doubted in (("210,00", False), ("210,01", True), ("-210,01", True)):
        done = enter(practice, f"{HEADER}1;AMO;payee;{text}\n")
        assert done.poses is not None
        assert [(one.code, one.is_error) for one in done.constats] == [("releve.montant_eleve", False)] * doubted


@pytest.mark.parametrize("change", [{"piece": "second relevé"}, {"jour": date(2026, 10, 11)}])
def test_another_paper_or_day_is_another_payment(practice: Practice, change: dict[str, object]) -> None:
    enter(practice, f"{HEADER}1;AMO;payee;21,00\n")
    enter(practice, f"{HEADER}1;AMO;payee;21,00\n", **change)
    assert states(practice)[1, "AMO"] == ("payee_plus", 4200)


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        ("1;AMO;payee;21,00\n", {}, "releve.colonnes"),
        ("numero,partie,etat,montant\n1,AMO,payee,21\n", {}, "releve.colonnes"),
        ("numero;partie;etat;montant;montant\n", {}, "releve.colonnes"),
        ("", {}, "releve.colonnes"),
        (HEADER + "x" * 200_000, {}, "releve.colonnes"),
        (f"{HEADER};;;\n\n", {}, "releve.vide"),
        (STATEMENT, {"piece": " "}, "acte.absent"),
        (STATEMENT, {"piece": "relevé de 1850975056000"}, "acte.personnel"),
        (STATEMENT, {"motif": ""}, "acte.absent"),
        (STATEMENT, {"piece": "relevé\0"}, "acte.illisible"),
        (STATEMENT, {"motif": "\x1b[2J"}, "acte.illisible"),
        (STATEMENT, {"auteur": "marie\udcff"}, "acte.illisible"),
        (STATEMENT, {"jour": date(2026, 10, 13)}, "acte.jour_a_venir"),
    ],
)
def test_what_is_no_statement_is_refused(practice: Practice, text: str, options: dict[str, object], code: str) -> None:
    with pytest.raises(UsageError) as raised:
        enter(practice, text, **options)
    assert raised.value.code == code
    assert events(practice) == []


def test_a_statement_as_spreadsheets_write_it() -> None:
    text = "Numéro;Date;Partie;État;Montant;praticien\r\n12;05/10;AMO;payée;1 016,50 €;001234566\r\n;;;;;\r\n"
    for data in (text.encode("utf-8-sig"), text.encode("cp1252")):
        (line,), found = read_statement(data)
        assert (found, line.ligne, line.numero, line.partie, line.etat) == ([], 2, 12, "AMO", "P")
        assert (line.montant, line.prestataire) == (101650, "001234566")


@pytest.mark.parametrize(
    ("text", "centimes"),
    [
        ("0,05", 5),
        ("16.5", 1650),
        ("12 345", 1234500),
        ("1\N{NARROW NO-BREAK SPACE}234,50\N{NO-BREAK SPACE}€", 123450),
        ("-7,50", -750),
        ("999 999 999,99", 99_999_999_999),
        ("1 000 000 000", None),
        ("1 23", None),
        ("1,234", None),
        ("+3", None),
        ("", None),
        ("3,", None),
        ("dix", None),
    ],
)
def test_amounts(text: str, centimes: int | None) -> None:
    assert read_amount(text) == centimes
