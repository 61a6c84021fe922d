"""Which way a content is read: by columns as long as it is regular, by the record codec from there on."""

import time
import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle, repeat

import numpy as np
import pyarrow as pa
import pytest

from fse.base.errors import UnreadableError
from fse.norm.layout import Edition, frame
from fse.norm.layout.columns import Account, Batch, read_columns
from fse.norm.layout.columns.framing.envelope import heads_in
from fse.norm.layout.columns.irregular import Irregular
from fse.norm.layout.columns.plan import Plan
from fse.norm.layout.columns.regular import MOST_REREAD
from fse.norm.layout.loading.loader import envelope_pattern
from tests.norm.layout.columns.comparing import by_column, prove_equal
from tests.norm.layout.samples import (
    B2,
    DAY,
    NOEMIE,
    b2_facture,
    b2_file,
    b2_lot,
    noemie_entities,
    noemie_facture,
    noemie_file,
    noemie_group,
    noemie_rejet,
)


def account_of(data: bytes, window: int = 1 << 16) -> Account:
    account = prove_equal(data, window=window)
    assert account is not None
    return account


def long_b2(lines: int = 40) -> bytes:
    return b2_file(b2_lot(1, [b2_facture(1, lines), b2_facture(2)]))


def with_teeth(numbers: Iterable[int], days: Iterable[date] = repeat(DAY)) -> bytes:
    """A long file, then an invoice of one line with a detail record for each of these numbers and dates."""
    first, line, end = b2_facture(3)
    values = B2.layouts["4"].parse(line)
    key = {nom: values[nom] for nom in ("prestataire", "nir", "cle_nir", "numero_facture")}
    teeth = [
        B2.build("4M", key | {"sequence": one, "date_seance": day}) for one, day in zip(numbers, days, strict=False)
    ]
    return b2_file(b2_lot(1, [b2_facture(1, 40), [first, line, *teeth, end]]))


# --- by columns ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b2_file(), noemie_file()], ids=["b2", "noemie"])
def test_a_good_file_is_read_by_columns_alone(data: bytes) -> None:
    account = account_of(data)
    assert (account.relais, account.relues, account.inconnues, account.raison) == (None, 0, 0, "")


@pytest.mark.parametrize("between", [b"", b"\r\n", b"\x1a", b"\x00" * 600 + b"\n"])
def test_files_may_follow_each_other(between: bytes) -> None:
    data = between.join([b"", b2_file(), noemie_file(), b2_file(), b""])
    for window in (600, 1 << 16):
        assert account_of(data, window).relais is None
    assert account_of(data).lignes["b2", "ps-2003", "000"] == 2


def test_a_type_may_stand_under_different_parents_in_one_window() -> None:
    agent = NOEMIE.build("020", {"mandataire": "00123456"})
    under_agent = frame(NOEMIE, noemie_entities([agent, *noemie_group(1, noemie_facture(1), 0, 1)], total=0))
    data = b"".join([noemie_file(), under_agent, noemie_file()])
    for window in (600, 1 << 16):
        assert account_of(data, window).relais is None
    rows, _, _ = by_column(data)
    assert [row["rang_parent"] for row in rows["noemie", "ps-2007", "040"]] == [1, 1, 2, 1, 1]


def test_a_label_may_hold_terminators_and_accents() -> None:
    labels = ["@", "A@B", "198@", "@@@ 10203@", "é@è", "@294041@"]
    entities = [entity for label in labels for entity in (*noemie_facture(1), noemie_rejet(libelle_rejet=label))]
    data = frame(NOEMIE, noemie_entities(noemie_group(1, entities, somme=0, nombre=6), total=0))
    for window in (600, 1 << 16):
        assert account_of(data, window).relais is None
    rows, _, _ = by_column(data)
    assert [row["libelle_rejet"] for row in rows["noemie", "ps-2007", "294"]] == labels


def test_a_field_that_does_not_read_costs_one_row() -> None:
    data = bytearray(long_b2())
    data[5 * 128 + 60] = ord("X")
    data[9 * 128 + 90] = ord(" ")
    account = account_of(bytes(data))
    assert (account.relais, account.relues) == (None, 2)


