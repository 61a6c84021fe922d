"""After a failure: what never leaves again unchanged, until when the rest must leave, and how it is all told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from fse.app.cli.facture import print_facture
from fse.app.cli.relancer import print_relances
from fse.app.operations.cabinet.description import Releve
from fse.app.operations.facture import facture as history
from fse.app.operations.practice import Practice
from fse.app.operations.relancer import relancer
from fse.app.operations.securiser import securiser
from fse.app.operations.suivi import suivi
from fse.app.operations.transmission.interdits import is_needless
from fse.base.dates import to_days
from fse.infra.journal.facts import lots
from fse.infra.journal.facts.exchanges import courriers, incidents, pieces
from tests.app.cabinet import JOUR, PRESTATAIRE, document, facture
from tests.app.on_paper import on_paper
from tests.app.transmission_delays.scene import (
    JEUDI,
    LUNDI,
    MARDI,
    MERCREDI,
    NOW,
    VENDREDI,
    Printed,
    acknowledge,
    emit,
    emitted,
    send,
    told,
)


def steps(practice: Practice, numero: int, le: date) -> list[str]:
    return [one.evenement for one in history(practice, numero, le=le).etapes]


# --- what must not leave again unchanged -----------------------------------------------------------------------------


def corrected(practice: Practice, numero: int, le: date) -> None:
    securiser(practice, document(facture(f"V-{numero}b", before=f"<remplace>{numero}</remplace>")), le=le)


def needless(practice: Practice, identifiant: str, le: date) -> bool:
    with practice.journal.reading() as reading:
        return is_needless(reading, practice.cabinet, "00000001234566", identifiant, le)


def test_a_refusal_that_asks_for_a_new_lot_replaces_a_resend_that_waits(practice: Practice) -> None:
    key = emitted(practice, facture("V-1"), facture("V-2"))
    send(practice, JOUR)
    relancer(practice, le=JEUDI)
    acknowledge(practice, key, "N", JEUDI, cause="9990", numero=2)
    assert needless(practice, "000002", JEUDI), "even before it is decided"
    done = relancer(practice, le=JEUDI)
    assert [(one.genre, one.factures) for one in done.relances] == [("relot", (1,))]
    assert done.en_attente == ()
    assert needless(practice, "000002", JEUDI)


def test_a_correction_stops_a_resend(practice: Practice) -> None:
    emitted(practice, facture("V-1"))
    send(practice, JOUR)
    relancer(practice, le=JEUDI)
    assert not needless(practice, "000002", JEUDI)
    corrected(practice, 1, JEUDI)
    assert needless(practice, "000002", JEUDI)


def test_a_lot_partly_corrected_or_on_paper_is_made_again_without_it(practice: Practice) -> None:
    emitted(practice, facture("V-1"), facture("V-2"))
    send(practice, JOUR)
    corrected(practice, 1, MERCREDI)
    (one,) = relancer(practice, le=JEUDI).relances
    assert (one.genre, one.factures) == ("relot", (2,))
    emit(practice, le=JEUDI)
    with practice.journal.reading() as reading:
        found = [lot for lot in lots.live_lots(reading) if lot.numero_lot != 1]
        made = [[row.numero for row in lots.factures_of(reading, lot.key)] for lot in found]
    assert sorted(made) == [[2], [3]], "the one that was not corrected, and the correction"


def test_a_resend_partly_on_paper_is_made_again_without_it(practice: Practice) -> None:
    emitted(practice, facture("V-1"), facture("V-2"), facture("V-3"))
    send(practice, JOUR)
    relancer(practice, le=JEUDI)
    send(practice, JEUDI, "differe", detail="le dossier n'existe pas")
    on_paper(practice, 1, 2, le=VENDREDI)
    done = relancer(practice, le=VENDREDI)
    assert [(one.genre, one.factures) for one in done.relances] == [("relot", (3,))]
    assert [one.factures for one in done.a_signer] == [(3,)]


def test_a_lot_that_never_left_and_is_partly_on_paper_says_what_is_missing(practice: Practice, capsys: Printed) -> None:
    emitted(practice, facture("V-1"), facture("V-2"))
    send(practice, JOUR, "differe", detail="le dossier n'existe pas")
    on_paper(practice, 1, le=VENDREDI)
    text = told(practice, VENDREDI, capsys)
    assert "Ne partira pas : 000000001 déjà sur papier." in text
    assert "fse duplicata 2" in text
    assert "À faire : 1 duplicata à éditer" in text
    print_relances(relancer(practice, le=VENDREDI))
    assert "praticien 001234566 : 000000002" in capsys.readouterr().out
    print_facture(history(practice, 1, le=VENDREDI))
    text = capsys.readouterr().out
    assert "Éditer" not in text, "its own is made"
    assert "duplicata n° 1 édité par essai, à envoyer à la caisse : panne" in text
    assert "→ Le poster si ce n'est fait ; paiement attendu." in text


# --- deadlines after a new lot ---------------------------------------------------------------------------------------


def test_a_sheet_that_left_a_refused_lot_keeps_the_deadline_of_the_resend(practice: Practice, capsys: Printed) -> None:
    key = emitted(practice, facture("V-1"), facture("V-2"))
    send(practice, JOUR)
    acknowledge(practice, key, "N", MERCREDI, cause="9990", numero=2)
    done = relancer(practice, le=MERCREDI)
    assert done.relances[0].echeance.le == VENDREDI
    assert [(one.echeance.nom, one.echeance.le) for one in done.a_signer] == [("reemission", VENDREDI)]
    (task,) = [one for one in suivi(practice, le=MERCREDI).taches if one.numero == 1]
    assert (task.nature, task.echeance and task.echeance.le) == ("a_reemettre", VENDREDI)
    print_facture(history(practice, 1, le=MERCREDI))
    assert "renvoi à faire, jusqu'au 09/10/2026" in capsys.readouterr().out
    emit(practice, le=MERCREDI)
    (new,) = [one for one in suivi(practice, le=LUNDI).transmissions if one.numero_lot == 2]
    assert (new.transmission.etat, new.transmission.echeances[0].le) == ("a_envoyer", VENDREDI)
    assert "renvoi à faire, en retard, dernier jour : 09/10/2026" in told(practice, LUNDI, capsys)


# --- order, and what is said once ------------------------------------------------------------------------------------


def test_on_one_day_steps_are_in_the_order_of_the_journal(practice: Practice) -> None:
    key = emitted(practice, facture("V-1"), facture("V-2"))
    send(practice, JOUR)
    acknowledge(practice, key, "N", JOUR, cause="9950")
    relancer(practice, le=JOUR)
    send(practice, JOUR, "differe", code="451")
    send(practice, JOUR)
    acknowledge(practice, key, "N", JOUR, cause="9990", numero=2)
    relancer(practice, le=JOUR)
    emit(practice, le=JOUR)
    send(practice, JOUR)
    on_paper(practice, 1, le=JOUR)
    assert steps(practice, 1, JOUR) == [
        *("securisee", "lot_quitte", "depart", "accuse"),
        *("renvoi", "essai", "depart", "accuse"),
        *("relot", "lot", "emise", "duplicata"),
    ]


def test_what_asks_for_something_comes_first_by_date_and_an_article_is_said_once(
    practice: Practice, capsys: Printed
) -> None:
    emitted(practice, facture("V-1"))
    send(practice, JOUR)
    securiser(practice, document(facture("V-2"), facture("V-3", patient=1)), le=JEUDI)
    emit(practice, le=JEUDI)
    securiser(practice, document(facture("V-4"), facture("V-5", patient=1)), le=JEUDI)
    text = told(practice, MERCREDI, capsys)
    assert "À faire : 1 lot à envoyer (jusqu'au 20/10), 2 feuilles à émettre (jusqu'au 20/10)" in text
    places = [text.index(group) for group in ("Lot à envoyer", "En attente d'un lot", "accusé attendu", "de réponse")]
    assert places == sorted(places)
    assert text.count("R161-47 I 1° b") == 2, "once for the lot, once for the sheets"


def test_the_last_refusal_only_and_its_cause_only_where_it_is_still_to_handle(
    practice: Practice, capsys: Printed
) -> None:
    key = emitted(practice)
    for day in (JOUR, MERCREDI):
        send(practice, day)
        acknowledge(practice, key, "N", day, cause="9950")
        assert told(practice, day, capsys).count("à faire : ") == (1 if day == JOUR else 0)
        relancer(practice, le=day)
    text = told(practice, MERCREDI, capsys)
    assert "duplicata à éditer" in text
    assert text.count("refusé le") == 1
    assert "fse duplicata 1" in text


def test_a_document_that_waits_is_told(practice: Practice, capsys: Printed) -> None:
    key = emitted(practice)
    send(practice, JOUR)
    acknowledge(practice, key, "P", JOUR)
    with practice.journal.transaction(NOW) as transaction:
        row = pieces.deposit(
            transaction,
            PRESTATAIRE,
            1,
            nature="ordonnance",
            data=b"%PDF",
            empreinte="1" * 64,
            reprend=None,
            auteur="root",
            le=to_days(JOUR),
        )
        pieces.follow(transaction, row.piece, "envoyee", jour=to_days(JOUR))
    assert "Pièces justificatives : 1 envoyée, pas encore acceptée → fse piece suivre" in told(practice, JOUR, capsys)
    print_facture(history(practice, 1, le=JOUR))
    assert "pièce 1, ordonnance (prescription) : envoyée" in capsys.readouterr().out


def test_parts_before_the_departure_and_a_refused_lot_are_called_so(practice: Practice) -> None:
    key = emitted(practice, facture("V-1"))
    assert {one.libelle for one in history(practice, 1, le=JOUR).parts} == {"Pas encore envoyée"}
    send(practice, JOUR)
    assert {one.libelle for one in history(practice, 1, le=JOUR).parts} == {"En attente de réponse"}
    acknowledge(practice, key, "N", MERCREDI, cause="9950")
    assert history(practice, 1, le=MERCREDI).libelle == "Refusée à la réception (accusé négatif)"
    relancer(practice, le=MERCREDI)
    send(practice, MERCREDI)
    assert history(practice, 1, le=MERCREDI).libelle == "Envoyée, en attente de réponse"


def test_whether_returns_were_fetched_is_told_where_fse_fetches_them(practice: Practice, capsys: Printed) -> None:
    emitted(practice)
    assert "courrier relevé" not in told(practice, JOUR, capsys)
    releve = Releve(genre="repertoire", dossier="retours")
    fetching = replace(practice, cabinet=replace(practice.cabinet, releve=releve))
    assert "Dernier courrier relevé : aucun\n    → fse relever avant de relancer." in told(fetching, JOUR, capsys)
    with practice.journal.transaction(NOW) as transaction:
        courriers.keep(transaction, "2" * 64, b"", source="retours", le=to_days(JOUR))
    assert "Dernier courrier relevé : 05/10/2026\n" in told(fetching, MARDI, capsys)
    with practice.journal.transaction(NOW + timedelta(days=1)) as transaction:
        incidents.record(transaction, nature="releve", code="x", detail="pas de serveur", jour=to_days(MERCREDI))
    print_relances(relancer(fetching, le=MERCREDI))
    assert "; relève en échec le 07/10/2026 : pas de serveur\n    → fse relever" in capsys.readouterr().out
