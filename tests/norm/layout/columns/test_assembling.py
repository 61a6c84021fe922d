"""Parts put in the order of their ranks: the bytes that a list of records, sorted by rank, makes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.norm.layout.columns import Part, assemble
from tests.each import each


@given(lengths=st.lists(st.integers(1, 12), min_size=1, max_size=4), count=st.integers(0, 30), data=st.data())
def test_records_stand_where_their_ranks_say(lengths: list[int], count: int, data: st.DataObject) -> None:
    owners = data.draw(st.lists(st.integers(0, len(lengths) - 1), min_size=count, max_size=count))
    expected = [data.draw(st.binary(min_size=lengths[owner], max_size=lengths[owner])) for owner in owners]
    parts = []
    for owner, length in enumerate(lengths):
        ranks = data.draw(st.permutations([rank for rank, one in enumerate(owners) if one == owner]))
        records = np.frombuffer(b"".join(expected[rank] for rank in ranks), np.uint8).reshape(-1, length)
        parts.append(Part(records, np.array(ranks, np.int64)))
    content, starts = assemble(parts)
    assert content.tobytes() == b"".join(expected)
    assert (content.ndim, starts.tolist()) == (1, [0, *np.cumsum([len(one) for one in expected])])


def test_no_part_makes_nothing() -> None:
    content, starts = assemble([])
    assert (content.shape, starts.tolist()) == ((0,), [0])


def test_records_that_are_not_contiguous() -> None:
    matrix = np.arange(24, dtype=np.uint8).reshape(2, 12)
    content, _ = assemble([Part(matrix[:, 3:5], np.array([1, 0]))])
    assert content.tolist() == [15, 16, 3, 4]


RANKS = {
    "one twice": [0, 0, 2],
    "one missing": [0, 1, 3],
    "one before the first": [-1, 0, 1],
    "too few": [0, 1],
    "too many": [0, 1, 2, 3],
}


@each("ranks", RANKS)
def test_ranks_that_are_no_order(ranks: list[int]) -> None:
    records = np.zeros((3, 5), np.uint8)
    with pytest.raises(ValueError, match="rank"):
        assemble([Part(records, np.array(ranks))])
