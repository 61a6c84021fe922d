"""Files that someone else sends: what is on paper, corrected or received is not written, for it would leave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.app.operations.ecriture import to_hand_over
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.relancer import relancer
from fse.app.operations.securiser import securiser
from fse.base.errors import StorageError
from tests.app.cabinet import JOUR, document, facture, signer
from tests.app.duplicata.world import make
from tests.app.on_paper import on_paper
from tests.app.transmission.scene import ENVOI, correct
from tests.app.transmission_delays.scene import (
    JEUDI,
    MERCREDI,
    acknowledge,
    emit,
    emitted,
    practice_at,
)

PREFIX = "00000001234566-"


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with practice_at(tmp_path / "cabinet", envoi=False) as opened:
        yield opened


def written(practice: Practice) -> list[str]:
    return sorted(one.stem.removeprefix(PREFIX) for one in (practice.cabinet.folder / "envoi").glob("*.b2"))


def again(practice: Practice) -> None:
    """All that writes files, into the folder where the first ones are."""
    relancer(practice, sortie=practice.cabinet.folder / "envoi", le=JEUDI)
    emit(practice, le=JEUDI)


def test_a_resend_of_what_turned_out_to_be_there_is_not_written(practice: Practice) -> None:
    key = emitted(practice)
    acknowledge(practice, key, "N", MERCREDI, cause="9950")
    assert [one.genre for one in relancer(practice, le=MERCREDI).relances] == ["renvoi"]
    acknowledge(practice, key, "P", JEUDI)
    again(practice)
    assert written(practice) == ["000001"]


def test_a_resend_that_waits_says_that_it_is_one(practice: Practice) -> None:
    key = emitted(practice)
    acknowledge(practice, key, "N", MERCREDI, cause="9950")
    relancer(practice, le=MERCREDI)
    securiser(practice, document(facture("V-2", patient=1)), le=JEUDI)
    emission = emettre(practice, practice.cabinet.folder / "envoi", lambda *_: signer(), le=JEUDI)
    assert [(one.chemin.stem.removeprefix(PREFIX), one.renvoi) for one in emission.fichiers] == [
        ("000002", True),
        ("000003", False),
    ]


@pytest.mark.parametrize("first", ["paper", "refusal"])
def test_a_sheet_on_paper_is_in_no_file_that_is_written_since(practice: Practice, first: str) -> None:
    key = emitted(practice, facture("V-1"), facture("V-2", patient=1))
    if first == "paper":
        make(practice, 1, le=MERCREDI)
    acknowledge(practice, key, "N", MERCREDI, cause="9950")
    if first == "refusal":
        relancer(practice, le=MERCREDI)
        on_paper(practice, 1, le=ENVOI)
    again(practice)
    (name,) = set(written(practice)) - {"000001"}
    content = (practice.cabinet.folder / "envoi" / f"{PREFIX}{name}.b2").read_bytes()
    assert (b"V-1" in content, content.count(b"000000001"), b"000000002" in content) == (False, 0, True)


def test_a_frozen_file_whose_sheet_was_corrected_since_stays_here(practice: Practice) -> None:
    """Never written: the disk was full. What is not corrected goes on paper."""
    (practice.cabinet.folder / "envoi").write_text("")
    with pytest.raises(StorageError):
        emit(practice, facture("V-1"), facture("V-2", patient=1))
    (practice.cabinet.folder / "envoi").unlink()
    correct(practice, 1)
    assert written(practice) == ["000002"]
    with practice.journal.reading() as reading:
        held = to_hand_over(reading, practice.cabinet, JOUR)
    assert (held.fichiers, [one.code for one in held.constats]) == ((), ["transport.feuilles_corrigees"])
    assert make(practice, 2, le=JOUR).retenus == ()
    with practice.journal.reading() as reading:
        assert to_hand_over(reading, practice.cabinet, JOUR).constats == ()