def test_details_in_order_are_read_by_columns() -> None:
    days = [DAY + timedelta(days=one // 3) for one in range(26)]
    for window in (700, 1 << 16):
        account = account_of(with_teeth(range(1, 27), days), window)
        assert (account.relais, account.lignes["b2", "ps-2003", "4M"]) == (None, 26)


# --- handed over -----------------------------------------------------------------------------------------------------


def with_line_ends(data: bytes) -> bytes:
    return b"".join(data[start : start + 128] + b"\r\n" for start in range(0, len(data), 128))


def long_noemie() -> bytes:
    groups = [noemie_group(number, noemie_facture(number), somme=0, nombre=1) for number in range(1, 20)]
    return frame(NOEMIE, noemie_entities(*groups, total=0))


def changed(data: bytes, place: int, content: bytes) -> bytes:
    """The same bytes but these, which take the place of as many."""
    assert data[place : place + len(content)] != content
    return data[:place] + content + data[place + len(content) :]


def noemie_with(one: bytes, other: bytes) -> bytes:
    """A long return where the first of these bytes in its second half are others."""
    data = long_noemie()
    return changed(data, data.index(one, len(data) // 2), other)


SHOUTED = [one for number in range(1, 99) for one in (*noemie_facture(number), noemie_rejet(libelle_rejet="@" * 86))]
OTHER_LOT = [b2_lot(2, [])[0].replace(b"022003", b"062005"), *b2_lot(2, [b2_facture(2)])[1:]]
IRREGULAR = {
    "bytes outside files": long_b2() + b"From: a@b" + long_b2(),
    "no edition reads this file": long_b2() + changed(b2_file(), b2_file().index(b"B2"), b"ZZ"),
    "a line end in the first record": long_b2() + changed(long_b2(), 100, b"\n"),
    "a record has no known type": long_b2() + with_line_ends(long_b2()),
    "no file, or one that does not end": long_b2()[:-128],
    "a record may not stand where it does": b2_file(b2_lot(1, [b2_facture(1, 40)]), b2_lot(2, [b2_facture(2)])[:-1]),
    "a file starts inside another": changed(long_b2(), 30 * 128 + 41, b2_file()[:85]),
    "the header of a lot names another edition": b2_file(b2_lot(1, [b2_facture(1, 40)]), OTHER_LOT),
    "a record does not have its number": with_teeth([*range(1, 15), 14]),
    "too many records under one parent": with_teeth(range(1, 28)),
    "a date goes back": with_teeth(range(1, 15), [DAY] * 12 + [DAY - timedelta(days=1)] * 2),
    "a flag is missing": changed(long_noemie(), 10 * 128, b"X"),
    "no tail behind the last record": changed(long_noemie(), len(long_noemie()) - 128, b"5"),
    "the last entity is cut": changed(long_noemie(), long_noemie().rindex(b"@"), b" "),
    "an entity has no known type": noemie_with(b"@199", b"@777"),
    "an entity does not end where it should": noemie_with(b"@199", b"x199"),
    "too many terminators": long_noemie() + frame(NOEMIE, noemie_entities(noemie_group(1, SHOUTED, 0, 99), total=0)),
}


@pytest.mark.parametrize("reason", IRREGULAR)
def test_what_is_not_regular_is_handed_over_where_it_is_met(reason: str) -> None:
    small, large = (account_of(IRREGULAR[reason], window) for window in (700, 1 << 16))
    assert large.raison == reason
    assert large.relais == 0
    assert small.relais is not None
    assert small.relais > 0, "what stands before is read by columns"


def test_a_return_in_an_unexpected_order_is_handed_over() -> None:
    orphan = noemie_group(2, noemie_facture(2, amc=None)[1:], somme=0, nombre=1)
    data = frame(NOEMIE, noemie_entities(noemie_group(1, noemie_facture(1), somme=0, nombre=1), orphan, total=0))
    assert account_of(data).raison == "a record may not stand where it does"


def test_too_many_fields_that_do_not_read_are_handed_over() -> None:
    lines = 999
    factures = [[record[:60] + b"X" + record[61:] for record in b2_facture(one, lines)] for one in range(1, 10)]
    data = b2_file(b2_lot(1, factures))
    assert lines * len(factures) > MOST_REREAD
    _, findings, account = by_column(data, window=1 << 21)
    assert account.raison == "too many records are not plain"
    assert len(findings) > MOST_REREAD


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"x" * 5000, b"000TP" * 100])
def test_what_is_not_ours_is_the_same_error(data: bytes) -> None:
    with pytest.raises(UnreadableError) as refusal:
        list(read_columns(lambda: [data]))
    assert refusal.value.code == "lecture.pas_a_nous"


def test_a_head_alone_is_no_regular_file() -> None:
    assert account_of(b2_file()[:128]).relais == 0
    assert account_of(b2_file()[:100]).relais == 0


def test_a_window_too_short_for_the_start_of_a_file_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 516 bytes"):
        list(read_columns(lambda: [b2_file()], 515))


# --- what an edition must say ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edition", "reason"),
    [
        (replace(B2, parents={**B2.parents, "1": ("000", "2")}), "chains"),
        (replace(B2, parents={**B2.parents, "4": ()}), "chains"),
        (replace(B2, discriminants=(replace(B2.discriminants[0], fin=12),)), "more than 7 bytes"),
    ],
    ids=["a circle", "a second root", "a long key"],
)
def test_an_edition_that_the_tables_cannot_hold_is_refused(edition: Edition, reason: str) -> None:
    with pytest.raises(Irregular, match=reason):
        Plan(edition)


# --- envelopes -------------------------------------------------------------------------------------------------------


def test_envelopes_are_found_as_the_reader_finds_them() -> None:
    head = b2_file()[:128]
    pieces = [b"12", head, b"128" * 50, head[:90], b"000TP", b"0" * 200, head, b"1", head[:85], head[:84]]
    data = b"".join(pieces) + bytes(1 << 18) + head
    found = heads_in(np.frombuffer(data, np.uint8))
    assert found == [match.start() for match in envelope_pattern().finditer(data)]
    assert len(found) == 5
    assert heads_in(np.frombuffer(head[:84], np.uint8)) == []


# --- memory and time -------------------------------------------------------------------------------------------------


def repeated_lots(lots: int) -> Iterator[bytes]:
    data = b2_file()
    yield data[:128]
    lot = b"".join(b2_lot(1, [b2_facture(1, 100)]))
    for _ in range(lots):
        yield lot
    yield data[-128:]


def test_memory_does_not_grow_with_the_content() -> None:
    def peak(lots: int) -> tuple[int, int]:
        tracemalloc.start()
        before, most, rows = pa.total_allocated_bytes(), 0, 0
        for item in read_columns(lambda: repeated_lots(lots), 1 << 17):
            most = max(most, pa.total_allocated_bytes() - before)
            rows += item.rows.num_rows if isinstance(item, Batch) else 0
        most += tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most, rows

    peak(20)
    small, few = peak(40)
    large, many = peak(400)
    assert many > 9 * few
    assert large < 1.5 * small
    assert large < 8 << 20


FLOODS = [b"0", b"@", b"\n", b"128", b"000TP", b"0" + b"@12345" * 21 + b" ", b"4" + b" " * 127]
HEADS = {"b2": b2_file()[:128], "noemie": noemie_file()[:128]}
FLOODED = [
    pytest.param(HEADS[name], pattern, id=f"{name}-{pattern[:8]!r}", marks=() if name == quick else pytest.mark.long)
    for pattern, quick in zip(FLOODS, cycle(HEADS), strict=False)
    for name in HEADS
]
"""Each flood behind one head or the other, behind both in the long lane."""


@pytest.mark.parametrize(("head", "pattern"), FLOODED)
def test_hostile_floods_take_linear_time(head: bytes, pattern: bytes) -> None:
    def duration(size: int) -> float:
        data = head + pattern * (size // len(pattern))
        start = time.process_time()
        for _ in read_columns(lambda: [data]):
            pass
        return time.process_time() - start

    duration(1 << 14)
    small, large = duration(1 << 15), duration(1 << 17)
    assert large < 12 * small + 0.5, "four times the bytes must not take sixteen times the time"
