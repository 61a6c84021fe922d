"""Records and back: the law `build(parse(raw)) == raw`, and every field at blank, minimum and maximum."""

from datetime import date
from decimal import Decimal
from itertools import product

import construct
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fse.base.errors import BuildError
from fse.norm.layout import Field, Layout, Unparsed, Value, editions
from fse.norm.layout.kinds import NUMERIC
from fse.norm.layout.record import RecordCodec

LAYOUTS = {
    f"{edition.famille}/{edition.nom}/{kind}": layout
    for edition in editions()
    for kind, layout in edition.layouts.items()
}
FIELDS = {f"{place}.{field.nom}": (layout, field) for place, layout in LAYOUTS.items() for field in layout.champs}
CORNERS = ("blanc", "minimum", "maximum")

FEW = settings(max_examples=settings().max_examples // 3)
"""Of each layout: there are a hundred."""

each_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def corner_texts(field: Field) -> dict[str, str]:
    """The text of a field when it is blank, at its lowest and at its highest."""
    length = field.longueur
    texts = {"blanc": " " * length}
    if field.constante is not None or field.is_filler:
        constant = field.constante or " " * length
        return texts | {"minimum": constant, "maximum": constant}
    if field.genre == "date":
        return texts | {"minimum": "000101", "maximum": "991231"}
    if field.genre == "signe":
        return texts | {"minimum": "N", "maximum": "P"}
    if field.genre in NUMERIC:
        return texts | {"minimum": "0" * length, "maximum": "9" * length}
    if field.cadrage == "droite":
        return texts | {"minimum": "0" * length, "maximum": "Z" * length}
    return texts | {"minimum": "A" + " " * (length - 1), "maximum": "\xff" * length}


def record_with(layout: Layout, field: Field, text: str) -> bytes:
    """A record of plausible fields, with this text in one of them."""
    texts = [text if other is field else corner_texts(other)["minimum"] for other in layout.champs]
    return "".join(texts).encode("latin-1")


@each_layout
@FEW
@given(data=st.data())
def test_any_bytes_of_the_right_length_come_back(layout: Layout, data: st.DataObject) -> None:
    raw = data.draw(st.binary(min_size=layout.longueur, max_size=layout.longueur))
    assert layout.build(layout.parse(raw)) == raw
    digits = st.text("0123456789 PN\xe9", min_size=layout.longueur, max_size=layout.longueur)
    plausible = data.draw(digits).encode("latin-1")
    assert layout.build(layout.parse(plausible)) == plausible


def test_each_field_takes_blank_minimum_and_maximum() -> None:
    missed = [
        f"{place} {corner}"
        for (place, (layout, field)), corner in product(FIELDS.items(), CORNERS)
        if not reaches(layout, field, corner)
    ]
    print(f"{len(FIELDS)} fields x {len(CORNERS)} corners; not reached: {missed or 'none'}")
    assert not missed


def reaches(layout: Layout, field: Field, corner: str) -> bool:
    """Whether this corner of a field is read as a value (blank: as nothing, or kept as it stands) and written back."""
    text = corner_texts(field)[corner]
    record = record_with(layout, field, text)
    values = layout.parse(record)
    value = values[field.nom]
    if layout.build(values) != record:
        return False
    if corner != "blanc":
        return not isinstance(value, Unparsed) and rebuilt_from_value(layout, field, value) == text
    kept = field.genre in NUMERIC or field.genre == "signe" or field.cadrage == "droite"
    return value == (Unparsed(text) if kept else None)


def rebuilt_from_value(layout: Layout, field: Field, value: Value) -> str:
    """The text of one field, written from its value alone."""
    values = layout.parse(record_with(layout, field, corner_texts(field)["minimum"])) | {field.nom: value}
    for sign, amount in layout.signs:
        if field.nom in (sign, amount):
            values[amount] = -1 if value == "N" else abs(value) if isinstance(value, int) else 1
            values[sign] = None if field.nom == amount else value
    return layout.raw(layout.build(values), field)


def layout_of(*entries: dict[str, object]) -> Layout:
    fields, following = [], 1
    for entry in entries:
        length = entry["longueur"]
        fields.append(Field(**{"nom": "x", "debut": following, "fin": following + length - 1} | entry))
        following += length
    return Layout(type="X", libelle="essai", longueur=following - 1, champs=tuple(fields))


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ({"genre": "texte"}, "AB  ", "AB"),
        ({"genre": "texte"}, " B  ", " B"),
        ({"genre": "texte"}, "    ", None),
        ({"genre": "texte"}, "é\x82\xa0 ", "é\x82\xa0"),
        ({"genre": "texte"}, "A\tB ", Unparsed("A\tB ")),
        ({"genre": "texte", "cadrage": "droite"}, "0012", "12"),
        ({"genre": "texte", "cadrage": "droite"}, "0000", None),
        ({"genre": "texte", "cadrage": "droite"}, "    ", Unparsed("    ")),
        ({"genre": "texte", "cadrage": "droite"}, "12  ", Unparsed("12  ")),
        ({"genre": "chiffres"}, "0012", "0012"),
        ({"genre": "chiffres"}, "²012", Unparsed("²012")),
        ({"genre": "chiffres", "zeros": "absent"}, "0000", None),
        ({"genre": "entier"}, "0012", 12),
        ({"genre": "entier"}, " 012", Unparsed(" 012")),
        ({"genre": "entier"}, "+012", Unparsed("+012")),
        ({"genre": "entier"}, "1_00", Unparsed("1_00")),
        ({"genre": "entier", "zeros": "absent"}, "0000", None),
        ({"genre": "montant"}, "1234", 1234),
        ({"genre": "decimal", "decimales": 2}, "0150", Decimal("1.50")),
        ({"genre": "decimal", "decimales": 2, "zeros": "absent"}, "0000", None),
        ({"genre": "date", "longueur": 6}, "240229", date(2024, 2, 29)),
        ({"genre": "date", "longueur": 6}, "230229", Unparsed("230229")),
        ({"genre": "date", "longueur": 6}, "800101", date(1980, 1, 1)),
        ({"genre": "date", "longueur": 6}, "791231", date(2079, 12, 31)),
        ({"genre": "date", "longueur": 6, "zeros": "absent"}, "000000", None),
        ({"genre": "blanc"}, "    ", None),
        ({"genre": "blanc"}, " X  ", Unparsed(" X  ")),
    ],
)
def test_values_of_each_kind(field: dict[str, object], text: str, value: Value) -> None:
    layout = layout_of({"longueur": 4} | field)
    assert layout.parse(text.encode("latin-1")) == {"x": value}
    assert layout.build({"x": value}) == text.encode("latin-1")


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ({"genre": "texte"}, "ABCDE", "trop long"),
        ({"genre": "texte"}, "A\n", "alphabet"),
        ({"genre": "texte"}, "œ", "alphabet"),
        ({"genre": "texte"}, 12, "texte est attendu"),
        ({"genre": "texte", "cadrage": "droite"}, "012", "zéro de tête"),
        ({"genre": "texte", "cadrage": "droite"}, "12 ", "espace autour"),
        ({"genre": "chiffres"}, "123", "4 chiffres"),
        ({"genre": "chiffres"}, "12A4", "4 chiffres"),
        ({"genre": "chiffres"}, None, "4 chiffres"),
        ({"genre": "chiffres", "zeros": "absent"}, "0000", "absent"),
        ({"genre": "entier"}, 10000, "trop grand"),
        ({"genre": "entier"}, -1, "négatif"),
        ({"genre": "entier"}, None, "nombre est attendu"),
        ({"genre": "entier"}, True, "nombre est attendu"),
        ({"genre": "entier", "zeros": "absent"}, 0, "absent"),
        ({"genre": "montant"}, -1, "négatif"),
        ({"genre": "decimal", "decimales": 2}, Decimal("1.005"), "2 décimales"),
        ({"genre": "decimal", "decimales": 2}, Decimal(100), "trop grand"),
        ({"genre": "decimal", "decimales": 2}, Decimal("1E+1000000"), "trop grand"),
        ({"genre": "decimal", "decimales": 2}, Decimal("NaN"), "décimal positif"),
        ({"genre": "decimal", "decimales": 2}, 1.5, "décimal positif"),
        ({"genre": "date", "longueur": 6}, date(2080, 1, 1), "deux chiffres"),
        ({"genre": "date", "longueur": 6}, "240301", "date est attendue"),
        ({"genre": "blanc"}, "X", "à blanc"),
        ({"genre": "texte"}, Unparsed("ABC"), "exactement 4"),
        ({"genre": "texte"}, Unparsed("ABCœ"), "exactement 4"),
    ],
)
def test_what_a_field_refuses(field: dict[str, object], value: Value, reason: str) -> None:
    layout = layout_of({"longueur": 4} | field)
    with pytest.raises(BuildError, match=reason) as refusal:
        layout.build({"x": value})
    assert refusal.value.code == "champ.refuse"
    assert "positions 1-" in refusal.value.lieu


