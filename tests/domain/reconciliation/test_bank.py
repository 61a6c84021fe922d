"""The bank in SQL: which movement proves which transfer, what nothing proves; blocks never influence each other."""

import os
import random
from collections.abc import Iterable

import pytest

from fse.base.dates import from_days, to_days
from fse.domain.bank.libelles import JOURS_APRES, JOURS_AVANT, announced, window
from tests.domain.reconciliation.world.bank import (
    OTHER_COMPTE,
    REFERENCE,
    Cited,
    Moved,
    account,
    book,
    confirm,
    statement,
)
from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.values import DAY, DOC, NURSE, File, Transfer

SEEDS = 500 if os.environ.get("ENDURANCE") else 20


def returned(world: World, *amounts: int, fichier: str = "f1", prestataire: str = DOC) -> list[tuple[str, int]]:
    """A return of these transfers; their places."""
    transfers = tuple(Transfer(jour=DAY, montant=amount) for amount in amounts)
    world.take(File(fichier, transfers, beneficiaire=prestataire))
    query = "SELECT fichier, rang FROM virement WHERE fichier = ? ORDER BY rang"
    return [tuple(row) for row in world.db.execute(query, (fichier,)).fetchall()]


def proved(world: World) -> list[tuple[object, ...]]:
    """Each pair: rank of the transfer, rank of the movement, policy."""
    return sorted(world.db.execute("SELECT rang_virement, rang, politique FROM rapprochement_bancaire").fetchall())


def natures(world: World, today: int = DAY + 40) -> tuple[list[str], list[str]]:
    """Natures of the transfers, then of the movements; "" when they are matched."""
    world.today(today)
    world.touch_all()
    transfers = [row["nature"] for row in world.answer("virements_banque")]
    return transfers, [row["nature"] for row in world.answer("mouvements_banque")]


@pytest.fixture
def bank(world: World) -> World:
    account(world)
    return world


def test_amount_and_both_labels(bank: World) -> None:
    [one] = returned(bank, 1500)
    statement(bank, "r", [Moved(1500, cites=(Cited(*one),)), Moved(1500)])
    book(bank, "r")
    assert proved(bank) == [(one[1], 2, "deux_libelles")]
    assert natures(bank) == ([""], ["", "autre"])


def test_one_label_of_either_kind(bank: World) -> None:
    one, two = returned(bank, 1500, 2500)
    statement(
        bank,
        "r",
        [Moved(1500, cites=(Cited(*one, reference=""),)), Moved(2500, cites=(Cited(*two, payeur=False),))],
    )
    book(bank, "r")
    assert proved(bank) == [(one[1], 2, "un_libelle"), (two[1], 3, "un_libelle")]


def test_both_labels_go_before_one(bank: World) -> None:
    """Two movements of the amount hold the reference; one of them names the payer too."""
    [one] = returned(bank, 1500)
    statement(bank, "r", [Moved(1500, cites=(Cited(*one, payeur=False),)), Moved(1500, cites=(Cited(*one),))])
    book(bank, "r")
    assert proved(bank) == [(one[1], 3, "deux_libelles")]
    assert natures(bank)[1] == ["paiement_inexplique", ""]


def test_two_movements_as_good_prove_nothing(bank: World) -> None:
    [one] = returned(bank, 1500)
    statement(bank, "r", [Moved(1500, cites=(Cited(*one),)), Moved(1500, cites=(Cited(*one),))])
    book(bank, "r")
    assert {policy for *_, policy in proved(bank)} == {"ambigue"}
    assert natures(bank) == (["virement_ambigu"], ["paiement_ambigu", "paiement_ambigu"])


@pytest.mark.parametrize(("parts", "expected"), [((1000, 500), True), ((1000, 400), False), ((2000, -500), True)])
def test_one_transfer_in_several_movements(bank: World, parts: tuple[int, ...], expected: bool) -> None:
    [one] = returned(bank, 1500)
    statement(bank, "r", [Moved(amount, cites=(Cited(*one),)) for amount in parts])
    book(bank, "r")
    pairs = [(one[1], 2, "plusieurs_lignes"), (one[1], 3, "plusieurs_lignes")]
    assert proved(bank) == (pairs if expected else [])


def test_several_transfers_in_one_movement(bank: World) -> None:
    one, two = returned(bank, 1500, 2500)
    statement(bank, "r", [Moved(4000, cites=(Cited(*one), Cited(*two)))])
    book(bank, "r")
    assert proved(bank) == [(one[1], 2, "plusieurs_virements"), (two[1], 2, "plusieurs_virements")]


def test_the_longest_reference_says_whose_movement_it_is(bank: World) -> None:
    """`VIR F1 1` stands in `VIR F1 1 BIS`: the movement is of the second."""
    one, two = returned(bank, 1500, 1500)
    statement(bank, "r", [Moved(1500, cites=(Cited(*one), Cited(*two, reference=f"{REFERENCE} BIS")))])
    book(bank, "r")
    assert proved(bank) == [(two[1], 2, "deux_libelles")]


