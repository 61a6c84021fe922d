"""Rebuilding changes nothing in a sound journal, and puts right what a hand changed in what is derived."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.app.operations.journal.reconstruire import reconstruire_journal
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice
from tests.app.emitted import answered_practice, derived
from tests.app.journal.hand import by_hand


@pytest.fixture
def answered(tmp_path: Path) -> Iterator[Practice]:
    with answered_practice(tmp_path / "cabinet") as practice:
        yield practice


def test_a_sound_journal_is_rebuilt_as_it_was(answered: Practice) -> None:
    before, head = derived(answered), answered.journal.head()
    result = reconstruire_journal(answered)
    assert (result.retours, result.ecarts) == (1, ())
    assert derived(answered) == before
    assert answered.journal.head() == head


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE etat_part SET paye = 0",
        "DELETE FROM appariement",
        "INSERT INTO etat_facture VALUES ('essai', '001234566', 77, 'soldee', 0, 0)",
        "DELETE FROM ligne_retour WHERE rang = 8",
        "UPDATE noemie_198 SET montant_rembourse = 0",
        "DELETE FROM noemie_102",
        "INSERT INTO noemie_102 (cabinet, fichier, rang, rang_parent, octet) VALUES ('essai', 'ailleurs', 1, 0, 0)",
        "INSERT INTO assure_retour SELECT cabinet, empreinte, 5, 'x' FROM fichier_recu",
    ],
)
def test_what_is_derived_is_put_right_and_said(answered: Practice, statement: str) -> None:
    before = derived(answered)
    by_hand(answered, statement)
    assert not verifier_journal(answered).intact
    result = reconstruire_journal(answered)
    assert result.ecarts
    assert derived(answered) == before
    assert verifier_journal(answered).intact
    assert reconstruire_journal(answered).ecarts == ()