AMOUNT = ({"nom": "montant", "longueur": 4, "genre": "montant"},)
SIGNED = (*AMOUNT, {"nom": "signe", "longueur": 1, "genre": "signe", "signe_de": "montant"})


@pytest.mark.parametrize(
    ("text", "montant", "signe"),
    [
        ("0012P", 12, "P"),
        ("0012N", -12, "N"),
        ("0000P", 0, "P"),
        ("0000N", 0, "N"),
        ("0012 ", 12, Unparsed(" ")),
        ("00X2N", Unparsed("00X2"), "N"),
    ],
)
def test_a_sign_is_read_into_its_amount(text: str, montant: Value, signe: Value) -> None:
    layout = layout_of(*SIGNED)
    assert layout.parse(text.encode()) == {"montant": montant, "signe": signe}
    assert layout.build(layout.parse(text.encode())) == text.encode()


def test_a_sign_is_written_from_its_amount() -> None:
    layout = layout_of(*SIGNED)
    assert layout.build({"montant": -12}) == b"0012N"
    assert layout.build({"montant": 12}) == b"0012P"
    assert layout.build({"montant": 0}) == b"0000P"
    with pytest.raises(BuildError, match="contredit"):
        layout.build({"montant": -12, "signe": "P"})


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(BuildError, match="inconnu"):
        layout_of(*SIGNED).build({"montant": 1, "autre": 2})


