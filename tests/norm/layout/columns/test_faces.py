"""Each kind of field read by columns: a row that is not doubtful has the value of the record codec, and no finding."""

from collections.abc import Sequence
from datetime import date
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from fse.base.findings import Place
from fse.norm.layout import Field, Layout, Unparsed, editions
from fse.norm.layout.checks import field_findings
from fse.norm.layout.columns.decoding import Places, RowFindings, decode
from fse.norm.layout.columns.faces.block import Block
from fse.norm.layout.columns.faces.kinds import FACES, MOST_DIGITS, read_field
from fse.norm.layout.columns.faces.lanes import are_digits, is_zero, number_of
from fse.norm.layout.columns.table import PLACE, kept_fields, schema_of
from fse.norm.layout.kinds import KINDS, NUMERIC
from tests.each import each
from tests.norm.layout.columns.generating import record_of

LAYOUTS = {
    f"{edition.famille}/{edition.nom}/{kind}": (edition, layout)
    for edition in editions()
    for kind, layout in edition.layouts.items()
}
FILL = 8
"""Blanks around the field in question, so that a record is never shorter than a lane, nor a field ever at its end."""


def layout_of(**field: Any) -> Layout:
    """A record of this field, named x, a sign when it is a signed amount, and blanks on both sides."""
    signed = field.pop("signed", False)
    blank = {"nom": "avant", "longueur": 3, "genre": "blanc"}
    entries = [blank, {"nom": "x", **field}]
    if signed:
        entries.append({"nom": "signe", "longueur": 1, "genre": "signe", "signe_de": "x"})
    entries.append({"nom": "apres", "longueur": FILL, "genre": "blanc"})
    champs, debut = [], 1
    for entry in entries:
        champs.append(Field(debut=debut, fin=debut + entry["longueur"] - 1, **entry))
        debut += entry["longueur"]
    return Layout(type="x", libelle="", longueur=debut - 1, champs=tuple(champs))


def prove(layout: Layout, records: Sequence[bytes]) -> None:
    """The rows and the findings of these records are those of the record codec."""
    count = len(records)
    schema = schema_of(editions()[0], layout)
    block = Block(layout, np.frombuffer(b"".join(records), np.uint8).reshape(count, layout.longueur))
    numbers = np.arange(count)
    places = Places(np.ones(count, np.int64), numbers + 1, numbers, 7 * numbers)
    decoded = decode(schema, block, places, count)
    assert decoded is not None
    decoded.rows.validate(full=True)
    expected: list[RowFindings] = []
    for number, (record, row) in enumerate(zip(records, decoded.rows.to_pylist(), strict=True)):
        values = layout.parse(record)
        found = tuple(
            field_findings(layout, record, values, Place(rang=number + 1, octet=7 * number, type=layout.type))
        )
        if found:
            expected.append(RowFindings(1, number + 1, found))
        cells = {field.nom: values[field.nom] for field in kept_fields(layout)}
        wanted = {name: None if isinstance(value, Unparsed) else value for name, value in cells.items()}
        assert {name: row[name] for name in wanted} == wanted, record
        assert [type(row[name]) for name in wanted] == [type(value) for value in wanted.values()], record
    assert decoded.findings == expected


def test_every_kind_has_a_face() -> None:
    assert FACES.keys() == KINDS.keys()


VARIANTS = [
    {"genre": genre, "longueur": length, "presence": presence, **more}
    for genre, length, presence, more in [
        *product(("texte", "code"), (1, 2, 7, 8, 9, 17, 30), "OF", ({},)),
        *product(("texte",), (1, 4, 10), "OF", ({"cadrage": "droite"},)),
        *product(("chiffres",), (1, 2, 8, 9, 14, 20), "OF", ({}, {"zeros": "absent"})),
        *product(("entier", "montant"), (1, 3, 8, 9, 11, 16, 17, 18), "OF", ({}, {"zeros": "absent"})),
        *product(("montant",), (7, 11), "OF", ({"signed": True}, {"signed": True, "zeros": "absent"})),
        *product(("decimal",), (6, 12), "OF", ({"decimales": 2}, {"decimales": 4, "zeros": "absent"})),
        *product(("date",), (6,), "OF", ({}, {"zeros": "absent"})),
        *product(("blanc",), (1, 8, 19), "O", ({},)),
        ("code", 3, "O", {"constante": "A1 "}),
        ("texte", 9, "F", {"constante": " " * 9}),
        ("entier", 2, "O", {"constante": "07"}),
        ("date", 6, "O", {"constante": "240229"}),
    ]
]
ALPHABETS = ["0123456789", "0", " ", "0 ", "AB 0", "ABé\xff ", "\x00\x1f\x7f\x80\xa0AZ09 PN+-_²", "NP0"]


def text_near(field: Field, random: Random) -> str:
    """Random text of the width of the field, near what it can hold or far from it."""
    width = field.longueur
    drawn = "".join(random.choices(random.choice(ALPHABETS), k=width))
    near = [field.constante or " " * width, "0" * width, "9" * width, drawn.strip().ljust(width)]
    if field.genre == "date":
        near.append(f"{random.randrange(100):02}{random.randrange(14):02}{random.randrange(33):02}")
    return random.choice([drawn, drawn, *near])


