"""A mail server that gives a document up after it took it over: it leaves again, within the five days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fse.app.operations.pieces.avis import not_delivered, piece_of
from fse.app.operations.pieces.envoi import make_parcel
from fse.app.operations.practice import Practice
from fse.base.dates import to_days
from fse.infra.journal.facts.exchanges import pieces
from tests.app.journal.exchanges import ACCUSE, acknowledge, emit, folder_practice, send
from tests.app.pieces.test_pieces import deposit, run, states
from tests.infra.journal.facts import NOW


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with folder_practice(tmp_path / "cabinet") as opened:
        (opened.cabinet.folder / "oct").mkdir()
        send(opened, emit(opened))
        acknowledge(opened, 1)
        deposit(opened)
        run(opened)
        yield opened


def message_id(practice: Practice) -> str:
    with practice.journal.reading() as reading:
        row = pieces.find(reading, 1)
        assert row is not None
        return make_parcel(practice.cabinet, reading, row, {}).identifiant


def refuse(practice: Practice, identifiant: str) -> bool:
    with practice.journal.transaction(NOW) as transaction:
        row = piece_of(transaction, identifiant, "T")
        return row is not None and not_delivered(
            transaction, row, code="5.1.1", detail="Adresse inconnue.", jour=to_days(ACCUSE)
        )


def test_what_was_not_delivered_leaves_again(practice: Practice) -> None:
    assert refuse(practice, message_id(practice))
    assert states(practice) == {1: "a_reessayer"}
    assert not refuse(practice, message_id(practice)), "said twice"
    assert states(practice, ACCUSE + timedelta(days=6)) == {1: "sur_papier"}
    assert run(practice) == ["envoyee"]


def test_a_notice_of_something_else_changes_nothing(practice: Practice) -> None:
    own = message_id(practice)
    digest = own.rsplit(".", 3)[0][:-1] + "x" + ".T@fse.invalid>"
    changed = [own.replace(*one) for one in ((".T@", ".D@"), (".1.1.", ".1.2."), (".1.1.", ".2.1."))]
    for other in ("", "<x@y>", *changed, digest):
        assert not refuse(practice, other)
    assert states(practice) == {1: "envoyee"}
