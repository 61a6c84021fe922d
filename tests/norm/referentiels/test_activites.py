"""The activities of letters: one each, known letters only, and those of article 11 A on the side that it says."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from fse.base import resources
from fse.norm.referentiels.codes import PACKAGED
from fse.norm.referentiels.ngap.activites import FICHIER, activite_of, activites, read_activites

LE = date(2026, 11, 22)
CLINIQUE = '[clinique]\nlettres = ["C"]\nsource = "S"\n'


def test_every_letter_of_the_file_is_known() -> None:
    unknown = [code for code in activites() if PACKAGED.code_at("lettre_cle", code, LE) is None]
    assert unknown == []


def test_article_11a_and_the_activities_agree() -> None:
    rule = tomllib.loads(resources.read_text("ngap/regles/article_11a.toml"))["11a-consultation-et-acte-technique"]
    assert {activite_of(code) for code in rule["actes"]} == {"clinique"}
    assert {activite_of(code) for code in rule["avec"]} == {"technique"}


def test_each_activity_says_its_source() -> None:
    said = tomllib.loads(resources.read_text(FICHIER))
    assert all(said[nom]["source"] for nom in ("clinique", "technique", "accessoire"))


@pytest.mark.parametrize(
    "text",
    [
        CLINIQUE.replace("[clinique]", "[chirurgicale]"),
        CLINIQUE.replace("[clinique]", "[non-classee]"),
        CLINIQUE.replace('source = "S"\n', ""),
        CLINIQUE + CLINIQUE.replace("[clinique]", "[technique]"),
    ],
    ids=["unknown", "the rest", "without source", "twice"],
)
def test_data_that_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="activit"):
        read_activites(text)


def test_what_is_read_is_what_is_written() -> None:
    assert read_activites(CLINIQUE) == {"C": "clinique"}
