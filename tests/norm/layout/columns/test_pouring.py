"""A file poured from the bytes of its records is the file that the record codec frames."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fse.norm.layout import count_records, frame, load_edition
from fse.norm.layout.columns.framing.pouring import physical_records, pour

NOEMIE = load_edition("noemie", "ps-2007")
B2 = load_edition("b2", "ps-2003")
HEAD, TAIL = b"H" * 128, b"T" * 128


def poured(content: bytes) -> bytes:
    return pour(NOEMIE, HEAD, np.frombuffer(content, np.uint8), TAIL).tobytes()


def test_a_stream_by_hand() -> None:
    """130 bytes: one full payload of 127 behind a flag 0, the other 3 behind a flag 1, then blanks."""
    content = bytes(range(33, 33 + 26)) * 5
    expected = HEAD + b"0" + content[:127] + b"1" + content[127:] + b" " * 124 + TAIL
    assert poured(content) == expected


def test_nothing_between_head_and_tail_is_one_blank_record() -> None:
    assert poured(b"") == HEAD + b"1" + b" " * 127 + TAIL


@given(st.lists(st.binary(max_size=160), max_size=12))
@example([b"x" * 127])
@example([b"x" * 254])
@example([b"x" * 126])
@example([b"x" * 128])
def test_a_stream_as_the_record_codec_frames_it(entities: list[bytes]) -> None:
    assert poured(b"".join(entities)) == frame(NOEMIE, [HEAD, *entities, TAIL])
    assert physical_records(NOEMIE, sum(map(len, entities))) == count_records(NOEMIE, entities)


@given(st.integers(0, 5))
def test_fixed_records_stand_one_behind_the_other(count: int) -> None:
    entities = [bytes([65 + rank]) * 128 for rank in range(count)]
    content = np.frombuffer(b"".join(entities), np.uint8)
    assert pour(B2, HEAD, content, TAIL).tobytes() == frame(B2, [HEAD, *entities, TAIL])
    assert physical_records(B2, len(content)) == count_records(B2, entities)


@pytest.mark.parametrize(("head", "tail"), [(b"H" * 127, TAIL), (HEAD, b"T" * 129)])
def test_a_head_of_another_length_is_refused(head: bytes, tail: bytes) -> None:
    with pytest.raises(ValueError, match="128 bytes"):
        pour(NOEMIE, head, np.empty(0, np.uint8), tail)
