"""Construction validates: what the annotations accept passes, the rest raises one typed error that names no value."""

import doctest
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fse.norm import model
from fse.norm.model import alphabet
from fse.norm.model.attributes import attributes, input_attributes
from fse.norm.model.constraints import (
    Chiffres,
    Code,
    CodeDroite,
    Decimale,
    Entier,
    Jour,
    Logique,
    Montant,
    Motif,
    Texte,
)
from fse.norm.model.saisie import DocumentFactures, Saisie
from tests.strategies import input_strategy_for, secured_strategy_for, strategy_for

CLASSES = [getattr(model, name) for name in model.__all__ if hasattr(getattr(model, name), "__dataclass_fields__")]
PRESTATION = model.Prestation(
    date_soins=date(2024, 3, 1),
    code_acte="G",
    prix_unitaire=3000,
    base=3000,
    taux=70,
    montant_amo=2100,
    honoraires=3000,
    lieu="0",
)


@pytest.mark.parametrize(
    ("constraint", "held", "refused"),
    [
        (Chiffres(3), ["000", "123"], ["12", "1234", "12A", "１２３", " 12", "12\n", 123, None]),
        (Chiffres(3, non_nul=True), ["001"], ["000", "12"]),
        (Texte(5), ["A", "A B 1"], ["", " A", "A ", "A  B", "É", "a", "A-B", "ABCDEF", None]),
        (CodeDroite(3), ["1", "A00", "123"], ["", "0", "012", "1234", "1 2", "a"]),
        (Motif("[A-Z]{2}", "2 capitales"), ["AB"], ["A", "ABC", "AB\n", "ab", 12]),
        (Code("F", "S"), ["F", "S"], ["", "s", " ", "SS", None]),
        (Entier(1, 9), [1, 9], [0, 10, -1, True, 1.0, "1", Decimal(1)]),
        (Montant(3), [0, 999], [-1, 1000, True, 9.5, Decimal(5)]),
        (Montant(3, signe=True), [-999, 0, 999], [-1000, 1000]),
        (Decimale(2, 2), [Decimal("0.01"), Decimal("99.99"), Decimal("1.500"), Decimal("1E1")],
         [Decimal(0), Decimal("0.001"), Decimal(100), Decimal("NaN"), Decimal("Infinity"), Decimal(-1), 1, 1.5]),
        (Jour(), [date(1980, 1, 1), date(2079, 12, 31)],
         [date(1979, 12, 31), date(2080, 1, 1), datetime(2024, 1, 1, tzinfo=UTC), "2024-01-01"]),
        (Logique(), [True, False], [0, 1, "true", None]),
    ],
)  # fmt: skip
def test_what_each_constraint_holds(constraint, held, refused):
    check = constraint.compile()
    assert [value for value in held if not check(value)] == []
    assert [value for value in refused if check(value)] == []
    assert constraint.expected


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_class_can_be_drawn_and_every_attribute_is_labelled(cls):
    @settings(max_examples=8)
    @given(strategy_for(cls))
    def draws(item):
        assert isinstance(item, cls)
        assert replace(item) == item
        hash(item)

    draws()
    assert all(attribute.libelle for attribute in attributes(cls))


def test_what_is_not_an_input_has_a_default():
    missing = [
        f"{cls.__name__}.{attribute.nom}"
        for cls in CLASSES
        for attribute in attributes(cls)
        if attribute.not_input and not attribute.has_default
    ]
    assert missing == []


def test_the_error_names_the_attribute_and_its_limit_but_not_the_value():
    with pytest.raises(model.ModelError) as caught:
        model.Identite(nom="DUPONT MARTIN DE LA TOURETTE", prenom="JEAN")
    error = caught.value
    assert (error.code, error.lieu) == ("modele.valeur", "Identite.nom")
    assert "25" in str(error)
    assert "DUPONT" not in str(error)


