"""Numbers in B2 records that cannot be right: told as warnings, once, where they first stand; zeros are no number."""

from __future__ import annotations

import pytest

from fse.base.findings import Severity
from fse.norm.codec.b2.numbers import number_findings
from fse.norm.layout import EntityRow, load_edition
from tests.oracles.keys import luhn_key, nir_key, number_with_key

NIR, KEY = "2951099126000", nir_key("2951099126000")
GOOD = number_with_key("00123456")
WRONG = f"00123456{(int(luhn_key('00123456')) + 1) % 10}"


def raisons(edition: str, type: str, **texts: str) -> list[tuple[str | None, str]]:
    """Field and reason of each finding on one record that holds these texts, zeros or blanks elsewhere."""
    layout = load_edition("b2", edition).layouts[type]
    numeric = ("chiffres", "entier", "montant", "decimal", "date")
    written = {field.nom: ("0" if field.genre in numeric else " ") * field.longueur for field in layout.champs}
    written |= {"prestataire": GOOD, "nir": NIR, "cle_nir": KEY} | texts
    brut = "".join(written[field.nom].ljust(field.longueur) for field in layout.champs).encode("ascii")
    row = EntityRow(type, 3, None, 256, brut, layout.parse(brut), layout)
    found = list(number_findings(row, layout))
    assert {one.gravite for one in found} <= {Severity.AVERTISSEMENT}
    assert all(one.place.debut for one in found)
    return [(one.place.champ, one.message.rpartition(" : ")[2].rstrip(".")) for one in found]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"prescripteur": GOOD, "accident": "000180831"}, []),
        ({"prescripteur": WRONG}, [("prescripteur", "sa clé est fausse")]),
        ({"accident": "000183108"}, [("accident", "il contient une date AAMMJJ, et celle-ci est impossible")]),
        ({"cle_nir": f"{(int(KEY) + 1) % 100:02d}"}, [("nir", "sa clé est fausse")]),
        ({"nir": "29510991260AA"}, [("nir", "il a 13 chiffres, ou 2A ou 2B pour le département")]),
        ({"nir": "1555555331042", "cle_nir": nir_key("1555555331042")}, []),
        ({"nir": "0000000000000", "cle_nir": "00"}, []),
    ],
)
def test_the_head_of_an_invoice(values: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert raisons("ps-2003", "2", **values) == expected


def test_the_prestataire_is_checked_in_the_head_of_the_lot_alone() -> None:
    assert raisons("ps-2003", "1", prestataire=WRONG) == [("prestataire", "sa clé est fausse")]
    assert raisons("ps-2003", "1", prestataire=GOOD) == []
    assert raisons("ps-2003", "2C", prestataire=WRONG) == []


@pytest.mark.parametrize(
    ("edition", "type", "champ", "good", "wrong"),
    [
        ("ps-2003", "4", "executant", GOOD, WRONG),
        ("ps-2003", "4F", "siret", "00000001800010", "00000001800011"),
        ("cp-2003", "3F", "siret_2", "00000001800010", "0000000180001"),
        ("cp-2003", "3S", "prescripteur", GOOD, WRONG),
        ("ps-2005", "2S", "medecin_traitant", GOOD, WRONG),
        ("ps-2005", "4E", "rpps_executant", "10000000009", "10000000008"),
        ("cp-2005-e", "3E", "rpps_prescripteur", "10000000009", "00000000001"),
    ],
)
def test_each_number_has_its_key(edition: str, type: str, champ: str, good: str, wrong: str) -> None:
    assert raisons(edition, type, **{champ: good}) == []
    assert [name for name, _ in raisons(edition, type, **{champ: wrong})] == [champ]


def test_the_own_nir_of_the_beneficiary_has_its_key() -> None:
    assert raisons("ps-2003", "2S", nir_individuel=NIR, cle_nir_individuel=KEY) == []
    found = raisons("ps-2003", "2S", nir_individuel=NIR, cle_nir_individuel="97")
    assert found == [("nir_individuel", "sa clé est fausse")]
    assert raisons("ps-2003", "2S") == []
