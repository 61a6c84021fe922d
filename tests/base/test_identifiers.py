"""Identifiers: the published vectors, the keys, and the one reduction of a number named in a return."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.base.identifiers import nir, prestataire
from tests.strategies import numeros_prestataire

DIGITS = "0123456789"


@pytest.mark.parametrize("module", [nir, prestataire])
def test_examples_of_the_module_hold(module):
    results = doctest.testmod(module)
    assert (results.failed, results.attempted > 0) == (0, True)


# Vectors of b2.md 5, retyped.
@pytest.mark.parametrize(("number", "key"), [("253072A073004", "43"), ("253072B073004", "70"), ("2951099126111", "93")])
def test_nir_key_of_published_vectors(number, key):
    assert nir.check(number, key)
    assert not nir.check(number, f"{(int(key) + 1) % 100:02d}")


def test_corsica_is_the_letter_as_zero_less_one_or_two_millions():
    """The other formulation of the rule (b2.md 5), as an oracle."""
    for letter, less in (("A", 1_000_000), ("B", 2_000_000)):
        for order in range(0, 1000, 37):
            number = f"253072{letter}073{order:03d}"
            expected = 97 - (int(number.replace(letter, "0")) - less) % 97
            assert nir.calc_key(number) == f"{expected:02d}"


@given(st.text(max_size=20), st.text(max_size=3))
def test_nir_check_never_raises(number, key):
    nir.check(number, key)
    nir.is_anonymous(number)
    nir.fingerprint_input(number)


@pytest.mark.parametrize("number", ["", "123", "25307AA073004", "²953072A073004"[:13], "٢951099126111"])
def test_nir_of_a_wrong_shape_has_no_key(number):
    with pytest.raises(ValueError, match="13 characters") as caught:
        nir.calc_key(number)
    assert not number or number not in str(caught.value)


@pytest.mark.parametrize("number", ["1555555331042", "2555555971333"])
def test_anonymous_nir_is_nobody(number):
    assert nir.is_anonymous(number)
    assert nir.fingerprint_input(number) is None


def test_blank_nir_is_nobody_and_a_person_is_the_13_characters():
    assert nir.fingerprint_input(" " * 13) is None
    assert nir.fingerprint_input("0" * 13) is None
    assert nir.fingerprint_input("253072A073004") == "253072A073004"


@given(numeros_prestataire(), st.integers(0, 8), st.integers(1, 9))
def test_any_single_wrong_digit_breaks_the_luhn_key(numero, place, shift):
    assert prestataire.is_valid(numero)
    assert prestataire.is_fictive(numero)
    wrong = str((int(numero[place]) + shift) % 10)
    assert not prestataire.is_valid(numero[:place] + wrong + numero[place + 1 :])


@pytest.mark.parametrize("numero", ["", "12345678", "1234567890", "000000000", "2A0002689", "٠٠١٢٣٤٥٦٦"])
def test_what_is_not_a_provider_number(numero):
    assert not prestataire.is_valid(numero)


@pytest.mark.parametrize("racine", ["", "1234567", "123456789", "2A000268"])
def test_key_of_anything_but_eight_digits_is_refused(racine):
    with pytest.raises(ValueError, match="8 digits"):
        prestataire.calc_key(racine)


@given(numeros_prestataire(fictif=False), st.integers(10, 15), st.sampled_from(["", " ", "   "]))
def test_reduce_finds_the_number_wherever_the_writer_put_it(numero, width, blanks):
    assert prestataire.reduce(blanks + numero + blanks) == numero
    assert prestataire.reduce(blanks + numero.rjust(width, "0") + blanks) == numero
    assert prestataire.reduce(numero + "01" + blanks) == numero


@given(numeros_prestataire(), st.integers(12, 15), st.sampled_from(["01", "12", "99"]))
def test_reduce_of_a_fictive_number(numero, width, rang):
    assert prestataire.reduce(numero) == numero
    assert prestataire.reduce(numero.rjust(width, "0")) == numero
    reduced = prestataire.reduce(numero + rang)
    assert reduced == ((numero + rang)[-9:] if prestataire.is_valid((numero + rang)[-9:]) else numero)


@given(st.text(max_size=20) | st.text(DIGITS, max_size=20))
def test_reduce_gives_nine_digits_or_nothing(brut):
    reduced = prestataire.reduce(brut)
    assert reduced == "" or (len(reduced) == 9 and reduced in brut and reduced.isascii() and reduced.isdigit())


@pytest.mark.parametrize(
    "brut", ["", "CPAM 349", "1234567", "123456789012", "1234567890123456", "0" * 15, "12345678 9"]
)
def test_reduce_leaves_a_residue(brut):
    assert prestataire.reduce(brut) == ""
