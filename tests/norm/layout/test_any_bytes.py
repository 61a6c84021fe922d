"""Whatever the bytes: findings or one typed error, nothing lost, nothing out of order, the same for any chunks."""

import time
import tracemalloc
from collections.abc import Iterator
from itertools import cycle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fse.base.errors import UnreadableError
from fse.base.findings import Finding
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow, FileEnd, FileStart, Framing, Item
from tests.norm.layout.rebuilding import in_chunks, rebuild
from tests.norm.layout.samples import b2_file, foreign_noemie_file, noemie_file

GOOD = [b2_file(), noemie_file(), foreign_noemie_file()]
HEADS = [data[:128] for data in GOOD]
CP_HEAD = b2_file(norme="CP")[:128]


def items_of(data: bytes, size: int = 1 << 16) -> list[Item] | None:
    """The items, or `None` when the content is not ours at all."""
    try:
        return list(read(in_chunks(data, size)))
    except UnreadableError:
        return None


def prove(data: bytes) -> None:
    items = items_of(data)
    for size in (1, 7, 128):
        assert items_of(data, size) == items
    if items is None:
        return
    assert rebuild(items) == data
    offsets = [item.octet for item in items if isinstance(item, (EntityRow, Framing))]
    assert offsets == sorted(offsets)
    starts = [item.ordinal for item in items if isinstance(item, FileStart)]
    ends = [item.ordinal for item in items if isinstance(item, FileEnd)]
    assert starts == ends == list(range(1, len(starts) + 1))
    ranks = 0
    for item in items:
        if isinstance(item, FileStart):
            ranks = 0
        elif isinstance(item, EntityRow):
            ranks += 1
            assert item.rang == ranks
            assert item.rang_parent is None or item.rang_parent < item.rang
        elif isinstance(item, FileEnd):
            assert item.complet or item.edition is None or sets_aside(items, item.ordinal)


def sets_aside(items: list[Item], ordinal: int) -> bool:
    """Whether a finding sets aside the file of this ordinal."""
    current = 0
    for item in items:
        if isinstance(item, FileStart):
            current = item.ordinal
        found = item.constats if isinstance(item, EntityRow) else (item,) if isinstance(item, Finding) else ()
        if current == ordinal and any(one.sets_aside for one in found):
            return True
    return False


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good file with a few bytes changed, inserted, or a slice taken out."""
    data = bytearray(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(data) - 1))
        action = draw(st.sampled_from(["change", "insert", "remove", "cut"]))
        if action == "change":
            data[place] = draw(st.one_of(st.sampled_from(b"\r\n @0129AZ\x00\xff"), st.integers(0, 255)))
        elif action == "insert":
            data[place:place] = draw(st.sampled_from([b"\r\n", b"\n", b" ", b"@", b"@12345", b"000TP", b"999"]))
        elif action == "remove":
            del data[place : place + draw(st.sampled_from([1, 2, 127, 128, 129]))]
        else:
            del data[place:]
        if not data:
            break
    return bytes(data)


JUNK = st.one_of(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\r\n", b"\x1a", b"From: a@b\r\n\r\n", b"0" * 200, b"@" * 200, *HEADS, CP_HEAD]),
)


@given(st.binary(max_size=600))
@example(b"")
@example(b"%PDF-1.7\n" + b"x" * 500)
def test_random_bytes(data: bytes) -> None:
    prove(data)


@given(st.sampled_from([*HEADS, CP_HEAD]), st.binary(max_size=600))
@example(HEADS[1], b"0" + b"\x00" * 127 + b"1" + b" " * 126)
def test_random_bytes_behind_a_head(head: bytes, data: bytes) -> None:
    prove(head + data)


@given(mutated())
def test_mutated_files(data: bytes) -> None:
    prove(data)


@given(st.lists(st.one_of(JUNK, st.sampled_from(GOOD), mutated()), min_size=1, max_size=4))
def test_concatenations_with_junk(parts: list[bytes]) -> None:
    prove(b"".join(parts))


@pytest.mark.parametrize("data", GOOD)
def test_a_good_file_cut_anywhere_is_set_aside(data: bytes) -> None:
    for size in range(85, len(data)):
        items = items_of(data[:size])
        assert items is not None
        assert sets_aside(items, 1), size


def flood(head: bytes, pattern: bytes, size: int) -> Iterator[bytes]:
    """A head, then `size` bytes of a pattern."""
    yield head
    chunk = pattern * (65536 // len(pattern))
    for _ in range(size // len(chunk)):
        yield chunk


FLOODS = [
    b"0",
    b"@",
    b"\n",
    b" ",
    b"0" + b"x" * 127,
    b"0" + b"@12345" * 21 + b" ",
    b"4" + b" " * 127,
    b"2" + b"0" * 127,
]


FLOODED = [
    pytest.param(head, pattern, id=f"{name}-{pattern[:8]!r}", marks=() if quick == name else pytest.mark.long)
    for pattern, quick in zip(FLOODS, cycle(["b2", "noemie", ""]), strict=False)
    for name, head in (("b2", HEADS[0]), ("noemie", HEADS[1]))
]
"""Two floods out of three, behind one head or the other; each behind both in the long lane."""


@pytest.mark.parametrize(("head", "pattern"), FLOODED)
def test_hostile_floods_take_linear_time_and_little_memory(head: bytes, pattern: bytes) -> None:
    def duration(size: int) -> float:
        start = time.process_time()
        for _ in read(flood(head, pattern, size)):
            pass
        return time.process_time() - start

    duration(1 << 16)
    small, large = duration(1 << 17), duration(1 << 19)
    assert large < 12 * small + 0.5, "four times the bytes must not take sixteen times the time"
    tracemalloc.start()
    for _ in read(flood(head, pattern, 1 << 17)):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20
