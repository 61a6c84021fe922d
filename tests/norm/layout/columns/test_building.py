"""Records built by columns: those of `Layout.build` row by row, and what it refuses is refused, at the same row."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fse.base.errors import BuildError
from fse.norm.layout import Field, Layout, all_editions
from fse.norm.layout.columns import build_records
from fse.norm.layout.columns.faces.sources import source_of
from fse.norm.layout.columns.faces.target import Target
from fse.norm.layout.columns.faces.writing import WRITING_FACES
from fse.norm.layout.kinds import KINDS
from tests.each import each
from tests.norm.layout.columns.building import NO_DAYS, arrow, may_be_missing, prove_built, value_of, wrong_value_of
from tests.norm.layout.columns.test_faces import VARIANTS, layout_of

LAYOUTS = {
    f"{edition.famille}/{edition.nom}/{kind}": layout
    for edition in all_editions()
    for kind, layout in edition.layouts.items()
}
FEW = settings(max_examples=settings().max_examples // 5)
"""Of each layout: there are a hundred."""


def test_every_kind_has_a_writing_face_but_the_sign() -> None:
    assert WRITING_FACES.keys() == KINDS.keys() - {"signe"}


# --- every layout, rows of values that fit or do not -----------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@FEW
@given(seed=st.integers(0, 2**64), rows=st.integers(1, 40), wrong=st.sampled_from([0, 0, 1]))
def test_any_layout_is_written_as_row_by_row(layout: Layout, seed: int, rows: int, wrong: int) -> None:
    random = Random(seed)
    given_fields = [field for field in layout.champs if random.random() < 0.7 or not may_be_missing(field)]
    columns = {field.nom: [value_of(field, random) for _ in range(rows)] for field in given_fields}
    for sign, amount in layout.signs:
        amounts = columns.get(amount, [0] * rows)
        columns[amount] = [random.choice([1, -1]) * (one or 0) for one in amounts]
        columns[sign] = [None if random.random() < 0.5 else "N" if one < 0 else "P" for one in columns[amount]]
    for _ in range(wrong * random.randint(1, 4)):
        field = random.choice(layout.champs)
        cells = columns.setdefault(field.nom, [value_of(field, random) for _ in range(rows)])
        cells[random.randrange(rows)] = random.choice([None, wrong_value_of(field, random)])
    assert prove_built(layout, rows, columns) or wrong


@each("name", {name: name for name in LAYOUTS if not name.startswith("cfonb")})
def test_what_fits_never_needs_the_record_codec(name: str) -> None:
    layout, random = LAYOUTS[name], Random(name)
    for field in layout.champs:
        if field.signe_de is None:
            cells = [value_of(field, random) for _ in range(30)]
            texts = np.empty((30, field.longueur), np.uint8)
            column = arrow(layout, {field.nom: cells})[field.nom]
            doubtful = source_of(field, column, signed=False).write(0, Target(texts, 0, field.longueur))
            assert doubtful is None or not doubtful.any(), field.nom
            expected = [KINDS[field.genre].build(cell, field).encode("latin-1") for cell in cells]
            assert [text.tobytes() for text in texts] == expected, field.nom


def test_signed_amounts_never_need_the_record_codec() -> None:
    layout = layout_of(genre="montant", longueur=4, signed=True)
    texts = np.empty((3, 4), np.uint8)
    amounts = pa.array([-12, 0, 9999])
    assert source_of(layout.champ("x"), amounts, signed=True).write(0, Target(texts, 0, 4)) is None
    assert texts.tobytes() == b"001200009999"


# --- every kind, at every length, near its limits --------------------------------------------------------------------

TEXTS = st.text(st.characters(max_codepoint=0x17F), max_size=12) | st.text("0 A9é", max_size=9) | st.text("0123456789")
LARGEST = 2**63 - 1


def values_for(field: Field) -> st.SearchStrategy[Any]:
    """Values that the Arrow type of a field holds, most of them near what it takes; nulls besides."""
    width = field.longueur
    if field.genre in ("entier", "montant"):
        limit = min(10**width, LARGEST)
        near = st.sampled_from([0, 1, -1, limit - 1, limit, LARGEST, -LARGEST - 1])
        return st.none() | near | st.integers(-limit, limit) | st.integers(-LARGEST - 1, LARGEST)
    if field.genre == "decimal":
        highest = 10**width - 1
        return st.none() | st.integers(-highest, highest).map(lambda units: Decimal(units).scaleb(-field.decimales))
    if field.genre == "date":
        return st.none() | st.dates() | st.dates(date(1979, 1, 1), date(2080, 12, 31)) | st.sampled_from(NO_DAYS)
    exact = st.text("0123456789", min_size=width, max_size=width) | st.text("0é A", min_size=width, max_size=width)
    return st.none() | exact | exact | TEXTS | st.just(field.constante or "")


@pytest.mark.parametrize("variant", VARIANTS, ids=["-".join(map(str, variant.values())) for variant in VARIANTS])
@FEW
@given(data=st.data())
def test_a_kind_is_written_as_row_by_row(variant: dict[str, Any], data: st.DataObject) -> None:
    layout = layout_of(**variant)
    cells = data.draw(st.lists(values_for(layout.champ("x")), min_size=1, max_size=12))
    columns: dict[str, Sequence[Any]] = {"x": cells}
    if layout.signs and data.draw(st.sampled_from([False, True])):
        signs = st.sampled_from(["P", "N", None, None, "", "X", "PN", "é"])
        columns["signe"] = data.draw(st.lists(signs, min_size=len(cells), max_size=len(cells)))
    for only in range(len(cells)):  # alone: what is common to a block is decided once
        prove_built(layout, 1, {nom: column[only : only + 1] for nom, column in columns.items()})
    prove_built(layout, len(cells), columns)
    arrays = {nom: array.dictionary_encode() for nom, array in arrow(layout, columns).items()}
    prove_built(layout, len(cells), columns, arrays)


@pytest.mark.parametrize(
    ("field", "values", "texts"),
    [
        ({"genre": "texte", "longueur": 3}, ["AB", " B", "", None, "éà"], ["AB ", " B ", "   ", "   ", "éà "]),
        ({"genre": "texte", "longueur": 4, "cadrage": "droite"}, ["12", None, "é"], ["0012", "0000", "000é"]),
        ({"genre": "chiffres", "longueur": 3}, ["012", "999"], ["012", "999"]),
        ({"genre": "chiffres", "longueur": 3, "zeros": "absent"}, ["012", None], ["012", "000"]),
        ({"genre": "entier", "longueur": 9}, [0, 12345, 999999999], ["000000000", "000012345", "999999999"]),
        ({"genre": "decimal", "longueur": 6, "decimales": 2}, [Decimal("1.50"), Decimal(0)], ["000150", "000000"]),
        ({"genre": "date", "longueur": 6}, [date(1980, 1, 1), date(2079, 12, 31)], ["800101", "791231"]),
        ({"genre": "date", "longueur": 6, "zeros": "absent"}, [None, date(2024, 2, 29)], ["000000", "240229"]),
        ({"genre": "montant", "longueur": 4, "signed": True}, [-12, 12, 0], ["0012N", "0012P", "0000P"]),
    ],
)  # fmt: skip
def test_the_texts_of_each_kind(field: dict[str, Any], values: Sequence[Any], texts: Sequence[str]) -> None:
    layout = layout_of(**field)
    records = build_records(layout, len(values), arrow(layout, {"x": values}))
    assert [record.tobytes().decode("latin-1").removeprefix("   ")[: len(texts[0])] for record in records] == texts


def test_every_day_of_a_century() -> None:
    layout = layout_of(genre="date", longueur=6)
    first, last = date(1980, 1, 1), date(2079, 12, 31)
    days = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
    records = build_records(layout, len(days), arrow(layout, {"x": days}))
    assert [record.tobytes()[3:9].decode() for record in records] == [day.strftime("%y%m%d") for day in days]


def test_more_digits_than_a_face_writes_are_left_to_the_record_codec() -> None:
    assert prove_built(layout_of(genre="entier", longueur=19), 2, {"x": [0, 2**63 - 1]})


# --- how columns may be stored ---------------------------------------------------------------------------------------

WORDS = ["AB", None, "é", "", "ABCD", "AB"]
COUNTS = [1, 2, 9999, 0, 77, 3]
CENTS = [Decimal("1.50"), Decimal("99.99"), Decimal(0), Decimal("0.01"), Decimal(2), Decimal(3)]
STORED: dict[str, tuple[dict[str, Any], Sequence[Any], Any]] = {
    "strings of 64-bit offsets": ({"genre": "texte"}, WORDS, pa.array(WORDS, pa.large_string())),
    "views of strings": ({"genre": "texte"}, WORDS, pa.array(WORDS, pa.string_view())),
    "a dictionary": ({"genre": "texte"}, WORDS, pa.array(WORDS).dictionary_encode()),
    "a dictionary with a null": (
        {"genre": "texte"},
        WORDS,
        pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, 3, 4, 0]), pa.array(WORDS[:5])),
    ),
    "a dictionary that says more than is used": (
        {"genre": "texte"},
        WORDS[:1] * 6,
        pa.DictionaryArray.from_arrays(pa.array([1] * 6, pa.int8()), pa.array(["trop long", "AB", "€"])),
    ),
    "a dictionary longer than the column": (
        {"genre": "texte"},
        WORDS[:1] * 6,
        pa.DictionaryArray.from_arrays(pa.array([7] * 6), pa.array([*["Z"] * 7, "AB", "C"], pa.large_string())),
    ),
    "chunks": ({"genre": "texte"}, WORDS, pa.chunked_array([WORDS[:1], [], WORDS[1:4], WORDS[4:]])),
    "chunks of different dictionaries": (
        {"genre": "texte"},
        WORDS,
        pa.chunked_array([pa.array(WORDS[:2]).dictionary_encode(), pa.array(WORDS[2:]).dictionary_encode()]),
    ),
    "nulls over characters": (
        {"genre": "texte"},
        ["AB", None, "EF", None, "I", "J"],
        pa.StringArray.from_buffers(
            6,
            pa.py_buffer(np.array([0, 2, 4, 6, 8, 9, 10], np.int32)),
            pa.py_buffer(b"ABCDEFGHIJ"),
            pa.py_buffer(bytes([0b110101])),
        ),
    ),
    "a slice": ({"genre": "texte"}, WORDS, pa.array(["X", "é", None, *WORDS, "Y"]).slice(3, 6)),
    "a slice of numbers": ({"genre": "entier"}, COUNTS, pa.array([7, None, 5, *COUNTS, 1]).slice(3, 6)),
    "a slice with nulls": (
        {"genre": "entier", "zeros": "absent"},
        [1, None, None, 4, 5, None],
        pa.array([7, None, 5, 1, None, None, 4, 5, None, 1]).slice(3, 6),
    ),
    "numbers of 16 bits": ({"genre": "entier"}, COUNTS, pa.array(COUNTS, pa.int16())),
    "unsigned numbers": ({"genre": "montant"}, COUNTS, pa.array(COUNTS, pa.uint64())),
    "numbers of a dictionary": ({"genre": "entier"}, COUNTS, pa.array(COUNTS).dictionary_encode()),
    "wider decimals": ({"genre": "decimal", "decimales": 2}, CENTS, pa.array(CENTS, pa.decimal128(20, 6))),
    "narrower decimals": ({"genre": "decimal", "decimales": 2}, CENTS, pa.array(CENTS, pa.decimal64(4, 2))),
    "a slice of decimals": (
        {"genre": "decimal", "decimales": 2},
        CENTS,
        pa.array([None, Decimal(-1), *CENTS], pa.decimal128(4, 2)).slice(2),
    ),
    "nothing at all": ({"genre": "texte"}, [None] * 6, pa.nulls(6)),
}


@each("field, values, column", STORED)
def test_however_values_are_stored(field: dict[str, Any], values: Sequence[Any], column: Any) -> None:
    layout = layout_of(longueur=4, **field)
    assert column.to_pylist() == list(values)
    assert prove_built(layout, 6, {"x": values}, {"x": column})


REFUSED: dict[str, tuple[dict[str, Any], Any]] = {
    "text in a number": ({"genre": "entier"}, pa.array(["12"])),
    "a truth in a number": ({"genre": "entier"}, pa.array([True])),
    "a floating number": ({"genre": "entier"}, pa.array([1.0])),
    "a number beyond 64 bits": ({"genre": "entier"}, pa.array([2**64 - 1], pa.uint64())),
    "a blank before what zeros fill": ({"genre": "texte", "cadrage": "droite"}, pa.array([" A"])),
    "a blank behind what zeros fill": ({"genre": "texte", "cadrage": "droite"}, pa.array(["A "])),
    "a zero before what zeros fill": ({"genre": "texte", "cadrage": "droite"}, pa.array(["0A"])),
    "a negative decimal": ({"genre": "decimal", "decimales": 2}, pa.array([Decimal("-0.01")], pa.decimal128(4, 2))),
    "a number in a text": ({"genre": "texte"}, pa.array([12])),
    "a number in a date": ({"genre": "entier"}, pa.array([date(2024, 1, 1)])),
    "a number for a decimal": ({"genre": "decimal", "decimales": 2}, pa.array([1])),
    "too many decimals": ({"genre": "decimal", "decimales": 2}, pa.array([Decimal("1.005")])),
    "a decimal too great": ({"genre": "decimal", "decimales": 2}, pa.array([Decimal("100.00")])),
    "text in blanks": ({"genre": "blanc"}, pa.array([""])),
    "a number in blanks": ({"genre": "blanc"}, pa.array([0])),
    "a null where digits are wanted": ({"genre": "chiffres"}, pa.nulls(1)),
    "a dictionary of the wrong values": ({"genre": "chiffres"}, pa.array(["123"] * 2).dictionary_encode()),
}


@each("field, column", REFUSED)
def test_what_row_by_row_refuses(field: dict[str, Any], column: Any) -> None:
    layout = layout_of(longueur=4, **field)
    assert not prove_built(layout, len(column), {"x": column.to_pylist()}, {"x": column})


# --- rows, names and what is not given -------------------------------------------------------------------------------


def test_a_null_is_nothing_and_a_field_without_column_takes_its_default() -> None:
    layout = layout_of(genre="code", longueur=2, presence="F", defaut="9 ")
    assert build_records(layout, 1, {}).tobytes() == b"   9         "
    assert build_records(layout, 1, {"x": pa.nulls(1, pa.string())}).tobytes() == b" " * layout.longueur


def test_a_field_that_must_be_given() -> None:
    layout = layout_of(genre="entier", longueur=4)
    assert not prove_built(layout, 3, {})
    assert build_records(layout, 0, {}).shape == (0, layout.longueur)


def test_an_unknown_name_is_refused_even_without_rows() -> None:
    layout = layout_of(genre="texte", longueur=4)
    for columns in ({"y": pa.nulls(0)}, {"z": pa.nulls(0), "y": pa.nulls(0)}):
        with pytest.raises(BuildError, match="Le champ y ne peut pas s'écrire : champ inconnu"):
            build_records(layout, 0, columns)


def test_a_column_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="column x: 2 rows, not 3"):
        build_records(layout_of(genre="texte", longueur=4), 3, {"x": pa.nulls(2, pa.string())})


MANY = 20_000
"""More than are written at a time."""


@each("first, last", {"in the first rows": (11, 19_000), "behind": (8192, 8200), "at the end": (19_999, 19_999)})
def test_the_first_refused_row_of_many_is_named(first: int, last: int) -> None:
    layout = layout_of(genre="entier", longueur=4)
    numbers = np.arange(MANY) % 10_000
    assert [int(record.tobytes()[3:7]) for record in build_records(layout, MANY, {"x": pa.array(numbers)})] == (
        numbers.tolist()
    )
    numbers[[first, last]] = [-1, 10_000] if first < last else [-1, -1]
    with pytest.raises(BuildError, match="négatif") as refusal:
        build_records(layout, MANY, {"x": pa.array(numbers)})
    assert refusal.value.lieu.endswith(f", ligne {first + 1}")


SIGNED = {
    "a sign alone": {"signe": ["N", "P", None]},
    "an amount alone": {"x": [-12, None, 12]},
    "both": {"x": [-12, 12, None, None, None], "signe": ["N", "P", None, "P", "N"]},
    "nulls everywhere": {"x": [None] * 2, "signe": [None] * 2},
}


@each("columns", SIGNED)
def test_signs_of_an_amount_that_may_be_missing(columns: dict[str, Sequence[Any]]) -> None:
    layout = layout_of(genre="montant", longueur=5, presence="F", zeros="absent", defaut="00000", signed=True)
    assert prove_built(layout, len(next(iter(columns.values()))), columns)


def test_signs_of_zero() -> None:
    layout = layout_of(genre="montant", longueur=5, signed=True)
    assert prove_built(layout, 5, {"x": [0, 0, 0, -1, 1], "signe": ["N", "P", None, None, None]})


WRONG_SIGNS = {"minus on plus": ("N", 12), "plus on minus": ("P", -12), "no sign": ("X", 0), "two": ("PN", 0)}


@each("signe, montant", WRONG_SIGNS)
def test_a_sign_that_contradicts(signe: str, montant: int) -> None:
    layout = layout_of(genre="montant", longueur=5, signed=True)
    assert not prove_built(layout, 3, {"x": [1, montant, 2], "signe": [None, signe, None]})


def test_a_sign_that_contradicts_a_default() -> None:
    layout = layout_of(genre="montant", longueur=5, signed=True, defaut="00012")
    assert not prove_built(layout, 1, {"signe": ["N"]})