@pytest.mark.parametrize(("jour", "expected"), [(-4, 0), (-3, 1), (30, 1), (31, 0)])
def test_the_days_when_a_transfer_can_come(bank: World, jour: int, expected: int) -> None:
    [one] = returned(bank, 1500)
    statement(bank, "r", [Moved(1500, jour=jour, cites=(Cited(*one),))])
    book(bank, "r")
    assert len(proved(bank)) == expected


def test_the_days_are_those_in_which_python_looks_for_labels(bank: World) -> None:
    """What stands in three SQL texts and in `libelles.py` is one window: each edge, and one day beyond."""
    assert (JOURS_AVANT, JOURS_APRES) == (3, 30)
    first, last = (to_days(one) - DAY for one in window([from_days(DAY)]))
    late, early = (DAY - to_days(one) for one in announced([from_days(DAY)]))
    assert (first, last) == (early, late) == (-JOURS_AVANT, JOURS_APRES)
    [one] = returned(bank, 1500)
    for jour in (first - 1, first, last, last + 1):
        inside = first <= jour <= last
        statement(bank, "r", [Moved(1500, jour=jour, cites=(Cited(*one),))])
        book(bank, "r")
        assert len(proved(bank)) == inside
        bank.db.execute("DELETE FROM citation_bancaire")
        book(bank, "r")
        assert len(bank.answer("suggestions_banque")) == inside
        statement(bank, "r", [], first=jour)
        assert (natures(bank, DAY + 99)[0] == ["anterieur_aux_releves"]) == (jour > last)
        bank.db.execute("DELETE FROM releve_bancaire")
        bank.db.execute("DELETE FROM mouvement_bancaire")


def test_a_movement_of_another_account_proves_nothing(bank: World) -> None:
    [one] = returned(bank, 1500)
    account(bank, NURSE, OTHER_COMPTE)
    statement(bank, "r", [Moved(1500, cites=(Cited(*one),), compte=OTHER_COMPTE)])
    book(bank, "r")
    assert proved(bank) == []


def test_what_cites_a_transfer_that_it_cannot_prove_is_not_hidden(bank: World) -> None:
    """Paid on the account of another, with the reference alone: it names no payer, and is said all the same."""
    [one] = returned(bank, 1500)
    account(bank, NURSE, OTHER_COMPTE)
    statement(bank, "r", [Moved(1500, cites=(Cited(*one, payeur=False),), compte=OTHER_COMPTE)])
    book(bank, "r")
    assert natures(bank)[1] == ["paiement_inexplique"]


OTHER_REFERENCE = "VIR F1 2"


def test_two_references_as_long_choose_nothing(bank: World) -> None:
    """One movement holds those of two transfers of its amount: which one it pays is nowhere said."""
    one, two = returned(bank, 1500, 1500)
    statement(bank, "r", [Moved(1500, cites=(Cited(*one), Cited(*two, OTHER_REFERENCE)))])
    book(bank, "r")
    assert proved(bank) == [(one[1], 2, "ambigue"), (two[1], 2, "ambigue")]
    assert natures(bank) == (["virement_ambigu", "virement_ambigu"], ["paiement_ambigu"])


def test_of_two_references_as_long_the_amount_or_the_payer_tells(bank: World) -> None:
    one, two, three, four = returned(bank, 1500, 2500, 4000, 4000)
    told = (Cited(*three, payeur=False), Cited(*four, OTHER_REFERENCE))
    statement(bank, "r", [Moved(2500, cites=(Cited(*one), Cited(*two, OTHER_REFERENCE))), Moved(4000, cites=told)])
    book(bank, "r")
    assert proved(bank) == [(two[1], 2, "deux_libelles"), (four[1], 3, "deux_libelles")]


def test_what_holds_two_references_is_part_of_no_sum(bank: World) -> None:
    """It would be of two sums at once."""
    one, two = returned(bank, 1500, 1600)
    shared = Moved(500, cites=(Cited(*one), Cited(*two, OTHER_REFERENCE)))
    statement(
        bank, "r", [shared, Moved(1000, cites=(Cited(*one),)), Moved(1100, cites=(Cited(*two, OTHER_REFERENCE),))]
    )
    book(bank, "r")
    assert proved(bank) == []


def test_what_a_person_attached_may_not_be_the_amount(bank: World) -> None:
    [one] = returned(bank, 1500)
    statement(bank, "r", [Moved(500), Moved(1000)])
    confirm(bank, ("r", 2), one, 7)
    book(bank, "r", "f1")
    assert natures(bank) == (["virement_partiel"], ["", "autre"])
    [row] = bank.answer("virements_banque")
    assert (row["politique"], row["prouve_le"], row["recu"]) == ("", None, 500)
    confirm(bank, ("r", 3), one, 8)
    book(bank, "r", "f1")
    assert natures(bank) == ([""], ["", ""])


