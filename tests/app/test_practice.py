"""Opening a practice: a journal is made once, for one marking, and new professionals are taken in."""

from __future__ import annotations

from pathlib import Path

import pytest

from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.practice import open_practice
from fse.base.errors import StorageError, UsageError
from tests.app.cabinet import CABINET, CLE, write_cabinet
from tests.app.emitted import derived, emitted_practice, noe, receive, rows

SECOND = """
[[prestataires]]
numero = "002345676"
nom = "DR DOMINIQUE SECOND"
specialite = "01"
cle = "second.p12"
"""


def test_a_journal_is_made_once(tmp_path: Path) -> None:
    cabinet = write_cabinet(tmp_path)
    with open_practice(cabinet, CLE) as first:
        assert first.nouveau
    with open_practice(cabinet, CLE) as second:
        assert not second.nouveau


def test_a_creation_killed_before_its_commit_is_begun_again(tmp_path: Path) -> None:
    cabinet = write_cabinet(tmp_path)
    cabinet.journal_path.touch()
    with open_practice(cabinet, CLE) as practice:
        assert practice.nouveau
        assert practice.journal.verify() == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('marque = "T"', 'marque = "D"', "journal.marque"),
        ('cabinet = "essai"', 'cabinet = "x"', "journal.autre_cabinet"),
    ],
)
def test_a_journal_serves_one_practice_and_one_marking(tmp_path: Path, old: str, new: str, code: str) -> None:
    open_practice(write_cabinet(tmp_path), CLE).close()
    with pytest.raises(StorageError) as raised:
        open_practice(write_cabinet(tmp_path, CABINET.replace(old, new)), CLE)
    assert raised.value.code == code


def test_a_professional_who_comes_later_finds_the_returns_already_there(tmp_path: Path) -> None:
    folder = tmp_path / "cabinet"
    with emitted_practice(folder) as practice:
        receive(practice, noe().replace(b"001234566", b"002345676"))
        residues = {row["nature"] for row in rows(practice, "SELECT * FROM residu")}
        before = derived(practice)
    text = (folder / "cabinet.toml").read_text(encoding="utf-8")
    (folder / "cabinet.toml").write_text(text + SECOND, encoding="utf-8")
    with open_practice(load_cabinet(folder / "cabinet.toml"), CLE) as practice:
        assert {row["nature"] for row in rows(practice, "SELECT * FROM residu")} == {"facture_inconnue"} != residues
        assert derived(practice) != before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('numero = "001234566"\nnom', 'numero = "001234567"\nnom', "001234567 n'est pas bon : sa clé est fausse."),
        ('numero = "001234566"\nnom', 'numero = "2A0002689"\nnom', "en Corse il s'écrit 200102689."),
        ('caisse = "998"', 'caisse = "98"', "Dans destinations n° 1, la caisse a 3 chiffres."),
        ('centre = "0000"', 'centre = ""', "Dans destinations n° 1, le centre a 4 chiffres."),
    ],
)
def test_a_number_that_cannot_be_right_is_refused_before_the_visit(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in CABINET
    with pytest.raises(UsageError) as raised:
        write_cabinet(tmp_path, CABINET.replace(old, new))
    assert raised.value.code == "cabinet.valeur"
    assert message in raised.value.message