@pytest.mark.parametrize(
    ("attribut", "valeur"),
    [
        ("executant", "000000000"),
        ("quantite", 0),
        ("coefficient", Decimal("1.005")),
        ("honoraires", 10_000_000),
        ("taux", 101),
        ("code_acte", ""),
        ("lieu", None),
        ("date_soins", None),
    ],
)
def test_a_wrong_line_cannot_exist(attribut, valeur):
    with pytest.raises(model.ModelError):
        replace(PRESTATION, **{attribut: valeur})


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@settings(max_examples=5)
@given(st.data())
def test_what_codecs_make_is_what_the_constructor_makes(cls, data):
    one = data.draw(strategy_for(cls))
    values = {attribute.nom: getattr(one, attribute.nom) for attribute in attributes(cls)}
    told = {one.nom: values[one.nom] for one in reversed(attributes(cls)) if values[one.nom] is not one.default}
    for made in (cls.of(values), cls.of(told)):
        assert (made, hash(made), repr(made)) == (one, hash(one), repr(one))
    with pytest.raises(TypeError, match="inconnu"):
        cls.of(values | {"inconnu": 1})
    for attribute in attributes(cls):
        with pytest.raises(model.ModelError) as refused:
            cls.of(values | {attribute.nom: object()})
        assert refused.value.attribut == attribute.nom


def test_what_codecs_make_lacks_nothing():
    with pytest.raises(model.ModelError) as refused:
        model.Prestation.of({"date_soins": date(2024, 3, 1), "code_acte": "G"})
    assert refused.value.attribut == "prix_unitaire"


@given(secured_strategy_for(model.Facture))
def test_totals_are_the_sums_of_the_lines(facture):
    assert facture.total_honoraires == sum(line.honoraires for line in facture.prestations)
    assert facture.total_amo == sum(line.montant_amo for line in facture.prestations)
    assert facture.total_amc == sum(line.montant_amc for line in facture.prestations)
    assert facture.part_assure == facture.total_honoraires - facture.total_amo
    assert None not in (facture.numero, facture.marque, facture.justificatif_droits)


@given(input_strategy_for(model.Facture))
def test_an_input_invoice_exists_before_securing(facture):
    assert (facture.marque, facture.type_facture, facture.justificatif_droits) == (None, None, None)


@given(strategy_for(model.Facture), st.sampled_from([[PRESTATION], (PRESTATION,) * 1000, ("line",), None]))
def test_an_invoice_has_999_lines_at_most(facture, prestations):
    with pytest.raises(model.ModelError, match="prestation"):
        replace(facture, prestations=prestations)


@given(strategy_for(model.Facture))
def test_an_invoice_can_have_999_lines_and_does_not_change(facture):
    full = replace(facture, prestations=(PRESTATION,) * 999)
    assert full.total_honoraires == 999 * 3000
    with pytest.raises(FrozenInstanceError):
        full.numero = 5


def test_an_item_of_another_class_is_refused():
    with pytest.raises(model.ModelError, match=r"FactureRetour\.parts"):
        model.FactureRetour(numero_facture=1, type_facture="F", nature_assurance="10", parts=(PRESTATION,))


def test_a_lot_cannot_be_marked_real():
    attribute = next(item for item in attributes(model.EnteteLot) if item.nom == "marque")
    assert attribute.constraint.valeurs == ("T", "D")
    assert not attribute.optional


def test_tags_of_the_document_do_not_clash():
    for cls in (DocumentFactures, Saisie):
        tags = [attribute.tag for attribute in input_attributes(cls)]
        assert len(tags) == len(set(tags))


@given(st.text(max_size=30))
def test_transliteration_reaches_the_alphabet_and_stays_there(text):
    plain = alphabet.to_b2(text)
    assert plain == "" or alphabet.B2_TEXT.fullmatch(plain)
    assert alphabet.to_b2(plain) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Éléonore", "ELEONORE"),
        ("O'Brien-Le  Gall", "O BRIEN LE GALL"),
        ("Cœur", "COEUR"),
        ("Ægir Straße", "AEGIR STRASSE"),
        ("Łukasz Đặng Ørsted", "LUKASZ DANG ORSTED"),
        ("e\u0301t\u00e9", "ETE"),
        ("½ª", "1 2A"),
        ("Жан", ""),
    ],
)
def test_transliteration_of_names(text, plain):
    assert alphabet.to_b2(text) == plain


def test_examples_of_the_alphabet_hold():
    assert doctest.testmod(alphabet).failed == 0
