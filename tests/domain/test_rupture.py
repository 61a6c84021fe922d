"""When a new lot opens: every invoice is in exactly one lot, and what a lot holds fits the digits of its record 6."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.domain.emission.rupture import FactureEnAttente, LotKey, group_in_lots

KEY = LotKey(
    prestataire="001234566",
    type_destinataire="CT",
    centre_informatique="997",
    organisme_destinataire="998",
    certification="S",
    remplacant="",
)
FACTURE = FactureEnAttente(key=KEY, numero=1, total_honoraires=3000, lignes=1, frozen=b"")


def numbers(factures: list[FactureEnAttente], taille: int = 20) -> list[list[int]]:
    return [[facture.numero for facture in lot.factures] for lot in group_in_lots(factures, taille=taille)]


def several(count: int, **changes: int) -> list[FactureEnAttente]:
    return [replace(FACTURE, numero=numero, **changes) for numero in range(1, count + 1)]


def test_a_lot_is_full_at_its_size() -> None:
    assert numbers(several(5), taille=2) == [[1, 2], [3, 4], [5]]


def test_a_total_that_would_pass_nine_digits_opens_a_lot() -> None:
    assert numbers(several(3, total_honoraires=499_999_999)) == [[1, 2], [3]]
    assert numbers(several(2, total_honoraires=500_000_000)) == [[1], [2]]


def test_lines_that_would_pass_four_digits_open_a_lot() -> None:
    assert numbers(several(4, lignes=3_333)) == [[1, 2, 3], [4]]
    assert numbers(several(2, lignes=9_999)) == [[1], [2]]


@pytest.mark.parametrize("champ", ["prestataire", "organisme_destinataire", "certification", "remplacant"])
def test_what_a_lot_shares_is_shared(champ: str) -> None:
    other = replace(FACTURE, numero=2, key=replace(KEY, **{champ: "9"}))
    assert len(numbers([FACTURE, other, replace(FACTURE, numero=3)])) == 2


@pytest.mark.parametrize("taille", [0, 1000])
def test_a_size_that_record_6_cannot_count_is_refused(taille: int) -> None:
    with pytest.raises(ValueError, match="1 to 999"):
        list(group_in_lots([FACTURE], taille=taille))


@given(
    st.lists(st.tuples(st.integers(0, 99_999_999), st.integers(1, 9_999)), max_size=40),
    st.integers(1, 999),
)
def test_every_invoice_is_in_exactly_one_lot_that_holds(amounts: list[tuple[int, int]], taille: int) -> None:
    factures = [
        replace(FACTURE, numero=numero, total_honoraires=total, lignes=lignes)
        for numero, (total, lignes) in enumerate(amounts, start=1)
    ]
    lots = list(group_in_lots(reversed(factures), taille=taille))
    assert [facture for lot in lots for facture in lot.factures] == factures
    for lot in lots:
        assert 1 <= len(lot.factures) <= taille
        assert sum(facture.total_honoraires for facture in lot.factures) <= 999_999_999
        assert sum(facture.lignes for facture in lot.factures) <= 9_999
