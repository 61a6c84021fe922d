"""Statements that overlap, follow or contradict each other: no movement twice, none lost, nothing guessed."""

import os
import random
from collections import Counter
from datetime import date, timedelta
from itertools import permutations

import pytest

from fse.domain.bank.recouvrement import Jugement, ReleveConnu, jour_de, judge
from fse.domain.bank.suite import Periode, broken, holes, last_balance
from fse.norm.model.releve import MouvementBancaire, ReleveBancaire, Solde

FIRST = date(2026, 3, 1)
SEEDS = 2000 if os.environ.get("ENDURANCE") else 40
Flow = list[tuple[int, int]]
"""Day (after FIRST) and amount of each movement of an account, in order."""


def day(number: int) -> date:
    return FIRST + timedelta(number)


def releve(
    flow: Flow, before: int, after: int, *, opening: int | None = None, same_day: bool = False
) -> ReleveBancaire:
    """The statement of the days after `before`, up to `after`; `same_day`: the first balance bears the first day."""
    held = [(jour, amount) for jour, amount in flow if before < jour <= after]
    start = sum(amount for jour, amount in flow if jour <= before) if opening is None else opening
    return ReleveBancaire(
        compte="1",
        devise="EUR",
        identifiant="",
        ouverture=Solde(day(before + same_day), start),
        cloture=Solde(day(after), start + sum(amount for _, amount in held)),
        mouvements=tuple(
            MouvementBancaire(
                rang=rang,
                octet=0,
                date_operation=day(jour),
                date_valeur=None,
                montant=amount,
                libelles=(),
                reference="",
            )
            for rang, (jour, amount) in enumerate(held, start=1)
        ),
    )


class Account:
    """What is booked of an account."""

    def __init__(self) -> None:
        self.releves: list[ReleveConnu] = []
        self.booked: list[tuple[date, int]] = []

    def take(self, one: ReleveBancaire) -> Jugement:
        found = judge(one, self.releves, self.booked)
        if found.contredit is None:
            self.releves.append(
                ReleveConnu(premier_jour=one.premier_jour, ouverture=one.ouverture, cloture=one.cloture)
            )
            self.booked += [(jour_de(one, movement), movement.montant) for movement in found.nouveaux]
        return found

    def periods(self) -> list[Periode]:
        """As the worklist looks for missing statements."""
        return [Periode(compte="1", debut=one.ouverture, fin=one.cloture, mouvements=1) for one in self.releves]


FLOW: Flow = [(1, 100), (2, 50), (2, 50), (3, -20), (5, 100), (5, 7)]


def test_the_same_period_again_brings_nothing() -> None:
    account = Account()
    assert account.take(releve(FLOW, 0, 3)).connus == 0
    again = account.take(releve(FLOW, 0, 3, same_day=True))
    assert (again.nouveaux, again.connus, again.contredit) == ((), 4, None)


def test_what_overlaps_brings_what_is_new() -> None:
    account = Account()
    account.take(releve(FLOW, 0, 3))
    wider = account.take(releve(FLOW, 1, 6))
    assert ([one.montant for one in wider.nouveaux], wider.connus) == ([100, 7], 3)
    assert account.take(releve(FLOW, 0, 6)).nouveaux == ()


@pytest.mark.parametrize(
    "other",
    [
        [(1, 100), (2, 50), (3, -20)],
        [(1, 100), (2, 50), (2, 50), (2, 1), (3, -20)],
        [(1, 100), (2, 50), (3, 50), (3, -20)],
        [(1, 101), (2, 50), (2, 50), (3, -20)],
    ],
)
def test_another_content_for_the_same_days_is_contradicted(other: Flow) -> None:
    account = Account()
    account.take(releve(FLOW, 0, 3))
    found = account.take(releve(other, 0, 3, opening=0))
    assert found.contredit == (day(1), day(3))
    assert found.nouveaux == ()


def test_an_unfinished_last_day_is_completed() -> None:
    """Edited in the middle of day 2, then again two days later."""
    account = Account()
    account.take(releve(FLOW[:2], 0, 2))
    found = account.take(releve(FLOW, 0, 4))
    assert ([one.montant for one in found.nouveaux], found.connus) == ([50, -20], 2)


def test_two_statements_of_one_day_that_follow_share_nothing() -> None:
    """The second opens with what the first closed, and brings the same amount again."""
    account = Account()
    account.take(releve([(1, 100)], 0, 1, same_day=True))
    found = account.take(releve([(1, 100)], 0, 1, opening=100, same_day=True))
    assert (len(found.nouveaux), found.contredit) == (1, None)


def test_a_day_of_nothing_in_all_is_not_booked_twice() -> None:
    """It opens where it closes: the same again follows itself, and is the same all the same."""
    flow = [(1, 40), (1, -40)]
    account = Account()
    account.take(releve(flow, 0, 1, opening=10))
    again = account.take(releve(flow, 0, 1, opening=10, same_day=True))
    assert (again.nouveaux, again.connus) == ((), 2)