def test_an_amount_and_a_day_alone_are_a_suggestion(bank: World) -> None:
    """Even when nothing else has them; and no more when another movement has them too."""
    [one] = returned(bank, 1500)
    statement(bank, "r", [Moved(1500)])
    book(bank, "r")
    assert proved(bank) == []
    assert [(row["rang"], row["seule"]) for row in bank.answer("suggestions_banque")] == [(2, 1)]
    statement(bank, "s", [Moved(1500, jour=2)])
    book(bank, "s")
    assert [row["seule"] for row in bank.answer("suggestions_banque")] == [0, 0]
    confirm(bank, ("r", 2), one, 7)
    book(bank, "r", "f1")
    assert proved(bank) == [(one[1], 2, "manuelle")]
    assert bank.answer("suggestions_banque") == []
    bank.db.execute("DELETE FROM preuve_manuelle")
    book(bank, "r", "f1")
    assert proved(bank) == []


def test_by_hand_goes_before_what_labels_say(bank: World) -> None:
    one, two = returned(bank, 1500, 1500)
    statement(bank, "r", [Moved(1500, cites=(Cited(*one),)), Moved(1500)])
    book(bank, "r")
    assert proved(bank) == [(one[1], 2, "deux_libelles")]
    confirm(bank, ("r", 2), two, 7)
    book(bank, "r", "f1")
    assert proved(bank) == [(two[1], 2, "manuelle")]


def test_why_a_transfer_is_not_proved(bank: World) -> None:
    returned(bank, 1500, 0)
    assert natures(bank, DAY + 5) == (["attendu", "nul"], [])
    assert natures(bank, DAY + 11)[0] == ["releve_attendu", "nul"]
    statement(bank, "r", [], last=5)
    assert natures(bank, DAY + 11)[0] == ["releve_attendu", "nul"]
    statement(bank, "s", [], last=10)
    assert natures(bank, DAY + 11)[0] == ["virement_non_recu", "nul"]
    statement(bank, "r", [], first=31)
    statement(bank, "s", [], first=31)
    assert natures(bank, DAY + 41)[0] == ["anterieur_aux_releves", "nul"]
    bank.db.execute("DELETE FROM compte_prestataire")
    assert natures(bank)[0] == ["sans_compte", "nul"]


def test_a_debit_that_a_return_announces_is_proved(bank: World) -> None:
    """What is taken back is more than what is paid: the account is debited."""
    [one] = returned(bank, -700)
    statement(bank, "r", [Moved(-700, cites=(Cited(*one),)), Moved(-50, cites=(Cited(*one, reference=""),))])
    book(bank, "r")
    assert proved(bank) == [(one[1], 2, "deux_libelles")]
    assert natures(bank) == ([""], ["", "reprise_inexpliquee"])


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_touched_computed_again_is_everything_computed_again(seed: int, world: World) -> None:
    """Random months, booked piece by piece in a random order: the rows are those of a full rebuild."""
    chance = random.Random(seed)
    account(world)
    account(world, NURSE, OTHER_COMPTE)
    places = {
        fichier: returned(world, *chance.choices((1500, 2500, 4000, 0), k=3), fichier=fichier, prestataire=who)
        for fichier, who in (("f1", DOC), ("f2", DOC), ("f3", NURSE))
    }
    every = [place for found in places.values() for place in found]
    second = {
        place: chance.choice(("", "VIR F1 1", "VIR F1 1", "VIR F1 2", "VIR F1 10", "VIR F1 1 BIS")) for place in every
    }

    def cites() -> Iterable[Cited]:
        for place in chance.sample(every, k=chance.choice((0, 1, 1, 2, 3))):
            reference = second[place] if chance.random() < 0.8 else ""
            yield Cited(*place, reference=reference, payeur=not reference or chance.random() < 0.7)

    for number in range(8):
        compte = {} if chance.random() < 0.8 else {"compte": OTHER_COMPTE}
        moved = [
            Moved(chance.choice((1500, 2500, 4000, 1000)), chance.randint(-5, 32), tuple(cites()), **compte)
            for _ in range(chance.randint(1, 4))
        ]
        statement(world, f"r{number}", moved)
        book(world, f"r{number}")
        if chance.random() < 0.3:
            place = chance.choice(every)
            confirm(world, (f"r{number}", 2), place, number)
            book(world, f"r{number}", place[0])
        if chance.random() < 0.3:
            book(world, chance.choice(list(places)))
    kept = world.rows("rapprochement_bancaire")
    world.rebuild()
    assert world.rows("rapprochement_bancaire") == kept
    query = "SELECT fichier, rang, COUNT(DISTINCT politique) FROM preuve_virement GROUP BY fichier, rang"
    assert all(policies == 1 for *_, policies in world.db.execute(query)), "a movement proves one match at most"
