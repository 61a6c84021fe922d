"""Lots cut on columns are those cut one invoice at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.domain.emission.cuts import cut_lots
from fse.domain.emission.rupture import FactureEnAttente, LotKey, group_in_lots


def keyed(prestataire: str) -> LotKey:
    return LotKey(
        prestataire=prestataire,
        type_destinataire="CT",
        centre_informatique="997",
        organisme_destinataire="998",
        certification="S",
        remplacant="",
    )


def cut(rows: list[tuple[int, int, int]], taille: int) -> list[int]:
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    return cut_lots(columns[0], columns[1], columns[2], taille).tolist()


amounts = st.integers(0, 5_000) | st.sampled_from([0, 499_999_999, 500_000_000, 999_999_999, 1_500_000_000])
lines = st.integers(1, 5) | st.sampled_from([3_333, 4_999, 5_000, 9_999, 12_000])


@given(st.lists(st.tuples(st.integers(0, 3), amounts, lines), max_size=60), st.integers(1, 8) | st.integers(1, 999))
def test_columns_cut_as_one_by_one(rows: list[tuple[int, int, int]], taille: int) -> None:
    ordered = sorted(rows, key=lambda row: row[0])
    waiting = [
        FactureEnAttente(key=keyed(str(key)), numero=rank, total_honoraires=amount, lignes=count, frozen=b"")
        for rank, (key, amount, count) in enumerate(ordered)
    ]
    sizes = [len(lot.factures) for lot in group_in_lots(waiting, taille=taille)]
    assert cut(ordered, taille) == np.cumsum([0, *sizes]).tolist()


def test_by_hand() -> None:
    """A change of key, a full lot, nine digits passed, four digits passed."""
    assert cut([(1, 10, 1), (1, 10, 1), (2, 10, 1)], 20) == [0, 2, 3]
    assert cut([(1, 10, 1)] * 5, 2) == [0, 2, 4, 5]
    assert cut([(1, 499_999_999, 1)] * 3, 20) == [0, 2, 3]
    assert cut([(1, 10, 3_333)] * 4, 20) == [0, 3, 4]
    assert cut([], 20) == [0]


@pytest.mark.parametrize("taille", [0, 1000])
def test_a_size_that_record_6_cannot_count_is_refused(taille: int) -> None:
    with pytest.raises(ValueError, match="1 to 999"):
        cut([(1, 1, 1)], taille)
