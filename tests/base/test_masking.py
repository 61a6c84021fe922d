"""Masking: nothing but the first character of a personal value comes out, and its length does not show."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from fse.base import masking


def test_examples_of_the_module_hold():
    assert doctest.testmod(masking).failed == 0


@given(st.from_regex(r"[0-9]{5}([0-9]{2}|2[AB])[0-9]{6}", fullmatch=True))
def test_a_nir_keeps_one_character(nir):
    masked = masking.mask_nir(nir)
    assert masked == masking.mask_nir(nir[0] + "9" * 12)
    assert sum(character.isalnum() for character in masked) == 1


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=25))
def test_a_name_keeps_its_initial(nom):
    assert masking.mask_name(nom) == masking.mask_name(nom[0] + "XYZ") == f"{nom[0]}…"


def test_nothing_stays_nothing():
    assert masking.mask_nir("   ") == masking.mask_name(" ") == ""