MANY = [pytest.param(80, id="some"), pytest.param(400, id="many", marks=pytest.mark.long)]


@pytest.mark.parametrize("count", MANY)
@each("variant", {"-".join(map(str, variant.values())): variant for variant in VARIANTS})
def test_a_column_reads_what_a_record_reads(variant: dict[str, Any], count: int) -> None:
    layout = layout_of(**variant)
    random = Random(str(variant))
    signs = "PN p" if layout.signs else [""]
    texts = [f"{text_near(layout.champ('x'), random)}{random.choice(signs)}" for _ in range(count)]
    records = [f"   {text}{' ' * FILL}".encode("latin-1") for text in texts]
    for size in (1, 3, count):  # alone, in a few, in many: what is common to a block is decided once
        prove(layout, records[:size])
        del records[:size]


@pytest.mark.parametrize("place", range(8))
def test_digits_are_strict_at_every_place_of_a_lane(place: int) -> None:
    texts = [bytearray(b"90817263") for _ in range(256)]
    for byte, text in enumerate(texts):
        text[place] = byte
    lanes = np.frombuffer(b"".join(texts), "<u8").astype(np.uint64)
    digits = are_digits(lanes)
    assert [byte for byte in range(256) if digits[byte]] == list(b"0123456789")
    assert [int(number) for number in number_of(lanes)[digits]] == [int(texts[byte]) for byte in b"0123456789"]
    assert not is_zero(lanes).any()


def test_every_six_digits_are_the_date_that_the_record_codec_reads() -> None:
    layout = layout_of(genre="date", longueur=6)
    field = layout.champ("x")
    texts = [f"{number:06}" for number in range(1_000_000)]
    records = "".join(f"   {text}{' ' * FILL}" for text in texts).encode("ascii")
    column = read_field(Block(layout, np.frombuffer(records, np.uint8).reshape(-1, layout.longueur)), field)
    assert column.doubtful is not None
    plain = np.flatnonzero(~column.doubtful)
    found = dict(zip(plain.tolist(), column.build().take(plain).to_pylist(), strict=True))
    # No two texts are the same day: as many right ones as the calendar has days leave no other.
    assert len(found) == (date(2079, 12, 31) - date(1980, 1, 1)).days + 1
    assert all(KINDS["date"].parse(texts[number], field) == day for number, day in found.items())


@pytest.mark.parametrize("count", [1, pytest.param(4, marks=pytest.mark.long)])
@each("name", {name: name for name in LAYOUTS})
def test_one_byte_changed_at_every_position_of_every_record(name: str, count: int) -> None:
    _, layout = LAYOUTS[name]
    random = Random(name)
    good = record_of(layout, random)
    changed = []
    for place in range(layout.longueur):
        for byte in random.sample(b" 019PNZ@\x00\x7f\x85\xe9", count):
            record = bytearray(good)
            record[place] = byte
            changed.append(bytes(record))
    prove(layout, [good, *changed])


@each("name", {name: name for name in LAYOUTS})
def test_valid_records_are_never_read_twice(name: str) -> None:
    edition, layout = LAYOUTS[name]
    random = Random(name)
    records = [record_of(layout, random) for _ in range(20)]
    block = Block(layout, np.frombuffer(b"".join(records), np.uint8).reshape(-1, layout.longueur))
    ranks = np.arange(1, 21)
    assert decode(schema_of(edition, layout), block, Places(ranks, ranks, ranks, ranks), 0) is not None


def test_no_layout_needs_what_a_face_cannot_read() -> None:
    for edition, layout in LAYOUTS.values():
        schema = schema_of(edition, layout)
        assert len(set(schema.names)) == len(schema.names)
        assert schema.names[: len(PLACE)] == [name for name, *_ in PLACE]
        for field in layout.champs:
            assert field.genre not in NUMERIC - {"chiffres"} or field.longueur <= MOST_DIGITS


def test_a_number_too_long_is_refused() -> None:
    layout = layout_of(genre="entier", longueur=19)
    with pytest.raises(ValueError, match="more than 18 digits"):
        prove(layout, [b"   " + b"1" * 19 + b" " * FILL])


def test_a_record_shorter_than_a_lane_is_refused() -> None:
    champs = (Field(nom="x", debut=1, fin=4, longueur=4, genre="texte"),)
    with pytest.raises(ValueError, match="shorter than 8 bytes"):
        Block(Layout(type="x", libelle="", longueur=4, champs=champs), np.zeros((1, 4), np.uint8))


def test_a_field_with_the_name_of_a_place_is_refused() -> None:
    champs = (Field(nom="rang", debut=1, fin=8, longueur=8, genre="texte"),)
    with pytest.raises(ValueError, match="rang is the name of a column of place"):
        schema_of(editions()[0], Layout(type="x", libelle="", longueur=8, champs=champs))
