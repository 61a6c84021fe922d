"""What the system, the archives or the folder refuse `fse masse`: the true reason, the right action, nothing lost."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fse.app.masse.ledger import Ledger
from fse.app.masse.lock import only_run
from fse.app.masse.masse import masse
from fse.app.masse.matching.spark import check_spark
from fse.app.masse.reading.files import check_name, plan_units, take_stock
from fse.app.masse.reading.owners import gather_owners
from fse.app.masse.work import refused, run_units
from fse.base.errors import FseError, StorageError, UsageError
from tests.app.masse.scene import read_entities, scene
from tests.app.masse.tasks import Morceau


@pytest.mark.parametrize("with_archive", [False, True])
def test_an_empty_folder_gives_a_report_of_zeros(tmp_path: Path, with_archive: bool) -> None:
    """And a folder that was emptied rewrites tables and report."""
    source, archive, _, _ = scene()
    entree, sortie, envois = tmp_path / "retours", tmp_path / "sortie", [archive] if with_archive else []
    entree.mkdir()
    shutil.copyfile(source / "caisse-a/01.noe", entree / "01.noe")
    assert masse(entree, sortie, envois=envois, processus=1).content["lignes"] > 0
    (entree / "01.noe").unlink()
    found = masse(entree, sortie, envois=envois, processus=1)
    assert found.status == 0
    assert (found.content["contenus"], found.content["lignes"], found.content["verse"]) == (0, 0, 0)
    assert json.loads((sortie / "rapport.json").read_bytes())["fichiers"] == {}
    assert pq.read_table(sortie / "fichiers.parquet").num_rows == 0
    assert not list((sortie / "retours").rglob("*.parquet"))
    if with_archive:
        assert found.content["rapprochement"]["lignes"]["lignes"] == 0
        assert found.content["rapprochement"]["bilan"]["demande"] > 0


def test_a_table_of_an_archive_that_does_not_read_is_named(tmp_path: Path) -> None:
    entree, archive, _, _ = scene()
    for name, change, code in (
        ("prestataire", b"garbage", "archive.illisible"),
        ("facture_emise", b"", "archive.illisible"),
        ("mandat", "-", "archive.colonne"),
        ("facture_emise", "-", "archive.colonne"),
        ("facture_emise", "numero", "archive.colonne"),
        ("noemie_990", b"x", "archive.illisible"),
        ("noemie_040", b"", "archive.illisible"),
    ):
        other = tmp_path / f"{name}-{change!r}"
        shutil.copytree(archive, other)
        path = other / f"{name}.parquet"
        if isinstance(change, bytes):
            path.write_bytes(change)
        else:
            table = pq.read_table(path)
            at = table.column_names.index(change) if change != "-" else len(table.column_names) - 1
            rest = table.remove_column(at)
            pq.write_table(rest if change == "-" else rest.append_column(change, _texts(len(table))), path)
        with pytest.raises(UsageError) as said:
            masse(entree, tmp_path / "sortie", envois=[other], processus=1)
        assert (said.value.code, said.value.lieu) == (code, str(path))
        assert "exporter" in said.value.action


def test_a_row_of_a_return_without_head_is_told(tmp_path: Path) -> None:
    entree, archive, _, _ = scene()
    other = tmp_path / "archive"
    shutil.copytree(archive, other)
    (cabinet, *_) = pq.read_table(other / "prestataire.parquet")["cabinet"].to_pylist()
    schema = pq.read_schema(other / "noemie_102.parquet")
    row = {field.name: 1 if pa.types.is_integer(field.type) else "x" for field in schema} | {"cabinet": cabinet}
    pq.write_table(pa.Table.from_pylist([row], schema), other / "noemie_102.parquet")
    found = masse(entree, tmp_path / "sortie", envois=[other], processus=1)
    assert found.status == 1
    assert [(one["code"], "noemie_102" in one["message"]) for one in found.content["echecs"]] == [
        ("archive.sans_tete", True)
    ]


def _texts(rows: int) -> Any:
    return pa.array(["x"] * rows, pa.string())


def test_the_same_archive_by_a_link_is_one(tmp_path: Path) -> None:
    entree, archive, _, _ = scene()
    (tmp_path / "lien").symlink_to(archive)
    found = masse(entree, tmp_path / "sortie", envois=[archive, tmp_path / "lien"], processus=1).content
    assert found["echecs"] == []
    assert all(one["tenue"] for one in found["conservation"])


def test_a_number_that_two_practices_declare_is_said_to_be_theirs(tmp_path: Path) -> None:
    tables: dict[str, list[Path]] = {"prestataire": [], "mandat": []}
    for rank, (relation, column, rows) in enumerate(
        (
            ("prestataire", "prestataire", [("a", "1"), ("b", "1"), ("a", "2")]),
            ("mandat", "beneficiaire", [("c", "1"), ("c", "3")]),
        )
    ):
        path = tmp_path / f"{rank}.parquet"
        pq.write_table(pa.table({"cabinet": [one for one, _ in rows], column: [one for _, one in rows]}), path)
        tables[relation].append(path)
    found = gather_owners(tables)
    assert found.cabinets == {"2": "a", "3": "c"}
    assert found.disputes == {"1": ["a", "b"]}


def test_the_lock_says_what_the_system_says(tmp_path: Path) -> None:
    with only_run(tmp_path / "verrou"):
        assert _code(tmp_path / "verrou") == "masse.occupe"
    (tmp_path / "autre").write_bytes(b"this is no database, and long enough to be seen as such" * 20)
    assert _code(tmp_path / "autre") == "masse.verrou"
    (tmp_path / "dossier").mkdir()
    assert _code(tmp_path / "dossier") == "masse.verrou"
    assert _code(tmp_path / "autre" / "verrou") == "masse.verrou"
    with pytest.raises(sqlite3.OperationalError), only_run(tmp_path / "verrou"):
        raise sqlite3.OperationalError("of the work, not of the lock")


def _code(path: Path) -> str:
    with pytest.raises(StorageError) as said, only_run(path):
        pass
    return said.value.code


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (errno.ENOSPC, "masse.disque", "Faire de la place"),
        (errno.EACCES, "masse.droits", "droit d'écrire"),
        (errno.EROFS, "masse.droits", "droit d'écrire"),
        (errno.EMFILE, "masse.fichiers_ouverts", "ulimit -n"),
        (errno.EFBIG, "masse.taille", "ulimit -f"),
        (errno.EIO, "masse.systeme", "son disque"),
    ],
)
def test_each_refusal_of_the_system_has_its_action(number: int, code: str, words: str) -> None:
    said = refused(OSError(number, os.strerror(number), "/la/sortie"))
    assert (said.code, said.lieu, words in said.action) == (code, "/la/sortie", True)
    assert ("place" in said.action) == (number == errno.ENOSPC)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "x"), "masse.disque"),
        (RuntimeError(f"IO Error: cannot write t.parquet: {os.strerror(errno.ENOSPC)}"), "masse.disque"),
        (RuntimeError(f"IO Error: cannot open t.parquet: {os.strerror(errno.EMFILE)}"), "masse.fichiers_ouverts"),
    ],
)
def test_what_the_system_refuses_a_unit_stops_all(tmp_path: Path, error: Exception, code: str) -> None:
    def task(unit: Morceau) -> dict[str, int]:
        raise error

    with pytest.raises(StorageError) as said:
        run_units([Morceau("u1"), Morceau("u2")], task, Ledger(tmp_path), processus=1)
    assert said.value.code == code


def test_a_refusal_without_a_number_keeps_its_words() -> None:
    assert "Couldn't deserialize" in refused(OSError("Couldn't deserialize thrift")).message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="mkfifo")
def test_what_is_not_read_is_told(tmp_path: Path) -> None:
    source, _, _, _ = scene()
    entree, ailleurs = tmp_path / "retours", tmp_path / "ailleurs"
    entree.mkdir()
    ailleurs.mkdir()
    shutil.copyfile(source / "caisse-a/01.noe", ailleurs / "01.noe")
    (entree / "lien.noe").symlink_to(ailleurs / "01.noe")
    (entree / "dossier").symlink_to(ailleurs)
    (entree / "rompu.noe").symlink_to(tmp_path / "rien")
    os.mkfifo(entree / "tube")
    rapport = masse(entree, tmp_path / "sortie", processus=1)
    assert rapport.content["fichiers"] == {"recu": 1}  # a link to a file is that file
    assert [(one["chemin"], one["motif"]) for one in rapport.content["laisses"]] == [
        ("dossier", "lien_de_dossier"),
        ("rompu.noe", "lien_rompu"),
        ("tube", "pas_un_fichier"),
    ]
    assert all(one["message"] and one["action"] for one in rapport.content["laisses"])
    assert rapport.status == 1


@pytest.mark.parametrize("torn", [b'[["a', b"", b"{}", b"[1]", b"null", b"\xff\xfe"])
def test_a_plan_that_does_not_read_is_no_plan(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a").write_bytes(b"x")
    (tmp_path / "plan.json").write_bytes(torn)
    (unit,) = plan_units(take_stock(tmp_path / "d").contenus, tmp_path / "plan.json", "")
    assert [one.chemin for one in unit.contenus] == ["a"]
    assert json.loads((tmp_path / "plan.json").read_bytes()) == [["a"]]


@pytest.mark.long
def test_a_run_over_a_torn_plan_gives_the_same_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first run put one file a unit, the second puts all in one: the tables of the former units are swept."""
    source, archive, entities, _ = scene()
    with monkeypatch.context() as small:
        small.setattr("fse.app.masse.reading.files.UNIT_FILES", 1)
        masse(source, tmp_path / "sortie", envois=[archive], processus=1)
    (tmp_path / "sortie/travail/plan.json").write_bytes(b'[["a')
    masse(source, tmp_path / "sortie", envois=[archive], processus=1)
    assert read_entities(tmp_path / "sortie") == entities


