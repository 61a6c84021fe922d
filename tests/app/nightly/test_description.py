"""`[nuit]`: every file of its folders is opened and moved, so that nothing else may lie there."""

from __future__ import annotations

from pathlib import Path

import pytest

from fse.base.errors import UsageError
from tests.app.cabinet import CABINET, write_cabinet

OCT = (
    '\n[envoi]\ngenre = "repertoire"\ndossier = "oct/envoi"\n[releve]\ngenre = "repertoire"\ndossier = "oct/retours"\n'
)


def refused(folder: Path, nuit: str, text: str = CABINET) -> str:
    with pytest.raises(UsageError) as raised:
        write_cabinet(folder, f"{text}{OCT}[nuit]\n{nuit}\n")
    assert raised.value.code == "cabinet.valeur"
    return raised.value.message


@pytest.mark.parametrize(
    ("nuit", "said"),
    [
        ('dossiers = ["."]', "celui de cabinet.toml, du journal ou d'une clé"),
        ('dossiers = ["depots/.."]', "celui de cabinet.toml, du journal ou d'une clé"),
        ('dossiers = ["depots", "./depots"]', "est déjà celui de dossiers, une première fois"),
        ('dossiers = ["oct/retours"]', "est déjà celui de [releve]"),
        ('dossiers = ["oct"]', "le dossier oct contient oct/envoi"),
        ('dossiers = ["depots", "depots/recus"]', "le dossier depots contient depots/recus"),
        ('dossiers = ["depots/banque", "depots"]', "le dossier depots contient depots/banque"),
        ('dossiers = ["depots"]\nrapport = "depots/matin"', "le dossier depots contient depots/matin"),
    ],
)
def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path, nuit: str, said: str) -> None:
    assert said in refused(tmp_path, nuit)


def test_neither_the_journal_nor_a_key_lies_where_files_are_dropped(tmp_path: Path) -> None:
    private = "celui de cabinet.toml, du journal ou d'une clé"
    assert private in refused(tmp_path, 'dossiers = ["donnees"]', CABINET.replace("journal.sqlite", "donnees/j.sqlite"))
    assert private in refused(
        tmp_path, 'dossiers = ["cles"]', CABINET.replace('"praticien.p12"', '"cles/praticien.p12"')
    )


def test_folders_beside_one_another_are_read(tmp_path: Path) -> None:
    cabinet = write_cabinet(tmp_path, f'{CABINET}{OCT}[nuit]\ndossiers = ["depots", "banque"]\nrapport = "."\n')
    assert cabinet.nuit.dossiers == ("depots", "banque")
