"""A notice that comes late, or that anybody wrote, undoes nothing that the payer or a decision since says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import recevoir
from fse.app.operations.relancer import relancer
from fse.app.operations.transmission.avis import apply_notice, is_ours
from fse.base.dates import to_days
from fse.infra.journal.facts import fichiers_recus
from fse.infra.journal.facts.exchanges import envois
from fse.infra.journal.facts.lots import LotKey
from fse.infra.transport.dsn import Avis
from tests.app.cabinet import JOUR, PRESTATAIRE
from tests.app.transmission.scene import answers, practice_with_outbox, rows, send, states
from tests.app.transmission_delays.scene import JEUDI, VENDREDI, acknowledge
from tests.infra.journal.facts import NOW

LOT = LotKey(PRESTATAIRE, 1, to_days(JOUR))
OURS = "<00000001234566.000001.T@fse.invalid>"
MARDI = date(2026, 10, 6)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with practice_with_outbox(tmp_path / "cabinet") as opened:
        send(opened, JOUR)
        yield opened


def failed(identifiant: str = OURS) -> Avis:
    return Avis(action="failed", statut="5.1.1", identifiant=identifiant)


def notice(practice: Practice, le: date = VENDREDI) -> str:
    """The code of what is said of the notice that our file was not delivered."""
    with practice.journal.transaction(NOW) as transaction:
        said = apply_notice(transaction, failed(), "T", to_days(le))
    assert said is not None
    return said.code.removeprefix("transport.")


def outbox(practice: Practice) -> list[str]:
    with practice.journal.reading() as reading:
        return [one.identifiant for one in envois.outbox(reading)]


def received(practice: Practice) -> None:
    acknowledge(practice, LOT, "P", MARDI)


def refused(practice: Practice) -> None:
    acknowledge(practice, LOT, "N", MARDI, cause="9950")


def relotted(practice: Practice) -> None:
    acknowledge(practice, LOT, "N", MARDI, cause="9990", numero=1)
    relancer(practice, le=MARDI)


def answered(practice: Practice) -> None:
    (content,) = answers(practice)
    assert [one.verdict for one in recevoir(practice, [content], le=MARDI)] == ["recu"]


@pytest.mark.parametrize("known", [received, refused, relotted, answered])
def test_what_is_known_since_is_not_undone(practice: Practice, known: Callable[[Practice], None]) -> None:
    known(practice)
    before = states(practice)
    assert notice(practice) == "non_remis_depasse"
    assert (states(practice), outbox(practice)) == (before, [])
    assert [row["resultat"] for row in rows(practice, "SELECT resultat FROM envoi")] == ["accepte"]


def test_an_acknowledgement_of_the_lot_in_another_file_is_enough(practice: Practice) -> None:
    relancer(practice, le=JEUDI)
    send(practice, JEUDI)
    acknowledge(practice, LOT, "P", VENDREDI)
    with practice.journal.reading() as reading:
        assert [one.identifiant_fichier for one in fichiers_recus.acknowledgements(reading, LOT)] == ["000002"]
    assert notice(practice) == "non_remis_depasse"
    assert outbox(practice) == []


def test_when_nothing_else_is_known_the_file_leaves_again(practice: Practice) -> None:
    assert notice(practice, MARDI) == "non_remis"
    assert (outbox(practice), states(practice)) == (["000001"], ["a_emettre"] * 2)
    assert [one.sort for one in send(practice).fichiers] == ["accepte"]


@pytest.mark.parametrize(("identifiant", "ours"), [(OURS, True), (OURS.replace(".T@", ".D@"), False)])
def test_a_notice_about_the_file_of_another_marking_is_not_ours(
    practice: Practice, identifiant: str, ours: bool
) -> None:
    with practice.journal.transaction(NOW) as transaction:
        assert is_ours(transaction, failed(identifiant), "T") is ours
        assert is_ours(transaction, failed(identifiant), "D") is not ours
        assert (apply_notice(transaction, failed(identifiant), "T", to_days(MARDI)) is not None) is ours
    assert outbox(practice) == ["000001"] * ours
