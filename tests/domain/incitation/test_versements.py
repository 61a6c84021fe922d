"""Payments followed: which lump sum answers which expected payment, each state, totals of the draft apart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.domain.incitation.versements import RETARD, Attendu, Etat, Fondement, Recu, follow

CODE = "ALD01"


def expected(
    quarter: int, montant: int | None = 48_000, *, codes: tuple[str, ...] = (CODE,), fondement: Fondement = "en-vigueur"
) -> Attendu:
    """A payment of a quarter of 2012, due within it."""
    first = date(2012, 3 * quarter - 2, 1)
    last = (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)
    return Attendu(
        nature="ald",
        libelle=f"trimestre {quarter}",
        montant=montant,
        debut=first,
        fin=last,
        du=first,
        au=last,
        codes=frozenset(codes),
        calcul="",
        fondement=fondement,
    )


def received(
    le: date,
    montant: int = 48_000,
    *,
    code: str = CODE,
    debut: date | None = None,
    fin: date | None = None,
    rang: int = 1,
) -> Recu:
    return Recu(code=code, montant=montant, le=le, debut=debut, fin=fin, fichier="f" * 64, rang=rang)


END = date(2013, 12, 31)


@pytest.mark.parametrize(
    ("le", "recus", "etat", "ecart"),
    [
        (date(2012, 3, 31), (), "a-venir", -48_000),
        (date(2012, 4, 1), (), "attendu", -48_000),
        (date(2012, 6, 30), (), "attendu", -48_000),
        (date(2012, 7, 1), (), "en-retard", -48_000),
        (date(2012, 7, 1), (47_999,), "partiel", -1),
        (date(2012, 7, 1), (48_000,), "solde", 0),
        (date(2012, 7, 1), (20_000, 28_000), "solde", 0),
        (date(2012, 7, 1), (48_001,), "trop-percu", 1),
    ],
)
def test_each_state_of_a_payment(le: date, recus: tuple[int, ...], etat: Etat, ecart: int) -> None:
    sums = [received(date(2012, 5, 10), one, rang=rang) for rang, one in enumerate(recus)]
    (line,) = follow([expected(2)], sums, le).lignes
    assert (line.etat, line.ecart, line.recu) == (etat, ecart, sum(recus))


def test_an_unknown_amount_shows_what_came_and_no_difference() -> None:
    followed = follow([expected(1, None)], [received(date(2012, 2, 1)), received(date(2012, 2, 2), rang=2)], END)
    (line,) = followed.lignes
    assert (line.etat, line.ecart, line.recu) == ("recu", None, 48_000)
    assert [one.rang for one in followed.autres] == [2]
    assert followed.total("en-vigueur") == (0, 0)


def test_the_period_of_the_details_goes_before_the_accounting_day() -> None:
    """Paid in the third quarter for the first: it answers the first, though the third is open."""
    late = received(date(2012, 8, 1), debut=date(2012, 1, 1), fin=date(2012, 3, 31))
    first, third = follow([expected(1), expected(3)], [late], END).lignes
    assert ([link for _, link in first.recus], third.recus) == (["periode"], ())


def test_a_sum_without_a_period_answers_the_exact_amount_then_the_oldest() -> None:
    lines = [expected(1, 48_000), expected(2, 52_000)]
    day = date(2012, 4, 20)
    exact = follow(lines, [received(day, 52_000)], END).lignes
    assert [[link for _, link in one.recus] for one in exact] == [[], ["montant"]]
    other = follow(lines, [received(day, 10_000)], END).lignes
    assert [[link for _, link in one.recus] for one in other] == [["code"], []]


def test_a_sum_answers_until_three_months_after_the_last_day() -> None:
    last = date(2012, 3, 31) + timedelta(days=RETARD)
    before, after = (follow([expected(1)], [received(one)], END) for one in (last, last + timedelta(days=1)))
    assert (before.lignes[0].etat, before.autres) == ("solde", ())
    assert (after.lignes[0].etat, len(after.autres)) == ("en-retard", 1)
    early = follow([expected(2)], [received(date(2012, 3, 31))], END)
    assert (early.lignes[0].etat, len(early.autres)) == ("en-retard", 1)


def test_another_code_answers_nothing() -> None:
    followed = follow([expected(1)], [received(date(2012, 2, 1), code="AUTRE")], END)
    assert (followed.lignes[0].recus, len(followed.autres)) == ((), 1)


def test_a_second_full_payment_answers_nothing_unless_its_period_says_so() -> None:
    twice = [received(date(2012, 2, 1)), received(date(2012, 2, 8), rang=2)]
    assert [one.rang for one in follow([expected(1)], twice, END).autres] == [2]
    dated = [received(date(2012, 2, one), rang=one, debut=date(2012, 1, 1)) for one in (1, 8)]
    (line,) = follow([expected(1)], dated, END).lignes
    assert (line.etat, line.ecart) == ("trop-percu", 48_000)


def test_without_a_code_only_the_exact_amount_and_only_when_nothing_else_fits() -> None:
    bare = [expected(1, 48_000, codes=()), expected(2, 52_000, codes=())]
    alone = follow(bare, [received(date(2012, 4, 20), 52_000, code="XXXXX")], END)
    assert [one.etat for one in alone.lignes] == ["en-retard", "solde"]
    assert alone.lignes[1].recus[0][1] == "montant"
    off = follow(bare, [received(date(2012, 4, 20), 52_001, code="XXXXX")], END)
    assert (len(off.autres), [one.recu for one in off.lignes]) == (1, [0, 0])
    same = [expected(1, 48_000, codes=()), expected(2, 48_000, codes=())]
    unclear = follow(same, [received(date(2012, 4, 20), 48_000, code="XXXXX")], END)
    assert (len(unclear.autres), [one.recu for one in unclear.lignes]) == (1, [0, 0])


def test_what_comes_later_than_the_day_is_not_looked_at() -> None:
    followed = follow([expected(1)], [received(date(2012, 3, 2))], date(2012, 3, 1))
    assert (followed.lignes[0].etat, followed.autres) == ("attendu", ())


def test_totals_keep_the_draft_and_what_is_to_verify_apart() -> None:
    lines = [
        expected(1, 48_000, fondement="projet"),
        expected(2, 52_000),
        expected(3, None),
        expected(4, 70_000, codes=("ROSP1",), fondement="a-verifier"),
    ]
    sums = [received(date(2012, 2, 1)), received(date(2012, 5, 1), 50_000, rang=2)]
    followed = follow(lines, [*sums, received(date(2012, 11, 1), 71_000, code="ROSP1", rang=3)], END)
    totals = [followed.total(one) for one in ("projet", "en-vigueur", "a-verifier")]
    assert totals == [(48_000, 48_000), (52_000, 50_000), (70_000, 71_000)]
    assert [one.etat for one in followed.lignes] == ["en-regard", "partiel", "en-retard", "en-regard"]


def test_a_draft_takes_nothing_from_what_is_due() -> None:
    """100 received once; both bear the code, the draft stands first."""
    lines = [expected(1, 100, fondement="projet"), expected(1, 100)]
    draft, due = follow(lines, [received(date(2012, 2, 1), 100)], END).lignes
    assert ((draft.recu, draft.etat), (due.recu, due.etat)) == ((0, "exercice"), (100, "solde"))


@pytest.mark.parametrize("code", [(CODE,), ()])
def test_a_sum_beside_a_draft_still_answers_nothing(code: tuple[str, ...]) -> None:
    followed = follow([expected(1, 5_600, codes=code, fondement="projet")], [received(date(2012, 2, 1), 49_000)], END)
    (line,) = followed.lignes
    beside = (49_000, 43_400, "en-regard") if code else (0, -5_600, "exercice")
    assert (line.recu, line.ecart, line.etat) == beside
    assert [one.montant for one in followed.autres] == [49_000]
    exact = follow([expected(1, 49_000, codes=code, fondement="projet")], [received(date(2012, 2, 1), 49_000)], END)
    assert (exact.lignes[0].ecart, exact.lignes[0].etat, len(exact.autres)) == (0, "en-regard", 1)


def test_what_is_to_verify_takes_a_sum_after_what_is_due_and_is_never_late() -> None:
    lines = [expected(1, 100, fondement="a-verifier"), expected(1, 100)]
    unsure, due = follow(lines, [received(date(2012, 2, 1), 100)], END).lignes
    assert ((unsure.recu, unsure.etat), (due.recu, due.etat)) == ((0, "non-recu"), (100, "solde"))
    alone = follow(lines[:1], [received(date(2012, 2, 1), 170)], END)
    assert ((alone.lignes[0].ecart, alone.lignes[0].etat), alone.autres) == ((70, "en-regard"), ())


@pytest.mark.parametrize("le", [date(2012, 1, 1), date(2012, 5, 1), END])
def test_nothing_is_never_late(le: date) -> None:
    (line,) = follow([expected(2, 0)], [], le).lignes
    assert (line.etat, line.ecart) == ("nul", 0)
    (paid,) = follow([expected(2, 0)], [received(date(2012, 5, 1), debut=date(2012, 4, 1))], END).lignes
    assert paid.etat == "trop-percu"


@given(
    st.lists(
        st.tuples(
            st.integers(1, 4),
            st.sampled_from((None, 0, 100, 200, 300)),
            st.booleans(),
            st.sampled_from(("en-vigueur", "a-verifier", "projet")),
        ),
        max_size=5,
    ),
    st.lists(st.tuples(st.integers(0, 700), st.sampled_from((50, 100, 200, 300)), st.booleans()), max_size=6),
)
def test_every_sum_is_in_one_place_only(
    wanted: list[tuple[int, int | None, bool, Fondement]], came: list[tuple[int, int, bool]]
) -> None:
    """Beside a draft stand sums that answer nothing else, each beside one only."""
    lines = [
        expected(quarter, montant, codes=(CODE,) if coded else (), fondement=fondement)
        for quarter, montant, coded, fondement in wanted
    ]
    sums = [
        received(date(2012, 1, 1) + timedelta(days=day), montant, code=CODE if coded else "XXXXX", rang=rang)
        for rang, (day, montant, coded) in enumerate(came)
    ]
    followed = follow(lines, sums, END)
    drafts = [line for line in followed.lignes if line.attendu.fondement == "projet"]
    beside = [one.rang for line in drafts for one, _ in line.recus]
    served = [one.rang for line in followed.lignes if line not in drafts for one, _ in line.recus]
    left = [one.rang for one in followed.autres]
    assert sorted(served + left) == list(range(len(sums)))
    assert len(set(beside)) == len(beside)
    assert set(beside) <= set(left)
    without = follow([one for one in lines if one.fondement != "projet"], sums, END)
    assert without.autres == followed.autres
    assert len(followed.lignes) == len(lines)
