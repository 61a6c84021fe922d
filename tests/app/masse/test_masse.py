"""A mass run gives the rows of a journal that received the same files, whatever else is in the folder."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from fse.app.masse import parquet
from fse.app.masse.lock import only_run
from fse.app.masse.masse import masse
from fse.base.errors import FseError, StorageError
from tests.app.masse.scene import FILES, read_entities, read_stored, scene


@pytest.fixture(scope="module")
def sortie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    entree, archive, _, _ = scene()
    folder = tmp_path_factory.mktemp("masse") / "sortie"
    masse(entree, folder, envois=[archive], processus=1)
    return folder


def test_the_rows_are_those_of_a_journal(sortie: Path) -> None:
    _, _, entities, stored = scene()
    assert read_entities(sortie) == entities
    assert read_stored(sortie) == stored


def test_the_report_tells_each_file_and_each_centime(sortie: Path) -> None:
    found = json.loads((sortie / "rapport.json").read_text(encoding="utf-8"))
    assert found["contenus"] == len(FILES)
    assert found["fichiers"] == {"deja_recu": 1, "ecarte": 2, "pas_un_retour": 2, "recu": 2}
    assert {one["chemin"]: one["motif"] for one in found["ecartes"]} == {
        "caisse-b/04.noe": "reception.identite_reprise",
        "caisse-b/05.noe": "cadrage.fin_absente",
    }
    assert all(one["tenue"] for one in found["conservation"])
    assert found["sans_cabinet"] == {"lignes": 0, "verse": 0}
    verdicts = {row["chemin"]: row["verdict"] for row in pq.read_table(sortie / "fichiers.parquet").to_pylist()}
    assert verdicts == {
        "caisse-a/01.noe": "recu",
        "caisse-a/02 accentué.noe": "recu",
        "caisse-b/03.noe": "deja_recu",
        "caisse-b/04.noe": "ecarte",
        "caisse-b/05.noe": "ecarte",
        "caisse-b/06.pdf": "pas_un_retour",
        "caisse-b/07.vide": "pas_un_retour",
    }


@pytest.mark.long
def test_the_same_again_reads_nothing_and_new_files_are_added(tmp_path: Path) -> None:
    """Files that come one after the other, in an order that is not that of their names."""
    source, archive, entities, stored = scene()
    entree, sortie = tmp_path / "retours", tmp_path / "sortie"
    names = [name for name in FILES if name != "caisse-a/01.noe"]
    _copy(source, entree, names)
    first = masse(entree, sortie, envois=[archive], processus=1)
    assert first.content["fichiers"]["recu"] == 2  # 02, and 03 for 01, which is not there yet
    again = masse(entree, sortie, envois=[archive], processus=1)
    assert {**again.content, "phases": {}} == {**first.content, "phases": {}}
    _copy(source, entree, ["caisse-a/01.noe"])
    last = masse(entree, sortie, envois=[archive], processus=1)
    assert last.content["fichiers"] == {"deja_recu": 1, "ecarte": 2, "pas_un_retour": 2, "recu": 2}
    assert read_entities(sortie) == entities
    assert read_stored(sortie) == stored
    for gone in ("03.noe", "04.noe"):  # what they had first is the other's now
        (entree / "caisse-b" / gone).unlink()
    masse(entree, sortie, envois=[archive], processus=1)
    assert read_entities(sortie) == entities
    assert read_stored(sortie) == stored


def test_what_no_archive_declares_is_told_with_its_money(tmp_path: Path) -> None:
    entree, archive, entities, _ = scene()
    other = tmp_path / "archive"
    other.mkdir()
    for path in archive.iterdir():
        pq.write_table(pq.read_table(path).slice(0, 0), other / path.name)
    found = masse(entree, tmp_path / "sortie", envois=[other], processus=1).content
    assert read_entities(tmp_path / "sortie") == entities
    assert found["sans_cabinet"] == {"lignes": found["lignes"], "verse": found["verse"]}
    assert found["verse"] > 0
    assert found["rapprochement"]["residus"]["autre_prestataire"]["lignes"] == found["lignes"]
    assert all(one["tenue"] for one in found["conservation"])


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")
def test_killed_around_any_change_of_the_disk_it_carries_on(tmp_path: Path) -> None:
    """A child dies before a file gets its name, or while a table is written; then the next run ends the work."""
    entree, archive, entities, stored = scene()
    survived = False
    for kill in (3, 25, 60, 85):
        sortie = tmp_path / str(kill)
        survived |= _run_and_die(kill, entree, archive, sortie)
        masse(entree, sortie, envois=[archive], processus=1)
        assert read_entities(sortie) == entities
        assert read_stored(sortie) == stored
        assert not [path for path in sortie.rglob("*.tmp") if "travail" not in path.parts]
    assert not survived


def _run_and_die(kill: int, entree: Path, archive: Path, sortie: Path) -> bool:
    """True when the run ended before that many changes of the disk."""
    child = os.fork()
    if child == 0:
        left, replace, write = [kill], Path.replace, parquet.write

        def die(path: Path, target: Path) -> Path:
            left[0] -= 1
            if left[0] == 0:
                os._exit(9)
            return replace(path, target)

        def die_writing(table: Any, path: Path) -> None:
            write(table, path)
            left[0] -= 1
            if left[0] == 0:
                os.truncate(path, path.stat().st_size // 2)
                os._exit(9)

        Path.replace = die  # type: ignore[method-assign, assignment]
        parquet.write = die_writing
        masse(entree, sortie, envois=[archive], processus=1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_refusals_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entree, archive, _, _ = scene()
    for arguments, code in (
        ({"entree": tmp_path / "rien", "sortie": tmp_path / "s"}, "entree.absente"),
        ({"entree": entree, "sortie": entree / "s"}, "masse.sortie_dans_entree"),
        ({"entree": entree, "sortie": tmp_path / "s", "envois": [entree]}, "archive.incomplete"),
    ):
        with pytest.raises(FseError) as refused:
            masse(**arguments)  # type: ignore[arg-type]
        assert refused.value.code == code
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(StorageError) as full:
        masse(entree, tmp_path / "s", envois=[archive])
    assert full.value.code == "masse.place"
    monkeypatch.undo()
    with only_run(tmp_path / "s" / "travail" / "verrou"), pytest.raises(StorageError) as taken:
        masse(entree, tmp_path / "s")
    assert taken.value.code == "masse.occupe"


def test_an_invoice_in_two_archives_is_refused_and_not_counted_twice(tmp_path: Path) -> None:
    entree, archive, _, _ = scene()
    shutil.copytree(archive, tmp_path / "copie")
    rapport = masse(entree, tmp_path / "sortie", envois=[archive, tmp_path / "copie"], processus=1)
    (said,) = rapport.content["echecs"]
    assert said["code"] == "masse.facture_double"
    assert f"dans deux archives : {archive} et {tmp_path / 'copie'}." in said["message"]
    assert rapport.content["rapprochement"] == {"tranches": {"faites": 0, "en_echec": 1}}
    assert rapport.status == 1


def _copy(source: Path, entree: Path, names: list[str]) -> None:
    for name in names:
        (entree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, entree / name)
