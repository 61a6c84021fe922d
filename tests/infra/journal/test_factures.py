"""Invoices: what is recorded is found again, what would contradict the record is refused, the waiting list is exact."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from fse.base.errors import UsageError
from fse.infra.journal import Journal, Reading
from fse.infra.journal.facts import factures
from fse.infra.journal.schema.tables import evenement
from tests.infra.journal.facts import NOW, PRESTATAIRE, cancel, make_lot, secure

AUTRE = "009999995"


def waiting(reading: Reading) -> list[int]:
    return [facture.numero for facture in factures.waiting(reading)]


def test_an_invoice_is_found_as_it_was_given(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        given = secure(transaction, 1)
        other = secure(transaction, 1, prestataire=AUTRE, reference="ref-1")
    with journal.reading() as reading:
        assert factures.find(reading, PRESTATAIRE, 1) == given
        assert factures.find_by_reference(reading, PRESTATAIRE, "ref-1") == given
        assert factures.find_all(reading, 1) == [given, other]
        assert factures.find(reading, PRESTATAIRE, 2) is None
        assert factures.find_by_reference(reading, PRESTATAIRE, "ref-2") is None
        assert factures.find_cancellation(reading, PRESTATAIRE, 1) is None


def test_securing_leaves_one_event_with_the_facts(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        given = secure(transaction, 1)
    with journal.reading() as reading:
        genre, contenu = reading.connection.execute(select(evenement.c.genre, evenement.c.contenu)).one()
    assert genre == "facture_securisee"
    assert json.loads(contenu)["sceau"] == given.sceau
    assert json.loads(contenu)["personne"] == given.personne


@pytest.mark.parametrize(
    ("numero", "changes", "code"),
    [
        (1, {"reference": "autre"}, "facture.numero_pris"),
        (9, {"reference": "ref-1"}, "facture.reference_prise"),
        (9, {"remplace": 1}, "facture.deja_remplacee"),
    ],
)
def test_what_contradicts_the_record_is_refused(
    journal: Journal, numero: int, changes: dict[str, object], code: str
) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1)
        secure(transaction, 2, remplace=1)
    with pytest.raises(UsageError) as error, journal.transaction(NOW) as transaction:
        secure(transaction, numero, **changes)
    assert error.value.code == code
    with journal.reading() as reading:
        assert waiting(reading) == [1, 2]
        successor = factures.find_successor(reading, PRESTATAIRE, 1)
        assert successor is not None
        assert successor.numero == 2
    assert journal.head().rang == 2


def test_another_prestataire_has_its_own_numbers(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        assert factures.allocate_numero(transaction, PRESTATAIRE) == 1
        assert factures.allocate_numero(transaction, AUTRE) == 1
        assert factures.allocate_numero(transaction, PRESTATAIRE) == 2


def test_the_oldest_waits_first_and_paper_waits_for_nothing(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 3, securisee_le=20500)
        secure(transaction, 1)
        secure(transaction, 2, mode="aucun")
        secure(transaction, 4, mode="papier", contenu_fse=None)
        secure(transaction, 5, mode="s3404")
        secure(transaction, 6)
        cancel(transaction, 6)
        assert waiting(transaction) == [3, 1, 2]
        assert factures.still_waiting(transaction, PRESTATAIRE, [1, 2, 4, 6, 77]) == {1, 2}
        assert factures.still_waiting(transaction, AUTRE, [1]) == set()
        make_lot(transaction, 1, [1])
        assert waiting(transaction) == [3, 2]


def test_cancelling_is_done_once_and_upon_something(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1)
        cancel(transaction, 1)
        found = factures.find_cancellation(transaction, PRESTATAIRE, 1)
        assert found is not None
        assert found.motif == "erreur de saisie"
    for numero, code in [(1, "facture.deja_annulee"), (2, "facture.inconnue")]:
        with pytest.raises(UsageError) as error, journal.transaction(NOW) as transaction:
            cancel(transaction, numero)
        assert error.value.code == code
    assert journal.head().rang == 2
