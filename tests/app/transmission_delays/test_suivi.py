"""What the worklist and the history of an invoice tell of the transmission: deadlines, articles, what to do."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from fse.app.cli.facture import print_facture
from fse.app.cli.output import to_json
from fse.app.cli.relancer import print_relances
from fse.app.operations.cabinet.description import CahierDesCharges
from fse.app.operations.facture import facture as history
from fse.app.operations.practice import Practice
from fse.app.operations.reclamer import reclamer
from fse.app.operations.relancer import relancer
from fse.app.operations.securiser import securiser
from fse.app.operations.suivi import suivi
from fse.app.operations.transmission.interdits import is_needless
from tests.app.cabinet import JOUR, PRESTATAIRE, document, facture
from tests.app.emitted import emitted_practice
from tests.app.transmission_delays.scene import (
    JEUDI,
    LUNDI,
    MARDI,
    MERCREDI,
    VENDREDI,
    Printed,
    acknowledge,
    emit,
    emitted,
    send,
    told,
)


def test_sheets_are_in_the_order_of_their_deadlines_with_article_and_date(practice: Practice, capsys: Printed) -> None:
    securiser(practice, document(facture("V-1"), facture("V-2", destinataire="00")), le=JOUR)
    securiser(practice, document(facture("V-3", destinataire="25")), le=MERCREDI)
    taches = suivi(practice, le=VENDREDI).taches
    assert [(one.numero, one.echeance.le if one.echeance else None) for one in taches] == [
        (2, JEUDI),  # paid by the patient
        (3, LUNDI),  # so is the compulsory part of this one
        (1, date(2026, 10, 15)),
    ]
    text = told(practice, VENDREDI, capsys)
    assert "en retard, dernier jour : 08/10/2026 (R161-47 I 1° a du code de la sécurité sociale)" in text
    assert "jusqu'au 15/10/2026 (R161-47 I 1° b du code de la sécurité sociale)" in text


def test_without_a_way_of_our_own_only_waiting_sheets_have_a_deadline(tmp_path: Path, capsys: Printed) -> None:
    with emitted_practice(tmp_path / "cabinet") as practice:
        securiser(practice, document(facture("V-7"), facture("V-8", mode="papier")), le=JOUR)
        result = suivi(practice, le=MARDI)
        assert {one.numero for one in result.taches if one.echeance} == {7}
        assert (result.transmissions, result.cahier_des_charges) == ((), None)
        assert "Lot" not in told(practice, MARDI, capsys)


def test_a_lot_is_told_from_the_card_to_its_acknowledgement(practice: Practice, capsys: Printed) -> None:
    key = emitted(practice, facture("V-1"), facture("V-2"))
    send(practice, JOUR, "differe", code="451", detail="boîte pleine")
    text = told(practice, MARDI, capsys)
    assert "Lot à envoyer : 1" in text
    assert "1 essai sans succès, le 05/10/2026 : 451 boîte pleine" in text
    assert "2 factures (000000001, 000000002), 60,00" in text
    assert text.count("lot à envoyer") == 1, "its invoices are told with it"
    taches = suivi(practice, le=MARDI).taches
    assert {(one.lot, one.libelle) for one in taches} == {(1, "En attente (lot à envoyer)")}
    send(practice, MARDI)
    assert "Parti, accusé attendu : 1" in told(practice, MARDI, capsys)
    late = told(practice, date(2026, 10, 16), capsys)
    assert "Accusé de réception manquant : 1" in late
    assert "renvoi à faire, jusqu'au 19/10/2026 (R161-47 I 1° du code de la sécurité sociale)" in late
    assert "→ Renvoyer tel quel : fse relancer." in late
    relancer(practice, le=date(2026, 10, 16))
    assert "Renvoi prêt à partir : 1" in told(practice, date(2026, 10, 16), capsys)
    send(practice, date(2026, 10, 16))
    assert "duplicata à éditer : 1" in told(practice, date(2026, 10, 21), capsys)
    acknowledge(practice, key, "P", date(2026, 10, 21))
    text = told(practice, date(2026, 10, 21), capsys)
    assert "duplicata" not in text
    assert (
        "virement à ordonner par la caisse, jusqu'au 28/10/2026 (article 60 du projet de convention, "
        "projet du 07/07/2011, non en vigueur)"
    ) in text


def test_a_refusal_is_told_with_its_cause_and_the_invoice_at_fault(practice: Practice, capsys: Printed) -> None:
    key = emitted(practice, facture("V-1"), facture("V-2"))
    send(practice, JOUR)
    acknowledge(practice, key, "N", MERCREDI, cause="9990", numero=2)
    text = told(practice, MERCREDI, capsys)
    assert "Refusé à la réception : 1" in text
    assert "refusé le 07/10/2026, cause 9990" in text
    assert "facture en cause : 000000002" in text
    assert {one.libelle for one in suivi(practice, le=MERCREDI).taches} == {
        "En attente de réponse (refusé à la réception)"
    }
    relancer(practice, le=MERCREDI)
    text = told(practice, MERCREDI, capsys)
    assert "Facture en cause à refaire : 1" in text
    assert "Refusée avec son lot, attend un nouveau lot : 1" in text


def test_paper_with_third_party_payment_is_to_send_then_to_be_paid(practice: Practice, capsys: Printed) -> None:
    securiser(
        practice, document(facture("V-1", mode="papier"), facture("V-2", mode="papier", destinataire="00")), le=JOUR
    )
    assert "feuille papier à envoyer à la caisse, jusqu'au 13/10/2026 (R161-47 I 2°" in told(practice, MARDI, capsys)
    after = told(practice, date(2026, 10, 14), capsys)
    assert "feuille papier à payer par la caisse, jusqu'au 02/11/2026 (article 65 du projet" in after
    assert "non en vigueur" in after
    assert after.count("feuille papier") == 1


@pytest.mark.parametrize(("installe", "expected"), [(False, "jusqu'au 15/12/2026"), (True, None)])
def test_the_specification_to_install(
    practice: Practice, capsys: Printed, installe: bool, expected: str | None
) -> None:
    cahier = CahierDesCharges(
        version="1.40", publie_le=date(2025, 3, 10), corrige_le=date(2025, 6, 15), installe=installe
    )
    configured = replace(practice, cabinet=replace(practice.cabinet, cahier_des_charges=cahier))
    text = told(configured, JOUR, capsys)
    assert ("SESAM-Vitale 1.40" in text) == (expected is not None)
    assert expected is None or f"{expected} (article 59.1 du projet de convention, projet du 07/07/2011" in text


def test_a_practitioner_sees_their_own_lots_only(practice: Practice) -> None:
    emitted(practice)
    assert len(suivi(practice, le=JOUR, praticiens=[PRESTATAIRE]).transmissions) == 1
    assert suivi(practice, le=JOUR, praticiens=["009876541"]).transmissions == ()


def test_json_says_each_deadline_with_its_regime(practice: Practice) -> None:
    key = emitted(practice)
    send(practice, JOUR)
    acknowledge(practice, key, "P", MERCREDI)
    given = json.loads(json.dumps(to_json(suivi(practice, le=MERCREDI))))
    due = [tache["echeance"] for tache in given["taches"] if tache["echeance"]]
    assert [(one["nom"], one["le"], one["regime"]) for one in due] == [("ordre_virement", "2026-10-14", "projet-2011")]


# --- the history of an invoice ---------------------------------------------------------------------------------------


def steps(practice: Practice, numero: int, le: date) -> list[tuple[date | None, str]]:
    return [(one.jour, one.evenement) for one in history(practice, numero, le=le).etapes]


def test_an_invoice_tells_each_sending_acknowledgement_and_resend(practice: Practice, capsys: Printed) -> None:
    key = emitted(practice, facture("V-1", destinataire="00"))
    send(practice, JOUR, "differe", code="451", detail="boîte pleine")
    send(practice, JOUR)
    relancer(practice, le=JEUDI)
    send(practice, JEUDI)
    acknowledge(practice, key, "P", VENDREDI)
    assert steps(practice, 1, VENDREDI) == [
        (JOUR, "securisee"),
        (JOUR, "lot"),
        (JOUR, "essai"),
        (JOUR, "emise"),
        (JEUDI, "renvoi"),
        (JEUDI, "depart"),
        (VENDREDI, "accuse"),
    ]
    print_facture(history(practice, 1, le=VENDREDI))
    text = capsys.readouterr().out
    assert "dans le lot 001 pour l'organisme 998, signé" in text
    assert "déposée dans le dossier d'envoi [00000001234566-000001]" in text
    assert "envoi différé : 451 boîte pleine [00000001234566-000001]" in text
    assert "à renvoyer telle quelle, aucun accusé dans le délai [00000001234566-000002]" in text
    assert "accusé de réception positif" in text


def test_an_invoice_that_left_a_refused_lot_tells_both_lots(practice: Practice, capsys: Printed) -> None:
    key = emitted(practice, facture("V-1"), facture("V-2"))
    send(practice, JOUR)
    acknowledge(practice, key, "N", MERCREDI, cause="9990", numero=2)
    relancer(practice, le=MERCREDI)
    emit(practice, le=MERCREDI)
    send(practice, MERCREDI)
    assert [event for _, event in steps(practice, 1, MERCREDI)] == [
        *("securisee", "lot_quitte", "depart", "accuse", "relot"),
        *("lot", "emise"),
    ]
    assert [event for _, event in steps(practice, 2, MERCREDI)] == ["securisee", "lot", "emise", "accuse", "relot"]
    print_facture(history(practice, 2, le=MERCREDI))
    text = capsys.readouterr().out
    assert "reste seule dans le lot 001, lot refusé : à corriger et à refaire" in text
    assert "→ Corriger la facture, puis la refaire sous un nouveau numéro." in text


def test_an_invoice_shows_its_deadline(practice: Practice, capsys: Printed) -> None:
    securiser(practice, document(facture("V-1")), le=JOUR)
    print_facture(history(practice, 1, le=JOUR))
    assert "feuille en tiers payant à transmettre, jusqu'au 15/10/2026 (R161-47 I 1° b" in capsys.readouterr().out


# --- relancer, as it is printed --------------------------------------------------------------------------------------


def test_relancer_tells_what_it_did_and_what_is_left(practice: Practice, capsys: Printed) -> None:
    emitted(practice, facture("V-1"))
    send(practice, JOUR)
    named = emitted(practice, facture("V-2"), facture("V-3"))
    send(practice, JOUR)
    acknowledge(practice, named, "N", MERCREDI, cause="9990", numero=2)
    print_relances(relancer(practice, le=JEUDI))
    text = capsys.readouterr().out
    assert "à renvoyer tel quel : fichier 00000001234566-000003 prêt" in text
    assert "ou au plus tard avec la transmission suivante" in text
    assert "1 facture en attente d'un nouveau lot, à signer" in text
    assert "À signer : fse emettre --sortie DOSSIER" in text
    assert "lot 002 du 05/10/2026, praticien 001234566 : 000000002" in text
    assert "À envoyer : fse envoyer" in text
    json.dumps(to_json(relancer(practice, le=JEUDI)))


def test_a_resend_that_became_needless_is_known(practice: Practice) -> None:
    key = emitted(practice)
    send(practice, JOUR)
    relancer(practice, le=JEUDI)

    def needless(identifiant: str) -> bool:
        with practice.journal.reading() as reading:
            return is_needless(reading, practice.cabinet, "00000001234566", identifiant, JEUDI)

    assert not needless("000002")
    acknowledge(practice, key, "P", JEUDI)
    assert needless("000002")
    assert not needless("000001"), "what never left must leave"


def test_a_claim_says_when_the_invoice_left(practice: Practice, tmp_path: Path) -> None:
    key = emitted(practice)
    send(practice, MERCREDI)
    acknowledge(practice, key, "P", JEUDI)
    (claim,) = reclamer(practice, tmp_path / "claims", le=JEUDI + timedelta(days=60))
    with claim.chemin.open(encoding="utf-8-sig", newline="") as file:
        line = next(csv.DictReader(file, delimiter=";"))
    assert (line["fichier_envoye"], line["envoyee_le"]) == ("00000001234566-000001", "07/10/2026")
