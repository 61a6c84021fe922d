"""Money that a mass run may neither lose nor count twice, whatever became of its files, tables and archives."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from fse.app.caisse.masse import TauxMasse, answer_file
from fse.app.masse.emission import emettre_envoi
from fse.app.masse.masse import masse
from fse.app.masse.reading import container, packs, settling, unit
from fse.base.errors import StorageError, UsageError
from fse.norm.codec.noemie.building import build
from fse.norm.codec.noemie.columns.reading import read_proved
from tests.app.cabinet import signer
from tests.app.emitted import noe, renamed, retour
from tests.app.masse.emission import sendings
from tests.app.masse.scene import Rows, read_entities, read_stored, scene
from tests.oracles import noemie_oracle as oracle
from tests.oracles.positions_noemie import NOEMIE

Chunks = Callable[[Path], Iterator[bytes]]


def _folder(tmp_path: Path, **contents: bytes) -> Path:
    entree = tmp_path / "retours"
    entree.mkdir(exist_ok=True)
    for name, content in contents.items():
        (entree / f"{name}.noe").write_bytes(content)
    return entree


def _stopped(monkeypatch: pytest.MonkeyPatch, name: str, after: int = 0) -> None:
    """From now on the disk fails in this file, after so many bytes."""
    monkeypatch.setattr(packs, "SMALL", 0)
    chunks: Chunks = unit._chunks

    def fail(path: Path) -> Iterator[bytes]:
        for chunk in chunks(path):
            if path.name == name:
                yield chunk[:after]
                raise OSError(errno.EIO, "Input/output error", str(path))
            yield chunk

    monkeypatch.setattr(unit, "_chunks", fail)


def _held(found: dict[str, Any]) -> bool:
    return bool(found["conservation"]) and all(one["tenue"] for one in found["conservation"])


def test_a_double_taken_out_stays_out_when_its_unit_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, archive, _, _ = scene()
    entree, sortie = _folder(tmp_path, a=noe()), tmp_path / "sortie"
    first = masse(entree, sortie, envois=[archive], processus=1).content
    alone = read_entities(sortie)
    _folder(tmp_path, b=noe(), c=renamed("ENCORE"))
    with monkeypatch.context() as broken:
        _stopped(broken, "c.noe")
        for _ in range(3):
            found = masse(entree, sortie, envois=[archive], processus=1).content
            assert found["fichiers"] == {"deja_recu": 1, "ecarte": 1, "recu": 1}
            assert (found["verse"], _held(found)) == (first["verse"], True)
            assert read_entities(sortie) == alone
    # c reads at last, its bytes and its dates unchanged: what it pays is matched
    found = masse(entree, sortie, envois=[archive], processus=1).content
    assert (found["verse"], _held(found)) == (2 * first["verse"], True)
    assert found["rapprochement"]["lignes"]["lignes"] == 2 * first["lignes"]


def test_a_double_half_taken_out_when_the_run_died_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entree, sortie = _folder(tmp_path, a=noe()), tmp_path / "sortie"
    masse(entree, sortie, processus=1)
    alone = read_entities(sortie)
    _folder(tmp_path, b=noe())
    written: list[str] = []
    write = settling.write_part

    def die(place: Path, chemin: str, table: Any) -> None:
        if len(written) == 3:
            raise KeyboardInterrupt
        written.append(chemin)
        write(place, chemin, table)

    with monkeypatch.context() as killed:
        killed.setattr(settling, "write_part", die)
        with pytest.raises(KeyboardInterrupt):
            masse(entree, sortie, processus=1)
    (entree / "a.noe").unlink()  # what b had is its own again
    assert _held(masse(entree, sortie, processus=1).content)
    assert read_entities(sortie) == alone


@pytest.mark.parametrize("waiting", [1, 96 << 20])
def test_a_container_that_breaks_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: int
) -> None:
    """Its first file was whole, and written, when the disk failed in the second: the next container has the first."""
    one = noe()
    entree = _folder(tmp_path, z=one, zz=renamed("ENCORE"))
    masse(entree, tmp_path / "seul", processus=1)
    _folder(tmp_path, a=renamed("AVANT1"), b=one + renamed("ENCORE") + renamed("PERDU1"))
    (tmp_path / "x").mkdir()
    masse(_folder(tmp_path / "x", a=renamed("AVANT1")), tmp_path / "avant", processus=1)
    _stopped(monkeypatch, "b.noe", len(one) + 200)
    monkeypatch.setattr(unit, "_WAITING", waiting)
    monkeypatch.setattr(container, "read_proved", partial(read_proved, window=520))  # what is whole is given
    found = masse(entree, tmp_path / "sortie", processus=1).content
    assert found["fichiers"] == {"ecarte": 1, "recu": 3}
    assert [(one["chemin"], one["motif"]) for one in found["ecartes"]] == [("b.noe", "entree.absente")]
    expected: Rows = {}
    for name in ("seul", "avant"):
        for relation, rows in read_entities(tmp_path / name).items():
            expected[relation] = sorted([*expected.get(relation, []), *rows], key=repr)
    assert read_entities(tmp_path / "sortie") == expected
    assert _held(found)
    assert not list((tmp_path / "sortie").rglob("*.tmp"))


def test_a_full_disk_is_no_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(sortie: Path, chemin: str, table: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", chemin)

    entree = _folder(tmp_path, a=noe())
    monkeypatch.setattr(packs, "SMALL", 0)
    monkeypatch.setattr(unit, "_WAITING", 1)
    with monkeypatch.context() as disk:
        disk.setattr(unit, "prepare_part", full)
        with pytest.raises(StorageError) as said:
            masse(entree, tmp_path / "sortie", processus=1)
    assert said.value.code == "masse.disque"
    assert masse(entree, tmp_path / "sortie", processus=1).content["fichiers"] == {"recu": 1}


@pytest.mark.long
def test_tables_that_were_taken_away_are_made_again(tmp_path: Path) -> None:
    entree, archive, entities, stored = scene()
    sortie = tmp_path / "sortie"
    first = masse(entree, sortie, envois=[archive], processus=1).content
    for gone in ("retours", "rapprochement", "rapprochement/appariement", "travail/fichiers", "travail/identifiant"):
        shutil.rmtree(sortie / gone)
        found = masse(entree, sortie, envois=[archive], processus=1).content
        assert {**found, "phases": {}} == {**first, "phases": {}}
        assert read_entities(sortie) == entities
        assert read_stored(sortie) == stored


def test_one_mark_counts(tmp_path: Path) -> None:
    strange = _put(_put(noe(), "000", "marque", "X"), "999", "marque", "X")
    entree = _folder(tmp_path, a=noe(), b=build(replace(retour(), marque="D")), c=strange)
    found = masse(entree, tmp_path / "t", processus=1).content
    assert found["marques"] == {"T": 1}
    assert [(one["chemin"], one["motif"]) for one in found["ecartes"]] == [
        ("b.noe", "reception.autre_marque"),
        ("c.noe", "reception.autre_marque"),
    ]
    assert "--marque D" in found["ecartes"][0]["action"]
    assert "« X »" in found["ecartes"][1]["message"]
    for sortie in ("d", "t"):  # another output, and the same
        found = masse(entree, tmp_path / sortie, marque="D", processus=1).content
        assert (found["marques"], found["fichiers"]) == ({"D": 1}, {"ecarte": 2, "recu": 1})
    with pytest.raises(UsageError) as said:
        masse(entree, tmp_path / "t", marque="R", processus=1)
    assert said.value.code == "masse.marque"


def test_a_return_of_two_practices_that_one_has_received_pays_both(tmp_path: Path) -> None:
    entree, envoi, alpha, beta = _two_practices(tmp_path)
    masse(entree, tmp_path / "s", envois=[envoi], processus=1)
    expected = read_stored(tmp_path / "s")
    assert len({row[0] for row in expected["appariement"]}) == 2
    for archives in ([alpha, beta], [alpha, _received(tmp_path / "b2", beta, tmp_path / "s", "cab-beta")]):
        found = masse(entree, tmp_path / "s2", envois=archives, processus=1).content
        assert found["fichiers"] == {"recu": len(list(entree.iterdir()))}
        assert found["archives"] == {"retours_lus_ici": found["fichiers"]["recu"], "en_double": []}
        assert _held(found)
        assert read_stored(tmp_path / "s2") == expected
    vide = tmp_path / "vide"
    vide.mkdir()
    told = masse(vide, tmp_path / "s3", envois=archives, processus=1)
    assert (told.status, told.content["archives"]["retours_lus_ici"]) == (1, 0)
    assert {tuple(one["cabinets"]) for one in told.content["archives"]["en_double"]} == {("cab-alpha", "cab-beta")}


def _two_practices(tmp_path: Path) -> tuple[Path, Path, Path, Path]:
    """Returns, the archive of what both sent, that of the first (which received them), that of the second."""
    envoi = emettre_envoi(sendings.envoi(sendings.invoices()), signer(), tmp_path / "envoi")
    sent = (envoi.dossier / f"{envoi.nom}.b2").read_bytes()
    entree = tmp_path / "retours"
    entree.mkdir()
    rates = TauxMasse(silence=0, rejet=0, paye_moins=0, differe=0)
    for one in answer_file(sent, le=date(2026, 11, 23), graine=1, taux=rates).fichiers:
        (entree / one.nom).write_bytes(one.contenu)
    masse(entree, tmp_path / "lu", processus=1)
    for cabinet in ("cab-alpha", "cab-beta"):
        (tmp_path / cabinet).mkdir()
        for relation in ("facture_emise", "prestataire"):
            table = pq.read_table(envoi.dossier / f"{relation}.parquet")
            kept = table.filter(pc.equal(table["cabinet"], cabinet))
            pq.write_table(kept, tmp_path / cabinet / f"{relation}.parquet")
    alpha = _received(tmp_path / "a2", tmp_path / "cab-alpha", tmp_path / "lu", "cab-alpha")
    return entree, envoi.dossier, alpha, tmp_path / "cab-beta"


def _received(target: Path, archive: Path, read: Path, cabinet: str) -> Path:
    """A copy of the archive, with all the rows of these returns under one practice, as its journal books them."""
    shutil.copytree(archive, target)
    for relation in (read / "retours").iterdir():
        table = pa.concat_tables([pq.ParquetFile(path).read() for path in relation.rglob("*.parquet")])
        key = [one for one in table.column_names if one != "cabinet"]
        table = table.select(key).group_by(key).aggregate([]).select(key)
        pq.write_table(
            table.add_column(0, "cabinet", pa.array([cabinet] * len(table))), target / f"{relation.name}.parquet"
        )
    return target


def test_totals_that_do_not_hold_are_told_by_file_even_as_warnings(tmp_path: Path) -> None:
    """Whoever did not write as we do may count otherwise: one centime too many in 990 is no error, but is told."""
    closing = oracle.cut(next(one for one in oracle.unwrap(noe()) if oracle.entity_type(one) == "990"))
    more = f"{int(closing['somme']) + 1:0{len(closing['somme'])}d}"
    wrong = _put(_put(renamed("FAUX01"), "990", "somme", more), "000", "programme_emetteur", "AUTRE")
    entree = _folder(tmp_path, juste=noe(), x=wrong)
    found = masse(entree, tmp_path / "s", processus=1)
    assert found.content["fichiers"] == {"recu": 2}
    assert {(one["fichier"], one["code"]) for one in found.content["ecarts"]} == {("x.noe", "noemie.somme_suppose")}
    assert str(int(more)) in found.content["ecarts"][0]["message"]
    (law,) = found.content["conservation"]
    assert (law["gauche"] - law["droite"], law["tenue"], found.status) == (1, False, 1)
    assert json.loads((tmp_path / "s/rapport.json").read_bytes())["ecarts"] == found.content["ecarts"]


def test_a_file_that_names_nobody_is_in_the_laws(tmp_path: Path) -> None:
    _, archive, _, _ = scene()
    content = noe()
    for type, field in (
        ("000", "numero_destinataire"),
        ("999", "numero_destinataire"),
        ("040", "beneficiaire_reglement"),
        ("081", "lieu_execution"),
    ):
        if field in {name for name, *_ in NOEMIE[type]}:
            content = _put(content, type, field, "")
    found = masse(_folder(tmp_path, x=content), tmp_path / "s", envois=[archive], processus=1).content
    assert found["fichiers"] == {"recu": 1}
    assert found["sans_cabinet"] == {"lignes": found["lignes"], "verse": found["verse"]}
    assert found["lignes"] == found["rapprochement"]["lignes"]["lignes"] > 0
    assert _held(found)


def _put(content: bytes, type: str, field: str, value: str) -> bytes:
    """The same return with this value in every entity of a type."""
    places = {name: (start, end) for name, start, end in NOEMIE[type]}
    start, end = places[field]
    text = value.encode("latin-1").ljust(end - start + 1)
    entities = [
        one[: start - 1] + text + one[end:] if oracle.entity_type(one) == type else one
        for one in oracle.unwrap(content)
    ]
    return oracle.wrap(entities[1:-1], entities[0], entities[-1])
