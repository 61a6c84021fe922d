"""Securing invoices of care: recomputed, counted by what follows, and no more once cancelled or corrected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.app.operations.annuler import annuler
from fse.app.operations.coter import coter
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import Securisation, securiser
from fse.infra.engines import of
from tests.app.cabinet import JOUR, document
from tests.app.cotation.care import (
    DRAW,
    HANDWRITING,
    THERAPIST,
    WRITTEN_LANGUAGE,
    ami,
    facture,
    new_practice,
    priced,
    seance,
)
from tests.app.journal.hand import by_hand

TWO_THE_SAME_DAY = "ngap.orthophonie-un-acte-par-jour"
"""The warning that two acts of a patient on one day give, whether in one document or by the journal."""


@pytest.fixture
def nurse(tmp_path: Path) -> Iterator[Practice]:
    with new_practice(tmp_path / "infirmiere") as opened:
        yield opened


@pytest.fixture
def therapist(tmp_path: Path) -> Iterator[Practice]:
    with new_practice(tmp_path / "orthophoniste", THERAPIST) as opened:
        yield opened


def secured(practice: Practice, *factures: str) -> Securisation:
    """These invoices priced, then secured."""
    result = securiser(practice, priced(practice, *factures), le=JOUR)
    assert result.factures, [one.message for one in result.constats]
    return result


def codes(result: Securisation) -> set[str]:
    return {one.code for one in result.constats} - {"saisie.transliteration"}


def rows(practice: Practice) -> list[tuple[object, ...]]:
    """What the journal keeps of the lines."""
    with practice.journal.reading() as reading:
        query = "SELECT numero, ordre, acte, code_acte, coefficient, quantite FROM soin ORDER BY numero, ordre"
        return [tuple(row.values()) for row in of(reading.connection).rows(query)]


def test_a_priced_document_is_secured_and_its_lines_are_kept(nurse: Practice) -> None:
    """AMI 4 + AMI 1.5 = 12,60 + 4,73 (regles.md G.5), of which 7,56 + 2,84 to the caisse."""
    result = secured(nurse, facture("V-1", seance(ami("4"), DRAW)))
    (one,) = result.factures
    assert (one.numero, one.total_honoraires, one.deja_connue) == (1, 1260 + 473, False)
    assert rows(nurse) == [(1, 1, "", "AMI", 400, 1), (1, 2, "prelevement-veineux", "AMI", 150, 1)]


def test_secured_twice_it_is_the_same_invoice(nurse: Practice) -> None:
    text = facture("V-1", seance(ami("4"), DRAW))
    entree = priced(nurse, text)
    securiser(nurse, entree, le=JOUR)
    again = securiser(nurse, entree, le=JOUR)
    assert [(one.numero, one.deja_connue) for one in again.factures] == [(1, True)]
    assert priced(nurse, text) == entree, "what is secured does not count against itself"
    assert len(rows(nurse)) == 2


def test_facts_without_lines_are_refused(nurse: Practice) -> None:
    result = securiser(nurse, document(facture("V-1", seance(DRAW))), le=JOUR)
    assert (result.factures, rows(nurse)) == ((), [])
    assert "saisie.sans_ligne" in codes(result)


def test_lines_that_are_not_those_of_the_facts_are_refused(nurse: Practice) -> None:
    entree = priced(nurse, facture("V-1", seance(ami("4"), DRAW))).replace(b"4.00<", b"5.00<", 1)
    result = securiser(nurse, entree, le=JOUR)
    assert (result.factures, rows(nurse)) == ((), [])
    assert codes(result) == {"cotation.ecart"}


def test_an_error_of_a_rule_refuses_the_document(nurse: Practice) -> None:
    """An act of an auxiliary without a prescription (NGAP, article 5) is priced, and not secured."""
    text = facture("V-1", seance(DRAW, ordonnance=""), prescription="")
    result = securiser(nurse, priced(nurse, text), le=JOUR)
    assert (result.factures, rows(nurse)) == ((), [])
    assert codes(result) == {"ngap.art5-prescription"}


def test_what_was_billed_before_counts_for_the_same_patient_alone(therapist: Practice) -> None:
    first = secured(therapist, facture("V-1", seance(WRITTEN_LANGUAGE)))
    other = secured(therapist, facture("V-2", seance(HANDWRITING), patient=1))
    assert TWO_THE_SAME_DAY not in codes(first) | codes(other)
    same = secured(therapist, facture("V-3", seance(HANDWRITING)))
    assert TWO_THE_SAME_DAY in codes(same)


def test_within_a_document_it_counts_too(therapist: Practice) -> None:
    both = [facture("V-1", seance(WRITTEN_LANGUAGE)), facture("V-2", seance(HANDWRITING))]
    assert TWO_THE_SAME_DAY in codes(secured(therapist, *both))
    results = coter(therapist.cabinet, [document(one) for one in both])
    assert [TWO_THE_SAME_DAY in {one.code for one in result.constats} for result in results] == [False, True]


def test_what_is_cancelled_counts_no_more(therapist: Practice) -> None:
    secured(therapist, facture("V-1", seance(WRITTEN_LANGUAGE)))
    annuler(therapist, 1, motif="essai", auteur="essai", le=JOUR)
    assert TWO_THE_SAME_DAY not in codes(secured(therapist, facture("V-2", seance(HANDWRITING))))


def test_what_is_corrected_counts_no_more_nor_against_its_correction(therapist: Practice) -> None:
    secured(therapist, facture("V-1", seance(WRITTEN_LANGUAGE)))
    correction = facture("V-2", seance(HANDWRITING), before="<remplace>1</remplace>")
    assert TWO_THE_SAME_DAY not in codes(secured(therapist, correction))
    after = secured(therapist, facture("V-3", seance(WRITTEN_LANGUAGE, jour="2026-10-04")))
    assert TWO_THE_SAME_DAY not in codes(after)
    with therapist.journal.reading() as reading:
        found = of(reading.connection).rows("SELECT numero FROM soin ORDER BY numero")
    assert [row["numero"] for row in found] == [1, 2, 3], "a fact stays, corrected or not"


def test_a_hand_in_the_lines_is_found_by_the_proof_of_the_journal(nurse: Practice) -> None:
    secured(nurse, facture("V-1", seance(ami("4"), DRAW)))
    assert verifier_journal(nurse).intact
    by_hand(nurse, "UPDATE soin SET coefficient = 300 WHERE ordre = 1")
    told = [constat.message for one in verifier_journal(nurse).controles for constat in one.constats]
    assert any("soin" in message for message in told), told
