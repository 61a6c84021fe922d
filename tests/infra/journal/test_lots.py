"""Lots: an invoice is live in one at most, a cancelled invoice voids the unsigned lot, numbers come back."""

from __future__ import annotations

import pytest

from fse.base.errors import UsageError
from fse.base.plages import Plage
from fse.infra.journal import Journal, Reading, Transaction
from fse.infra.journal.facts import factures, lots
from fse.infra.journal.facts.lots import LotKey
from tests.infra.journal.facts import NOW, PRESTATAIRE, TODAY, cancel, freeze_file, make_lot, mostly_on_sqlite, secure


def waiting(reading: Reading) -> list[int]:
    return [facture.numero for facture in factures.waiting(reading)]


def keys(rows: list[lots.LotRow]) -> list[LotKey]:
    return [row.key for row in rows]


@pytest.fixture
def secured(journal: Journal) -> Journal:
    with journal.transaction(NOW) as transaction:
        for numero in (1, 2, 3):
            secure(transaction, numero)
    return journal


def test_the_life_of_a_lot(secured: Journal) -> None:
    with secured.transaction(NOW) as transaction:
        key = make_lot(transaction, 7, [3, 1])
        assert [facture.numero for facture in lots.factures_of(transaction, key)] == [3, 1]
        assert keys(lots.unsigned_lots(transaction)) == keys(lots.live_lots(transaction)) == [key]
        assert lots.lots_without_file(transaction) == []
        assert lots.signature_of(transaction, key) is None
        assert waiting(transaction) == [2]
    with secured.transaction(NOW) as transaction:
        lots.sign(transaction, key, b"cms")
        assert lots.signature_of(transaction, key) == b"cms"
        assert lots.unsigned_lots(transaction) == []
        assert keys(lots.lots_without_file(transaction)) == [key]
        freeze_file(transaction, "000001", [key])
        assert lots.lots_without_file(transaction) == []
        held = lots.lot_of(transaction, PRESTATAIRE, 1)
        assert held is not None
        assert held == lots.find_lot(transaction, key)
        assert lots.lot_of(transaction, PRESTATAIRE, 2) is None


def test_a_cancelled_invoice_voids_its_unsigned_lot(secured: Journal) -> None:
    with secured.transaction(NOW) as transaction:
        void, other = make_lot(transaction, 1, [1, 2]), make_lot(transaction, 2, [3])
    with secured.transaction(NOW) as transaction:
        cancel(transaction, 1)
        assert waiting(transaction) == [2]
        assert keys(lots.live_lots(transaction)) == keys(lots.unsigned_lots(transaction)) == [other]
        assert lots.lot_of(transaction, PRESTATAIRE, 2) is None
        assert lots.find_lot(transaction, void) is None
        again = make_lot(transaction, 3, [2])
        held = lots.lot_of(transaction, PRESTATAIRE, 2)
        assert held is not None
        assert held.key == again
    with pytest.raises(UsageError) as error, secured.transaction(NOW) as transaction:
        lots.sign(transaction, void, b"cms")
    assert error.value.code == "lot.inconnu"


def test_an_invoice_of_a_signed_lot_is_not_cancelled(secured: Journal) -> None:
    with secured.transaction(NOW) as transaction:
        lots.sign(transaction, make_lot(transaction, 1, [1, 2]), b"cms")
    with pytest.raises(UsageError) as error, secured.transaction(NOW) as transaction:
        cancel(transaction, 2)
    assert error.value.code == "facture.lot_signe"
    with secured.reading() as reading:
        assert waiting(reading) == [3]


def test_an_invoice_stands_in_one_live_lot_at_most(secured: Journal) -> None:
    with secured.transaction(NOW) as transaction:
        make_lot(transaction, 1, [1])
        secure(transaction, 4, mode="papier")
        cancel(transaction, 3)
    for numeros in ([2, 1], [3], [4], [99]):
        with pytest.raises(UsageError) as error, secured.transaction(NOW) as transaction:
            make_lot(transaction, 2, numeros)
        assert error.value.code == "lot.facture_indisponible"


@pytest.mark.parametrize(("number", "numeros"), [(1, []), (1, [2, 2]), (0, [2]), (1000, [2])])
def test_a_lot_has_invoices_and_a_number(secured: Journal, number: int, numeros: list[int]) -> None:
    with pytest.raises(ValueError, match="lot"), secured.transaction(NOW) as transaction:
        make_lot(transaction, number, numeros)


def test_a_lot_is_signed_once(secured: Journal) -> None:
    with secured.transaction(NOW) as transaction:
        key = make_lot(transaction, 1, [1])
        lots.sign(transaction, key, b"cms")
    with pytest.raises(UsageError) as error, secured.transaction(NOW) as transaction:
        lots.sign(transaction, key, b"autre")
    assert error.value.code == "lot.deja_signe"


def allocate(transaction: Transaction, date_lot: int, unsettled: tuple[int, ...] = ()) -> int:
    return lots.allocate_numero_lot(transaction, PRESTATAIRE, date_lot, lambda key: key.numero_lot not in unsettled)


@mostly_on_sqlite
def test_numbers_of_lots_go_on_and_cycle(secured: Journal) -> None:
    with secured.transaction(NOW) as transaction:
        assert [allocate(transaction, TODAY) for _ in range(999)] == list(range(1, 1000))
        assert allocate(transaction, TODAY) == 1


@pytest.mark.parametrize(
    ("age", "unsettled", "free"),
    [(0, (), False), (1, (), False), (89, (), False), (90, (), True), (90, (1,), False), (-5, (), False)],
)
def test_a_number_comes_back_when_its_lot_is_old_and_settled(
    secured: Journal, age: int, unsettled: tuple[int, ...], free: bool
) -> None:
    with secured.transaction(NOW) as transaction:
        make_lot(transaction, 1, [1], TODAY - age)
        assert allocate(transaction, TODAY, unsettled) == (1 if free else 2)


def test_the_number_of_a_void_lot_is_burnt_for_90_days_and_nobody_asks_whether_it_is_settled(
    secured: Journal,
) -> None:
    with secured.transaction(NOW) as transaction:
        make_lot(transaction, 1, [1], TODAY - 90)
        make_lot(transaction, 2, [2], TODAY - 1)
        cancel(transaction, 1)
        cancel(transaction, 2)
        assert [allocate(transaction, TODAY, (1, 2, 3)) for _ in range(2)] == [1, 3]


def test_when_no_number_is_free_it_is_said(secured: Journal) -> None:
    with secured.transaction(NOW) as transaction:
        for number in (1, 2, 3):
            make_lot(transaction, number, [number])
    with pytest.raises(UsageError) as error, secured.transaction(NOW) as transaction:
        lots.allocate_numero_lot(transaction, PRESTATAIRE, TODAY, lambda _: True, Plage(1, 3))
    assert error.value.code == "lot.numeros_epuises"
