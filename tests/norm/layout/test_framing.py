"""What really happens to files on their way: line ends, concatenation, cuts, lost bytes, unknown entities."""

import hashlib
from collections.abc import Iterable

import pytest

from fse.base.errors import UnreadableError
from fse.base.findings import Finding
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow, FileEnd, FileStart, Framing, Item, frame
from fse.norm.layout.loading.loader import envelope_pattern
from tests.norm.layout.rebuilding import in_chunks, rebuild
from tests.norm.layout.samples import (
    NOEMIE,
    b2_facture,
    b2_file,
    b2_lot,
    foreign_noemie_file,
    noemie_entities,
    noemie_facture,
    noemie_file,
    noemie_group,
    noemie_rejet,
)

FILES = {"b2": b2_file(), "noemie": noemie_file()}
each_file = pytest.mark.parametrize("data", FILES.values(), ids=FILES)


def items_of(data: bytes) -> list[Item]:
    """The items, proved to be the whole file."""
    items = list(read([data]))
    assert rebuild(items) == data
    return items


def rows_of(items: Iterable[Item]) -> list[EntityRow]:
    return [item for item in items if isinstance(item, EntityRow)]


def codes_by_file(items: Iterable[Item]) -> list[set[str]]:
    """The codes of the findings of each logical file, what is information left out."""
    found: list[set[str]] = []
    for item in items:
        if isinstance(item, FileStart):
            found.append(set())
        constats = item.constats if isinstance(item, EntityRow) else (item,) if isinstance(item, Finding) else ()
        if found:
            found[-1] |= {one.code for one in constats if one.gravite != "information"}
    return found


def aside(items: Iterable[Item]) -> list[bool]:
    """Whether each logical file is set aside."""
    found: list[bool] = []
    for item in items:
        if isinstance(item, FileStart):
            found.append(False)
        constats = item.constats if isinstance(item, EntityRow) else (item,) if isinstance(item, Finding) else ()
        if found:
            found[-1] |= any(one.sets_aside for one in constats)
    return found


def contents(items: Iterable[Item]) -> list[tuple[str, bytes]]:
    return [(row.type, row.brut) for row in rows_of(items)]


# --- booked, with a finding ------------------------------------------------------------------------------------------