def test_parse_wants_the_length_of_the_record() -> None:
    with pytest.raises(ValueError, match="4 bytes, not 5"):
        layout_of(*SIGNED).parse(b"0012")


def test_what_was_written_once_lets_nothing_else_through() -> None:
    """A value remembered is not another that equals it, and what cannot be remembered is refused like the rest."""
    layout = layout_of({"nom": "x", "longueur": 4, "genre": "entier"})
    assert layout.build({"x": 1}) == layout.build({"x": 1}) == b"0001"
    for other in (True, 1.0, Decimal(1), [1]):
        with pytest.raises(BuildError, match="nombre est attendu"):
            layout.build({"x": other})  # type: ignore[dict-item]


@pytest.mark.parametrize(("personnel", "kept"), [(False, 1), (True, 0)])
def test_personal_data_is_never_remembered(personnel: bool, kept: int) -> None:
    layout = layout_of({"nom": "x", "longueur": 6, "genre": "texte", "personnel": personnel})
    assert layout.build(layout.parse(b"DURAND")) == b"DURAND"
    codec = layout._codec
    assert [len(kind) for kind in (*codec._values, *codec._texts)] == [kept, kept]


def test_a_record_codec_stands_in_another_construct() -> None:
    layout = LAYOUTS["noemie/ps-2007/198"]
    records = [layout.build({"montant_demande": centimes, "etat": "P", "montant_rembourse": 0}) for centimes in (1, 2)]
    two = construct.Array(2, RecordCodec(layout.champs))
    assert two.sizeof() == 2 * layout.longueur
    assert [one["montant_demande"] for one in two.parse(b"".join(records))] == [1, 2]
    assert two.build(two.parse(b"".join(records))) == b"".join(records)
