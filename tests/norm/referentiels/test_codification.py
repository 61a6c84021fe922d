"""The precision of a reject: where it is written exactly so, and nowhere else."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.norm.referentiels import codification
from fse.norm.referentiels.codification import split


def test_examples_of_the_module_hold() -> None:
    results = doctest.testmod(codification)
    assert (results.failed, results.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    ("field", "label", "expected"),
    [
        ("0250 050", "", ("0250", "050")),
        ("0250", "0250 050", ("0250", "050")),
        ("0250", "", ("0250", "")),
        ("0250050", "", ("0250050", "")),
        ("0250  050", "", ("0250  050", "")),
        ("0250 05", "", ("0250 05", "")),
        ("0250", " 0250 050 X", ("0250", "")),
        ("0250", "X 0250 050", ("0250", "")),
        ("0250", "0250 050X", ("0250", "")),
        ("0250", "٠٢٥٠ ٠٥٠", ("0250", "")),
        ("PSQ", "PSQ 050", ("PSQ", "")),
    ],
)
def test_only_the_exact_pattern_is_a_precision(field: str, label: str, expected: tuple[str, str]) -> None:
    assert split(field, label) == expected


@given(st.text(max_size=12), st.text(max_size=20))
def test_nothing_of_a_code_is_lost(field: str, label: str) -> None:
    code, precision = split(field, label)
    assert field == code or field == f"{code} {precision}"
