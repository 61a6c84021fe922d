"""What the cases cover: each type of each edition once sound and once at fault, no mistyped key, their numbers."""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator

import pytest

from fse.norm.layout import Edition, editions
from tests.conformance.cases import FAMILIES, FAULTY, SOUND, Case, Table, load_cases, parse_case
from tests.conformance.reading import read_file
from tests.each import each
from tests.oracles.positions_arl import ARL
from tests.oracles.positions_b2 import B2_EDITIONS, PARENTS
from tests.oracles.positions_noemie import NOEMIE

CASES = load_cases()
EDITIONS = {"fse-2026": ARL, "ps-2007": NOEMIE, **B2_EDITIONS}
TYPES = {
    f"{edition}-{kind}": (edition, kind)
    for edition, tables in EDITIONS.items()
    for kind, table in tables.items()
    if edition not in PARENTS or table != EDITIONS[PARENTS[edition]].get(kind)
}
"""Each type of each edition, those left out that it has from another without a difference."""


@pytest.mark.parametrize("edition", editions(), ids=lambda edition: edition.nom)
def test_the_types_asked_are_those_of_the_layouts(edition: Edition) -> None:
    """A layout that comes later asks for its cases."""
    assert set(edition.layouts) == set(EDITIONS[edition.nom])


def of_edition(case: Case, edition: str) -> Iterator[Table]:
    """What is expected of reading the files of this edition in a case."""
    for one in case.lire:
        if edition in {end["edition"] for end in read_file(case.folder / one["fichier"]).ends}:
            yield one


@each("edition, kind", TYPES)
def test_every_type_stands_in_a_sound_case(edition: str, kind: str) -> None:
    assert [
        case.name
        for case in CASES
        for one in of_edition(case, edition)
        if case.nature == SOUND and kind in one.get("enregistrements", {})
    ]


@each("edition, kind", TYPES)
def test_every_type_is_at_fault_in_a_case(edition: str, kind: str) -> None:
    """A warning or an error, on a record of this type."""
    assert [
        case.name
        for case in CASES
        for one in of_edition(case, edition)
        for constat in read_file(case.folder / one["fichier"]).constats
        if case.nature == FAULTY and constat.get("type") == kind and constat["gravite"] != "information"
    ]


@each("case", {case.name: case for case in CASES})
def test_a_case_is_sound_when_nothing_is_to_be_noticed(case: Case) -> None:
    """Sound: no warning, no error, no broken seal, nothing set aside or already there."""
    noticed = [
        *(
            constat["code"]
            for one in case.lire
            for constat in read_file(case.folder / one["fichier"]).constats
            if constat["gravite"] != "information"
        ),
        *(code for one in case.verifier for code in one["constats"] if not code.startswith("signature.")),
        *(one["verdict"] for one in case.recevoir if one["verdict"] not in ("recu", "pas_un_retour")),
        *(one["etat"] for one in case.lire if one["etat"]),
    ]
    assert (case.nature == FAULTY) == bool(noticed), noticed


@each("case", {case.name: case for case in CASES})
def test_a_case_tells_its_story_and_its_norm(case: Case) -> None:
    document = tomllib.loads((case.folder / "cas.toml").read_text(encoding="utf-8"))
    assert document["source"].startswith("synthétique, écrite pour fse")
    assert len(document["histoire"]) > 30
    assert document["normes"]


SMALLEST = """
titre = "t"
histoire = "h"
nature = "positif"
normes = []
source = "s"
date = 2026-11-21
marque = "T"
genere_par = "personne"
[[attendu.lire]]
fichier = "f"
etat = 0
constats = [{ code = "c" }]
valeurs = [{ rang = 1, type = "4", honoraires = 3000 }]
[[attendu.recevoir]]
fichier = "f"
verdict = "recu"
"""


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('titre = "t"', 'titre = "t"\ninconnu = 1'),
        ('titre = "t"', ""),
        ("etat = 0", "etat = 0\ninconnu = 1"),
        ("etat = 0", 'etat = "0"'),
        ('code = "c"', 'code = "c", oktet = 3'),
        ("rang = 1,", ""),
        ('verdict = "recu"', 'verdict = "recu"\nmotifs = "x"'),
        ('nature = "positif"', 'nature = "bon"'),
        ("genere_par", "marque_de"),
        ("[[attendu.recevoir]]", "[[attendu.reçoit]]"),
    ],
)
def test_a_key_that_is_unknown_or_missing_is_an_error(good: str, bad: str) -> None:
    folder = CASES[0].folder
    parse_case(folder, tomllib.loads(SMALLEST))
    with pytest.raises((ValueError, tomllib.TOMLDecodeError), match=r"."):
        parse_case(folder, tomllib.loads(SMALLEST.replace(good, bad)))


def test_the_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints how many cases there are, by family and by nature."""
    numbers = Counter((case.famille, case.nature) for case in CASES)
    lines = [
        f"{famille}: {numbers[famille, SOUND]} positive, {numbers[famille, FAULTY]} negative" for famille in FAMILIES
    ]
    with capsys.disabled():
        sys.stdout.write(f"\nconformance: {len(CASES)} cases ({'; '.join(lines)})\n")
    assert all(numbers[famille, nature] for famille in FAMILIES for nature in (SOUND, FAULTY))
