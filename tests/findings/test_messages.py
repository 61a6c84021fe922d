"""The raw text of a field that names a patient is marked, so that no output shows it."""

import pytest

from fse.norm.layout import CHARSET, load_edition
from tests.findings.registry import changed, findings_of
from tests.findings.wording import names_a_patient, shown
from tests.norm.layout import samples

B2 = samples.b2_file()
FIRST = {"2": 2 * 128, "4": 3 * 128, "5": 4 * 128}
"""Offset of the first record of each type that holds personal data."""

PERSONAL = [
    (type_, field.nom)
    for type_, layout in load_edition("b2", "ps-2003").layouts.items()
    for field in layout.champs
    if field.personnel and type_ in FIRST
]


@pytest.mark.parametrize(("type_", "nom"), PERSONAL)
def test_the_raw_text_of_a_personal_field_is_marked_so_that_it_is_masked(type_: str, nom: str) -> None:
    span = load_edition("b2", "ps-2003").layouts[type_].span(nom)
    text = "\x07" + "Zoé Lefèvre "[: span.stop - span.start - 1].ljust(span.stop - span.start - 1)
    found = findings_of(changed(B2, FIRST[type_] + span.start, text.encode(CHARSET)))
    marked = [one for one in found if one.place.champ == nom]
    assert marked
    assert all(one.place.personnel for one in marked)
    assert [one for one in shown(found) if text in one or names_a_patient(one)] == []
