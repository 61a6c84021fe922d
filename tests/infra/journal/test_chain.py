"""Every way of breaking the chain is located: an event changed, removed, added, moved; a tail cut; a head changed."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from fse.base.errors import StorageError
from fse.infra.journal import ChainBreak, Genre, Journal
from tests.infra.journal.facts import NOW

EVENTS = 5


@pytest.fixture
def chained(journal: Journal) -> Journal:
    for first in (1, 3):
        with journal.transaction(NOW) as transaction:
            transaction.event(Genre.ACTE_MANUEL, {"numero": first})
            transaction.event(Genre.RELANCE_DECIDEE, {"numero": first + 1, "motif": "é"})
    with journal.transaction(NOW) as transaction:
        transaction.event(Genre.ACTE_MANUEL, {"numero": EVENTS})
    return journal


def breaks_after(journal: Journal, *statements: str) -> list[tuple[int, str]]:
    with journal.engine.begin() as connection:
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount != 0
    return [(found.rang, found.nature) for found in journal.verify()]


def test_a_whole_chain_has_no_break(chained: Journal, journal: Journal) -> None:
    assert chained.verify() == []
    assert chained.head().rang == EVENTS


def test_an_empty_chain_has_no_break(journal: Journal) -> None:
    assert journal.verify() == []
    assert journal.head().rang == 0


@pytest.mark.parametrize(
    "change",
    [
        "contenu = '{\"numero\":9}'",
        "genre = 'facture_annulee'",
        "instant = '2026-03-02T18:30:00.000001Z'",
        "mac = replace(mac, substr(mac, 1, 1), 'x')",
        "mac = 'é'",
    ],
)
@pytest.mark.parametrize("rang", range(1, EVENTS + 1))
def test_a_changed_event_is_located(chained: Journal, rang: int, change: str) -> None:
    found = breaks_after(chained, f"UPDATE evenement SET {change} WHERE rang = {rang}")
    assert found[0] == (rang, "altere")
    if not change.startswith("mac"):
        assert found == [(rang, "altere")]


@pytest.mark.parametrize("rang", range(1, EVENTS))
def test_a_removed_event_is_located(chained: Journal, rang: int) -> None:
    assert breaks_after(chained, f"DELETE FROM evenement WHERE rang = {rang}") == [(rang, "manquant")]


@pytest.mark.parametrize("last", range(EVENTS))
def test_a_cut_tail_is_located(chained: Journal, last: int) -> None:
    assert breaks_after(chained, f"DELETE FROM evenement WHERE rang > {last}") == [(last + 1, "queue_coupee")]


def test_a_removed_event_closed_up_is_located(chained: Journal) -> None:
    found = breaks_after(
        chained,
        "DELETE FROM evenement WHERE rang = 2",
        "UPDATE evenement SET rang = rang - 1 WHERE rang > 2",
        "UPDATE tete_chaine SET rang = rang - 1",
    )
    assert found == [(2, "altere"), (3, "altere"), (4, "altere")]


def test_two_events_swapped_are_located(chained: Journal) -> None:
    found = breaks_after(
        chained,
        "UPDATE evenement SET rang = -1 WHERE rang = 2",
        "UPDATE evenement SET rang = 2 WHERE rang = 3",
        "UPDATE evenement SET rang = 3 WHERE rang = -1",
    )
    assert (2, "altere") in found
    assert (3, "altere") in found


def test_an_added_event_is_located(chained: Journal) -> None:
    found = breaks_after(
        chained,
        "INSERT INTO evenement SELECT cabinet, 6, genre, instant, contenu, mac FROM evenement WHERE rang = 5",
        "UPDATE tete_chaine SET rang = 6",
    )
    assert found == [(6, "altere")]


@pytest.mark.parametrize("change", ["rang = 4", "mac = replace(mac, substr(mac, 1, 1), 'x')"])
def test_a_changed_head_is_located(chained: Journal, change: str) -> None:
    assert [kind for _, kind in breaks_after(chained, f"UPDATE tete_chaine SET {change}")] == ["tete"]


def test_a_changed_cabinet_breaks_the_first_link(chained: Journal) -> None:
    assert breaks_after(chained, "UPDATE cabinet SET cree_le = '2020-01-01T00:00:00.000000Z'") == [(1, "altere")]


def test_an_older_state_put_back_whole_shows_in_the_printed_head(chained: Journal) -> None:
    printed = chained.head()
    assert (
        breaks_after(
            chained,
            "DELETE FROM evenement WHERE rang = 5",
            "UPDATE tete_chaine SET rang = 4, mac = (SELECT mac FROM evenement WHERE rang = 4)",
        )
        == []
    )
    assert chained.head() != printed


def test_a_missing_head_is_a_typed_error(chained: Journal) -> None:
    with chained.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM tete_chaine")
    with pytest.raises(StorageError) as error:
        chained.verify()
    assert error.value.code == "journal.chaine"


def test_a_break_is_a_value() -> None:
    assert ChainBreak(1, "altere") == ChainBreak(1, "altere")


def test_the_chain_is_the_last_step_before_commit(journal: Journal) -> None:
    statements: list[str] = []

    @event.listens_for(journal.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    with journal.transaction(NOW) as transaction:
        transaction.event(Genre.ACTE_MANUEL, {"numero": 1})
        transaction.allocate("essai")
    touched = [("tete_chaine" in statement or "evenement" in statement) for statement in statements]
    assert touched[0] is False
    assert touched[-3:] == [True, True, True]
    assert touched.count(True) == 3
