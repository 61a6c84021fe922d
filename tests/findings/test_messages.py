"""What a practice reads: every message is a whole French sentence with a next action, and names no patient."""

import re
import string
from collections.abc import Iterable
from functools import cache

import pytest

from fse.base.findings import Finding, catalogue
from fse.norm.layout import CHARSET, load_edition
from fse.norm.model import to_b2
from tests.app.cabinet import PATIENTS, facture
from tests.app.caisse import world
from tests.findings.registry import cases, changed, findings_of
from tests.norm.layout import samples

CODES = sorted(catalogue())
NIRS = {*(nir for nir, _, _ in PATIENTS), world.NIR, samples.b2_key(1)["nir"]}
NAMES = {to_b2(name) for name in re.findall(r"<(?:nom|prenom)>(.+?)</", facture("V-1"))}
"""Names of the patients of `tests.app.cabinet`, in the B2 alphabet."""

B2 = samples.b2_file()
FIRST = {"2": 2 * 128, "4": 3 * 128, "5": 4 * 128}
"""Offset of the first record of each type that holds personal data."""

PERSONAL = [
    (type_, field.nom)
    for type_, layout in load_edition("b2", "ps-2003").layouts.items()
    for field in layout.champs
    if field.personnel and type_ in FIRST
]


@cache
def _raised(code: str) -> tuple[Finding, ...]:
    """Every finding of the case of a code, the others that it raises besides included."""
    case = cases().get(code)
    return tuple(case()) if case else ()


def _names_a_patient(text: str) -> bool:
    digits = "".join(character for character in text if character in string.digits)
    return any(nir in digits for nir in NIRS) or not NAMES.isdisjoint(to_b2(text).split())


def _shown(findings: Iterable[Finding]) -> Iterable[str]:
    """All that an output may show of findings without masking it."""
    for one in findings:
        yield from (one.message, one.action, one.place.champ or "", one.place.type or "")
        if one.place.brut is not None and not one.place.personnel:
            yield one.place.brut


@pytest.mark.parametrize("code", CODES)
def test_a_message_is_a_sentence_and_says_what_to_do_next(code: str) -> None:
    for one in _raised(code):
        assert one.message.endswith(".")
        assert one.action.endswith(".")
        assert one.action.strip(" .")
        for text in (one.message, one.action):
            assert not set("{}") & set(text), text
            assert ".." not in text, text
            assert text == text.strip(), text
            assert not text[0].islower(), text


@pytest.mark.parametrize("code", CODES)
def test_nothing_that_is_shown_names_a_patient(code: str) -> None:
    assert [text for text in _shown(_raised(code)) if _names_a_patient(text)] == []


@pytest.mark.parametrize(("type_", "nom"), PERSONAL)
def test_the_raw_text_of_a_personal_field_is_marked_so_that_it_is_masked(type_: str, nom: str) -> None:
    span = load_edition("b2", "ps-2003").layouts[type_].span(nom)
    text = "\x07" + "Zoé Lefèvre "[: span.stop - span.start - 1].ljust(span.stop - span.start - 1)
    found = findings_of(changed(B2, FIRST[type_] + span.start, text.encode(CHARSET)))
    marked = [one for one in found if one.place.champ == nom]
    assert marked
    assert all(one.place.personnel for one in marked)
    assert [shown for shown in _shown(found) if text in shown or _names_a_patient(shown)] == []
