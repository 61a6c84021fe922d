"""The overruns in three vocabularies: every code goes where the retyped table says, and B2 `D` is never `DE`."""

from __future__ import annotations

import pytest

from fse.norm.referentiels.depassements import depassements, of_b2, of_convention, of_noemie
from tests.oracles.depassements import B2, CONVENTION, NOEMIE, ROWS

BY_COLUMN = [{row[column]: row for row in ROWS if row[column]} for column in range(3)]


@pytest.mark.parametrize(
    ("find", "column", "codes"),
    [(of_convention, 0, CONVENTION), (of_b2, 1, B2), (of_noemie, 2, NOEMIE)],
    ids=["convention", "b2", "noemie"],
)
def test_every_code_goes_where_the_retyped_table_says(find, column, codes) -> None:
    for code in codes:
        found = find(code)
        assert (found.convention or "", found.b2 or "", found.noemie or "") == BY_COLUMN[column][code]
    assert len(depassements()) == len(ROWS)


@pytest.mark.parametrize("find", [of_convention, of_b2, of_noemie])
@pytest.mark.parametrize("code", ["", "ZZ", "de", "d"])
def test_what_is_no_code_means_nothing(find, code) -> None:
    assert find(code) is None


def test_the_letter_d_of_b2_is_the_agreed_fee_and_never_the_demand() -> None:
    d, demand = of_b2("D"), of_convention("DE")
    assert d is not None
    assert demand is not None
    assert d is not demand
    assert (d.noemie, d.convention) == ("ED", None)
    assert (demand.b2, demand.noemie) == ("E", "DE")
    assert of_noemie("DE") is demand is of_b2("E")


def test_a_letter_shared_by_two_vocabularies_does_not_make_a_meaning() -> None:
    """`F` is not `DF`, `D` is not `DD`, and `S`, `M` of one are nothing of the other."""
    f, df = of_b2("F"), of_noemie("DF")
    assert f is not None
    assert df is not None
    assert (f.noemie, df.b2) == ("DD", None)
    assert of_b2("S") is None
    assert of_convention("DM") is not of_b2("M")


def test_the_mentions_of_the_convention_name_their_articles() -> None:
    for code, articles in CONVENTION.items():
        found = of_convention(code)
        assert found is not None
        assert all(article in f"{found.source} {found.libelle}" for article in articles)
