"""A duplicate replaces what failed: refused while the lot may still leave, or while the caisse may have it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from fse.app.operations.practice import Practice
from fse.app.operations.relancer import relancer
from fse.base.errors import UsageError
from tests.app.cabinet import JOUR, facture
from tests.app.duplicata.world import files, make, recorded
from tests.app.transmission.scene import practice_with_outbox
from tests.app.transmission.scene import send as envoyer
from tests.app.transmission_delays.scene import (
    JEUDI,
    LUNDI,
    MARDI,
    MERCREDI,
    VENDREDI,
    acknowledge,
    emit,
    emitted,
    numbers,
    practice_at,
    send,
)


def refused(practice: Practice, numero: int, le: date) -> UsageError:
    before = recorded(practice)
    with pytest.raises(UsageError) as error:
        make(practice, numero, le=le)
    assert (recorded(practice), files(practice.cabinet.folder)) == (before, {})
    return error.value


def test_of_a_lot_on_its_way_until_its_second_failure(tmp_path: Path) -> None:
    with practice_at(tmp_path / "cabinet") as practice:
        emitted(practice, facture("V-1"), facture("V-2", patient=1))
        assert refused(practice, 1, JOUR).code == "duplicata.non_transmise"
        send(practice, JOUR)
        error = refused(practice, 1, MERCREDI)
        assert (error.code, error.action) == ("duplicata.accuse_attendu", "Attendre l'accusé, puis fse relancer.")
        assert "est parti le 05/10/2026 et son accusé est attendu jusqu'au 07/10/2026" in error.message
        error = refused(practice, 1, JEUDI)
        assert (error.code, "fse relancer" in error.action) == ("duplicata.a_renvoyer", True)
        relancer(practice, le=JEUDI)
        error = refused(practice, 1, JEUDI)
        assert (error.code, "00000001234566-000002" in error.message) == ("duplicata.a_renvoyer", True)
        send(practice, JEUDI)
        error = refused(practice, 1, LUNDI)
        assert (error.code, "parti le 08/10/2026" in error.message) == ("duplicata.accuse_attendu", True)
        assert [make(practice, numero, le=MARDI).rang for numero in (1, 2)] == [1, 1]


def test_of_a_resend_that_every_attempt_failed_to_send_each_sheet_may_go_on_paper(tmp_path: Path) -> None:
    with practice_at(tmp_path / "cabinet") as practice:
        emitted(practice, facture("V-1"), facture("V-2", patient=1))
        send(practice, JOUR)
        relancer(practice, le=JEUDI)
        send(practice, JEUDI, "differe", code="451")
        assert make(practice, 1, le=VENDREDI).rang == 1
        assert make(practice, 2, le=VENDREDI).retenus == ()


def test_when_the_folder_is_down_paper_is_left(tmp_path: Path) -> None:
    with practice_with_outbox(tmp_path / "cabinet") as practice:
        assert refused(practice, 1, JEUDI).code == "duplicata.non_transmise"
        shutil.rmtree(practice.cabinet.folder / "oct")
        envoyer(practice)
        assert make(practice, 1, le=JEUDI).retenus == ("00000001234566-000001",)
        assert make(practice, 2, le=JEUDI).retenus == ()


def test_of_a_lot_that_was_refused_it_may_be_made(tmp_path: Path) -> None:
    with practice_at(tmp_path / "cabinet") as practice:
        key = emitted(practice)
        send(practice, JOUR)
        acknowledge(practice, key, "N", MERCREDI, cause="9950")
        assert make(practice, 1, le=MERCREDI).numero_lot == 1


def test_an_acknowledgement_of_a_lot_that_it_left_since_counts(tmp_path: Path) -> None:
    """Refused for V-2, V-1 leaves in a new lot; then the first lot turns out to be there."""
    with practice_at(tmp_path / "cabinet") as practice:
        key = emitted(practice, facture("V-1"), facture("V-2", patient=1))
        send(practice, JOUR)
        acknowledge(practice, key, "N", MERCREDI, cause="9990", numero=2)
        assert [one.genre for one in relancer(practice, le=MERCREDI).relances] == ["relot"]
        (new,) = emit(practice, le=MERCREDI)
        assert (new.numero_lot, numbers(practice, new)) == (2, [1])
        acknowledge(practice, key, "P", JEUDI)
        error = refused(practice, 1, JEUDI)
        assert (error.code, "son lot 001" in error.message) == ("duplicata.accusee", True)