@each_file
def test_a_good_file_has_nothing_to_say(data: bytes) -> None:
    items = items_of(data)
    assert codes_by_file(items) == [set()]
    end = items[-1]
    assert isinstance(end, FileEnd)
    assert end.empreinte == hashlib.sha256(data).hexdigest()
    assert (end.complet, end.enregistrements, end.octet) == (True, len(data) // 128, len(data))


@each_file
@pytest.mark.parametrize("line_end", [b"\r\n", b"\n", b"\r", b"\n\n", b"\r\r\n"])
def test_line_ends_every_128_bytes_are_taken_out(data: bytes, line_end: bytes) -> None:
    broken = line_end.join(in_chunks(data, 128)) + line_end
    items = items_of(broken)
    assert codes_by_file(items) == [{"cadrage.fins_de_ligne"}]
    assert aside(items) == [False]
    assert contents(items) == contents(items_of(data))
    assert [item.empreinte for item in items if isinstance(item, FileEnd)] == [hashlib.sha256(data).hexdigest()]


@each_file
def test_line_ends_at_some_boundaries_only_are_taken_out_too(data: bytes) -> None:
    broken = b"".join(block + b"\r\n" * (rank % 3 == 2) for rank, block in enumerate(in_chunks(data, 128)))
    assert contents(items_of(broken)) == contents(items_of(data))


@pytest.mark.parametrize("byte", [b"\r", b"\n"])
def test_a_first_byte_damaged_into_a_line_end_moves_nothing(byte: bytes) -> None:
    data = FILES["b2"]
    rows = rows_of(items_of(data[: 3 * 128] + byte + data[3 * 128 + 1 :]))
    assert [row.octet for row in rows] == list(range(0, len(data), 128))
    assert [row.layout is None for row in rows].count(True) == 1


@pytest.mark.parametrize("between", [b"", b"\r\n", b"\x00" * 300, b"\x1a"])
def test_files_one_after_another_are_read_apart(between: bytes) -> None:
    items = items_of(between.join([FILES["b2"], FILES["noemie"], FILES["b2"]]))
    assert [item.ordinal for item in items if isinstance(item, FileStart)] == [1, 2, 3]
    assert codes_by_file(items) == [{"cadrage.fichiers_concatenes"}, set(), set()]
    assert [item.empreinte for item in items if isinstance(item, FileEnd)] == [
        hashlib.sha256(FILES[name]).hexdigest() for name in ("b2", "noemie", "b2")
    ]


@each_file
def test_bytes_outside_files_are_kept_and_not_read(data: bytes) -> None:
    items = items_of(b"From: caisse@exemple\r\n\r\n" + data + b"-- \r\nsignature")
    found = [item for item in items if isinstance(item, Finding) and item.code == "cadrage.octets_hors_fichier"]
    assert [one.place.octet for one in found] == [0, 24 + len(data)]
    assert not any(one.sets_aside for one in found)
    assert contents(items) == contents(items_of(data))


def test_a_terminator_inside_a_label_is_text() -> None:
    reject = noemie_rejet(libelle_rejet="VOIR A@B.FR @10203 PUIS @99099")
    entities = [*noemie_facture(1), reject, *noemie_facture(2)]
    group = noemie_group(1, entities, somme=2 * (1855 + 795), nombre=2)
    items = items_of(frame(NOEMIE, noemie_entities(group, total=2 * (1855 + 795))))
    assert codes_by_file(items) == [set()]
    assert [row.valeurs["libelle_rejet"] for row in rows_of(items) if row.type == "294"] == [
        "VOIR A@B.FR @10203 PUIS @99099"
    ]


@pytest.mark.parametrize(
    "unknown",
    [
        b"15503" + b"X" * 146 + b"@",
        b"15503@",
        b"15503" + b"A@B " * 30 + b"@",
        b"00012@",
        b"99912@",
        b"777AB" + b"-" * 9 + b"@",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_an_unknown_entity_is_kept_and_the_rest_is_read(unknown: bytes, first: bool) -> None:
    invoice = noemie_facture(1)
    entities = [unknown, *invoice] if first else [invoice[0], unknown, *invoice[1:]]
    group = noemie_group(1, entities, somme=1855 + 795, nombre=1)
    items = items_of(frame(NOEMIE, noemie_entities(group, total=1855 + 795)))
    assert codes_by_file(items) == [{"structure.type_inconnu"}]
    assert aside(items) == [False]
    rows = rows_of(items)
    assert [row.brut for row in rows if row.layout is None] == [unknown]
    assert [row.type for row in rows if row.layout] == ["000", "040", "071", "081", "102", "198", "199", "990", "999"]


def test_a_very_long_unknown_entity_comes_in_pieces() -> None:
    unknown = b"15503" + b"X" * 9000 + b"@"
    group = noemie_group(1, [unknown, *noemie_facture(1)], somme=1855 + 795, nombre=1)
    rows = rows_of(items_of(frame(NOEMIE, noemie_entities(group, total=1855 + 795))))
    pieces = [row.brut for row in rows if row.layout is None]
    assert b"".join(pieces) == unknown
    assert max(map(len, pieces)) == 4096
    assert [row.type for row in rows if row.layout][-3:] == ["199", "990", "999"]


def test_an_unknown_sub_record_counts_and_is_never_read_as_the_main_one() -> None:
    facture = b2_facture(1)
    detail = b"4" + facture[1][1:35] + b"Z" + b" " * 92
    items = items_of(b2_file(b2_lot(1, [[*facture[:2], detail, facture[2]]])))
    assert codes_by_file(items) == [{"structure.type_inconnu"}]
    assert [row.type for row in rows_of(items) if row.layout is None] == ["4Z"]


# --- set aside, that file only ---------------------------------------------------------------------------------------


def damaged(data: bytes) -> dict[str, bytes]:
    """A good file in the ways that set it aside."""
    middle = 128 * (len(data) // 256)
    found = {
        "truncated in a record": data[: middle + 50],
        "truncated after a record": data[:middle],
        "truncated in the head": data[:100],
        "truncated in the trailer": data[:-1],
        "trailer missing": data[:-128],
        "byte lost in the head": data[:90] + data[91:],
        "byte lost in the trailer": data[:-60] + data[-59:],
        "byte too many": data[:middle] + b" " + data[middle:],
    }
    for rank in range(len(data) // 128 - 1):
        place = 128 * rank + 90
        found[f"record {rank + 1} of 127 bytes"] = data[:place] + data[place + 1 :]
    return found


CASES = [(f"{name}: {case}", name, data) for name, good in FILES.items() for case, data in damaged(good).items()]


@pytest.mark.parametrize(("case", "name", "data"), CASES, ids=[case for case, *_ in CASES])
@pytest.mark.parametrize("line_end", [b"", b"\r\n"], ids=["", "crlf"])
def test_damage_sets_that_file_aside_and_no_other(case: str, name: str, data: bytes, line_end: bytes) -> None:
    if line_end and "record" in case and "bytes" in case:
        rank = int(case.split("record ")[1].split(" ")[0])
        blocks = in_chunks(FILES[name], 128)
        blocks[rank - 1] = blocks[rank - 1][:90] + blocks[rank - 1][91:]
        data = line_end.join(blocks) + line_end
    before, after = FILES["noemie"], FILES["b2"]
    items = items_of(before + data + after)
    starts = [item.octet for item in items if isinstance(item, FileStart)]
    assert starts == [0, len(before), len(before) + len(data)]
    assert aside(items) == [False, True, False]
    second_end = next(rank for rank, item in enumerate(items) if isinstance(item, FileEnd) and item.ordinal == 2)
    assert contents(items[second_end:]) == contents(items_of(after))


def test_a_short_record_between_line_ends_is_the_only_one_lost() -> None:
    data = FILES["b2"]
    blocks = in_chunks(data, 128)
    blocks[3] = blocks[3][:-1]
    items = items_of(b"\r\n".join(blocks))
    good = contents(items_of(data))
    assert [row for row in contents(items) if row not in good] == [("4", blocks[3])]
    assert "cadrage.enregistrement_court" in codes_by_file(items)[0]


@pytest.mark.parametrize(("old", "new"), [(b"0", b"7"), (b"1", b"0"), (b"1", b" ")])
def test_a_lost_flag_is_seen(old: bytes, new: bytes) -> None:
    data = FILES["noemie"]
    place = 128 if old == b"0" else len(data) - 256
    assert data[place : place + 1] == old
    items = items_of(data[:place] + new + data[place + 1 :])
    assert aside(items) == [True]
    assert codes_by_file(items)[0] & {"cadrage.drapeau", "cadrage.dernier_absent"}


def test_content_after_its_last_record_is_seen() -> None:
    data = FILES["noemie"]
    items = items_of(data[:128] + b"1" + data[129:])
    assert "cadrage.apres_dernier" in codes_by_file(items)[0]
    assert aside(items) == [True]


@pytest.mark.parametrize("code", ["noemie.nombre", "noemie.somme"])
def test_control_totals_set_aside_a_file_of_ours_and_warn_on_another(code: str) -> None:
    for data, expected, is_aside in (
        (FILES["noemie"], code, True),
        (foreign_noemie_file(), f"{code}_suppose", False),
    ):
        place = data.rfind(b"99099") + (28 if code == "noemie.nombre" else 35)
        items = items_of(data[:place] + b"7" + data[place + 1 :] + FILES["b2"])
        assert expected in codes_by_file(items)[0]
        assert aside(items) == [is_aside, False]


def test_what_only_looks_like_a_head_does_not_cut_a_good_record() -> None:
    """`000`, two capitals, and `128` at its distance: in the message of the head and in the name of the lot's."""
    data = b2_file(message="000AB")
    data = data[:173] + b"128" + data[176:]
    assert envelope_pattern().search(data, 1)
    assert codes_by_file(items_of(data)) == [set()]


def test_an_edition_nobody_knows_is_set_aside_and_its_bytes_are_kept() -> None:
    stranger = FILES["b2"][:65] + b"B9" + FILES["b2"][67:]
    items = items_of(stranger + FILES["b2"])
    assert [item.edition and item.edition.nom for item in items if isinstance(item, FileStart)] == [None, "ps-2003"]
    assert codes_by_file(items)[0] >= {"edition.inconnue"}
    assert aside(items) == [True, False]


# --- not ours at all -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"\r\n" * 99,
        b"%PDF-1.7\n" + b"\xff" * 4000,
        b"PK\x03\x04" + b"\0" * 999,
        FILES["b2"][:84],
        FILES["b2"][1:],
    ],
)
def test_what_is_not_ours_is_one_typed_error_before_any_item(data: bytes) -> None:
    for size in (1, 1 << 16):
        with pytest.raises(UnreadableError) as refusal:
            next(iter(read(in_chunks(data, size))))
        assert (refusal.value.status, refusal.value.code) == (3, "lecture.pas_a_nous")


def test_a_long_content_that_is_not_ours_is_the_same_error_at_its_end() -> None:
    junk = [b"x" * (1 << 20)] * 2
    pieces = []
    with pytest.raises(UnreadableError):
        pieces.extend(read(iter(junk)))
    for item in read(iter([*junk, FILES["b2"]])):
        pieces.append(item)
    assert max(len(piece.brut) for piece in pieces if isinstance(piece, Framing)) <= 1 << 16