def test_a_missing_statement_is_told_until_it_comes() -> None:
    account = Account()
    account.take(releve(FLOW, 0, 1))
    assert account.take(releve(FLOW, 3, 5)).precedent == Solde(day(1), 100)
    [hole] = holes(account.periods())
    assert (hole.avant, hole.apres) == (Solde(day(1), 100), Solde(day(3), 180))
    found = account.take(releve(FLOW, 1, 3))
    assert (found.precedent, len(found.nouveaux)) == (None, 3)
    assert holes(account.periods()) == []


MORNING = releve([(1, 100)], 0, 1, opening=0, same_day=True)
EVENING = releve([(1, 50)], 0, 1, opening=100, same_day=True)
WEEK = releve([(0, 5), (1, 100), (1, 50)], -1, 1, opening=-5)
UNFINISHED = releve([(1, 100)], 0, 1, opening=0)
FINISHED = releve([(1, 100), (1, 50)], 0, 1, opening=0)
TOMORROW = releve([(2, 7)], 1, 2, opening=150)


@pytest.mark.parametrize(
    ("given", "total"),
    [
        ((MORNING, EVENING, TOMORROW), 157),
        ((MORNING, EVENING, WEEK, TOMORROW), 162),
        ((UNFINISHED, WEEK, TOMORROW), 162),
    ],
)
def test_several_statements_of_one_day_in_any_order(given: tuple[ReleveBancaire, ...], total: int) -> None:
    """One after another, or inside those of a week: each movement once, nothing contradicted, nothing missing."""
    for order in permutations(given):
        account = Account()
        assert [account.take(one).contredit for one in order] == [None] * len(order)
        assert sum(amount for _, amount in account.booked) == total
        assert holes(account.periods()) == []
        assert last_balance(account.periods()) == Solde(day(2), 157)


def test_the_balance_of_a_day_is_that_of_the_statement_that_ends_it() -> None:
    def period(one: ReleveBancaire) -> Periode:
        return Periode(compte="1", debut=one.ouverture, fin=one.cloture, mouvements=len(one.mouvements))

    for two in ((MORNING, EVENING), (UNFINISHED, FINISHED)):
        assert {last_balance(map(period, order)) for order in permutations(two)} == {Solde(day(1), 150)}
    assert last_balance([]) is None


def test_after_several_statements_of_one_day_nothing_is_missing() -> None:
    for order in permutations((MORNING, EVENING)):
        account = Account()
        for one in order:
            account.take(one)
        assert account.take(TOMORROW).precedent is None


def test_the_same_movements_between_other_balances_are_contradicted() -> None:
    account = Account()
    account.take(releve([(1, 100)], 0, 1, opening=0))
    assert account.take(releve([(1, 100)], 0, 1, opening=999)).contredit == (day(1), day(1))


def test_one_period_that_grows_is_contradicted_and_what_misses_is_told() -> None:
    """Asked at noon and in the evening: nothing says that the first was unfinished rather than the second wrong."""
    account = Account()
    account.take(UNFINISHED)
    assert account.take(FINISHED).contredit == (day(1), day(1))
    assert account.take(TOMORROW).precedent == Solde(day(1), 100)
    assert len(holes(account.periods())) == 1


def test_a_statement_missing_in_the_middle_of_a_day_is_told() -> None:
    account = Account()
    for one in (releve([], -1, 0, opening=0), MORNING, releve([(1, 7)], 0, 1, opening=150, same_day=True)):
        account.releves.append(ReleveConnu(premier_jour=one.premier_jour, ouverture=one.ouverture, cloture=one.cloture))
    [hole] = holes(account.periods())
    assert (hole.avant.montant, hole.apres.montant) == (100, 150)


def test_a_third_statement_of_a_day_is_never_taken_for_the_first() -> None:
    """It brings the amount of the first again; its balances say that it is another."""
    third = releve([(1, 100)], 0, 1, opening=150, same_day=True)
    for known in ((MORNING,), (MORNING, EVENING)):
        account = Account()
        for one in known:
            account.take(one)
        found = account.take(third)
        assert found.contredit == (day(1), day(1))


def test_a_break_inside_a_file_is_its_second_statement() -> None:
    one, two = releve(FLOW, 0, 1), releve(FLOW, 2, 3)
    assert broken([two, one]) == {0: one.cloture}
    assert broken([one, releve(FLOW, 1, 2), two, None]) == {}
    assert broken([one, one, releve(FLOW, 0, 3)]) == {}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_is_received_in_whatever_order_each_movement_is_booked_once(seed: int) -> None:
    """Random accounts, cut in random overlapping statements of whole days, in any order, some twice."""
    chance = random.Random(seed)
    flow = [
        (jour, chance.choice((100, 100, -100, 50, -50))) for jour in range(1, 21) for _ in range(chance.randint(0, 3))
    ]
    cuts = [(0, 7), (7, 14), (14, 20)]
    for _ in range(6):
        before, after = sorted(chance.sample(range(21), 2))
        cuts.append((before, after))
    chance.shuffle(cuts)
    account = Account()
    for before, after in cuts:
        found = account.take(releve(flow, before, after, same_day=chance.random() < 0.5))
        assert found.contredit is None
    assert Counter(account.booked) == Counter((day(jour), amount) for jour, amount in flow)
