"""Identifiers: the published vectors, the keys, and the one reduction of a number named in a return."""

import doctest
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fse.base.identifiers import accident, finess, nir, organisme, prestataire, rpps, siret
from tests.oracles import keys
from tests.strategies import numeros_prestataire

DIGITS = "0123456789"


@pytest.mark.parametrize("module", [accident, finess, nir, organisme, prestataire, rpps, siret])
def test_examples_of_the_module_hold(module):
    results = doctest.testmod(module)
    assert (results.failed, results.attempted > 0) == (0, True)


@pytest.mark.parametrize(("number", "key"), keys.NIR_VECTORS)
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


@pytest.mark.parametrize(("number", "fund"), keys.ANONYMOUS_VECTORS)
def test_anonymous_nir_is_nobody_and_names_its_fund(number, fund):
    assert nir.is_anonymous(number)
    assert nir.fingerprint_input(number) is None
    assert nir.anonymous_fund(number) == fund
    assert nir.problem(number, keys.nir_key(number)) is None


@pytest.mark.parametrize("number", ["3555555331042", "155555533104", "1555556331042", "155555533104A", ""])
def test_a_nir_near_the_anonymous_pattern_is_somebodys(number):
    assert not nir.is_anonymous(number)
    assert nir.anonymous_fund(number) == ""


@given(
    st.sampled_from("12378"),
    st.integers(0, 99),
    st.integers(0, 99),
    st.sampled_from(["01", "2A", "2B", "75", "99"]),
    st.integers(0, 999_999),
)
def test_every_month_and_sex_has_its_key_and_a_wrong_digit_is_caught(sexe, annee, mois, departement, reste):
    """Months above 12 are legal (lunar and special ones), so is any first digit: only the shape and the key count."""
    number = f"{sexe}{annee:02d}{mois:02d}{departement}{reste:06d}"
    key = keys.nir_key(number)
    assert nir.problem(number, key) is None
    for place, character in enumerate(number):
        if character.isdigit() and not (departement in ("2A", "2B") and place == 5):
            wrong = f"{number[:place]}{(int(character) + 1) % 10}{number[place + 1 :]}"
            assert nir.problem(wrong, key) == "sa clé est fausse"


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


@pytest.mark.parametrize("number", keys.NUMBER_VECTORS)
def test_the_published_number_is_right(number):
    assert prestataire.problem(number) is None
    assert prestataire.problem(number[:-1] + str((int(number[-1]) + 1) % 10)) == "sa clé est fausse"


@pytest.mark.parametrize(("number", "written"), keys.CORSICAN_VECTORS)
def test_a_corsican_finess_is_written_in_digits_and_its_key_holds_there(number, written):
    assert finess.to_b2(number) == written
    assert prestataire.problem(written) is None


@given(st.text(max_size=12) | st.text("0123456789AB", min_size=9, max_size=9))
def test_only_a_corsican_finess_is_rewritten(number):
    written = finess.to_b2(number)
    assert written == number or (number[:2] in ("2A", "2B") and len(number) == len(written) == 9)


@pytest.mark.parametrize("number", keys.ACCIDENT_VECTORS)
def test_an_accident_is_named_by_a_number_or_by_its_date(number):
    assert accident.problem(number) is None


@given(st.dates(date(1980, 1, 1), date(2079, 12, 31)), st.integers(0, 999))
def test_any_day_names_an_accident(day, rest):
    assert accident.problem(f"000{day:%y%m%d}") is None
    assert accident.problem(f"{day:%y%m%d}{rest:03d}") is None


@pytest.mark.parametrize("number", ["", "00018083", "0001808310", "00018083A", "٠٠٠١٨٠٨٣١", "000181331", "181331751"])
def test_what_names_no_accident(number):
    assert accident.problem(number)


@given(st.text("0123456789", min_size=10, max_size=10).filter(lambda body: body.strip("0")), st.integers(1, 9))
def test_a_wrong_key_of_rpps_is_caught(body, shift):
    number = body + keys.luhn_digit(body)
    assert rpps.problem(number) is None
    assert rpps.problem(number[:-1] + str((int(number[-1]) + shift) % 10))


@given(st.text("0123456789", min_size=8, max_size=8), st.text("0123456789", min_size=4, max_size=4), st.integers(1, 9))
def test_a_wrong_key_of_siret_is_caught(body, place, shift):
    siren = body + keys.luhn_digit(body)
    number = siren + place + keys.luhn_digit(siren + place)
    assume(siren != "356000000")
    assert siret.problem(number) is None
    assert siret.problem(number[:-1] + str((int(number[-1]) + shift) % 10)) == "sa clé est fausse"


@pytest.mark.parametrize("problem", [rpps.problem, siret.problem, accident.problem, prestataire.problem])
@given(st.text(max_size=16))
def test_a_problem_is_said_of_any_text(problem, text):
    found = problem(text)
    assert found is None or (found and text.isascii() and text.isdigit()) or found.startswith("il a ")


@pytest.mark.parametrize(
    ("triple", "problem"),
    [
        (("01", "998", "0000"), None),
        (("1", "998", "0000"), "le régime a 2 chiffres"),
        (("01", "98", "0000"), "la caisse a 3 chiffres"),
        (("01", "998", "000A"), "le centre a 4 chiffres"),
        (("01", "998", ""), "le centre a 4 chiffres"),
        (("٠١", "998", "0000"), "le régime a 2 chiffres"),
    ],
)
def test_a_scheme_a_fund_and_a_centre(triple, problem):
    assert organisme.problem(*triple) == problem