def test_matching_is_not_left_behind_when_nothing_is_matched(tmp_path: Path) -> None:
    entree, archive, entities, stored = scene()
    sortie = tmp_path / "sortie"
    first = masse(entree, sortie, envois=[archive], processus=1).content
    assert masse(entree, sortie, processus=1).content["rapprochement"] is None
    assert not list((sortie / "rapprochement").rglob("*.parquet"))
    again = masse(entree, sortie, envois=[archive], processus=1).content
    assert {**again, "phases": {}} == {**first, "phases": {}}
    assert list((sortie / "rapprochement").rglob("*.parquet"))
    assert read_entities(sortie) == entities
    assert len(stored["appariement"]) == first["rapprochement"]["lignes"]["lignes_rapprochees"]


def test_names_that_no_table_can_have(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    with pytest.raises(UsageError) as said:
        check_name(folder)
    assert (said.value.code, "\\xff" in said.value.lieu) == ("masse.nom", True)
    check_name(tmp_path / "é")


def test_spark_is_looked_for_before_hours_of_reading(tmp_path: Path) -> None:
    entree, archive, _, _ = scene()
    addresses: dict[str, type[FseError]] = {
        "nimporte": UsageError,
        "http://a:1": UsageError,
        "sc://": UsageError,
        "sc://a:b": UsageError,
        "sc://127.0.0.1:1": StorageError,
        "sc://rien.invalid:1": StorageError,
    }
    for address, kind in addresses.items():
        with pytest.raises(kind) as said:
            check_spark(address)
        assert (said.value.code, said.value.lieu) == ("masse.spark", address)
    with pytest.raises(StorageError):
        masse(entree, tmp_path / "s", envois=[archive], spark="sc://127.0.0.1:1")
    with pytest.raises(UsageError) as without:
        masse(entree, tmp_path / "s", spark="sc://127.0.0.1:1")
    assert without.value.code == "masse.spark_sans_envois"
    assert not (tmp_path / "s").exists()
