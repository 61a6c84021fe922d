"""The facts of a practice exported, then matched whole by DuckDB and by Spark: the same rows as in the journal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from fse.app.operations.journal.exporter import entity_names, exporter_journal
from fse.app.operations.journal.rapprocher import rapprocher_archives
from fse.app.operations.practice import Practice
from fse.app.operations.suivi import suivi
from fse.base.errors import FseError
from fse.domain.reconciliation.relations import FACTS, STORED
from tests.app.cabinet import PATIENTS
from tests.app.emitted import RETOUR, emitted_practice, noe, receive, renamed, rows
from tests.app.test_cli import Shell
from tests.infra.engines.sail import sail_server


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    """Sheets answered twice, a return of a stranger."""
    with emitted_practice(tmp_path / "cabinet") as practice:
        receive(practice, noe(), renamed("ENCORE"))
        yield practice


def stored(practice: Practice) -> dict[str, list[tuple[Any, ...]]]:
    return {
        relation.name: _sorted(rows(practice, f"SELECT {', '.join(relation.names)} FROM {relation.name}"))
        for relation in STORED
    }


def matched(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {
        relation.name: _sorted(pq.read_table(folder / f"{relation.name}.parquet").to_pylist()) for relation in STORED
    }


def _sorted(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted((tuple(row.values()) for row in found), key=repr)


@pytest.mark.parametrize("engine", ["duckdb", pytest.param("spark", marks=pytest.mark.long)])
def test_an_archive_matched_elsewhere_gives_the_rows_of_the_journal(
    practice: Practice, tmp_path: Path, engine: str
) -> None:
    archive = exporter_journal(practice, tmp_path / "archive").dossier
    spark = sail_server() if engine == "spark" else None
    (bilan,) = rapprocher_archives([archive], tmp_path / "sortie", spark=spark)
    assert matched(tmp_path / "sortie") == stored(practice)
    known = suivi(practice, le=RETOUR).bilan
    assert (bilan.demande, bilan.paye, bilan.reste, bilan.trop_paye) == (
        known.demande,
        known.paye,
        known.reste,
        known.trop_paye,
    )
    assert bilan.trop_paye > 0


def test_archives_of_many_practices_are_matched_together(practice: Practice, tmp_path: Path) -> None:
    first = exporter_journal(practice, tmp_path / "un").dossier
    second = tmp_path / "deux"
    second.mkdir()
    for path in first.iterdir():  # another practice, with the same invoices and the same identifiers
        table = pq.read_table(path)
        place = table.column_names.index("cabinet")
        table = table.set_column(place, "cabinet", [["autre"] * len(table)])
        pq.write_table(table, second / path.name)
    one, other = rapprocher_archives([first, second], tmp_path / "sortie")
    assert (one.cabinet, other.cabinet) == ("autre", "essai")
    assert (one.demande, one.paye, one.factures) == (other.demande, other.paye, other.factures)


def test_nothing_personal_leaves(practice: Practice, tmp_path: Path) -> None:
    export = exporter_journal(practice, tmp_path / "archive")
    assert {path.stem for path in export.dossier.iterdir()} == {*(one.name for one in FACTS), *entity_names()}
    assert export.lignes["facture_emise"] == 6
    assert export.lignes["assure_facture"] == export.lignes["assure_retour"] == 0
    text = "".join(str(pq.read_table(path).to_pylist()) for path in export.dossier.iterdir())
    assert not [nir for nir, _, _ in PATIENTS if nir in text]
    assert "LEFEVRE" not in text


def test_refusals_say_what_to_do(practice: Practice, tmp_path: Path) -> None:
    archive = exporter_journal(practice, tmp_path / "archive").dossier
    with pytest.raises(FseError) as there:
        exporter_journal(practice, archive)
    assert there.value.code == "sortie.existe"
    with pytest.raises(FseError) as taken:
        rapprocher_archives([archive], archive)
    assert taken.value.code == "sortie.existe"
    (archive / "mandat.parquet").unlink()
    with pytest.raises(FseError) as incomplete:
        rapprocher_archives([archive], tmp_path / "sortie")
    assert incomplete.value.code == "archive.incomplete"
    assert "mandat.parquet" in str(incomplete.value)
    assert not (tmp_path / "sortie").exists()


def test_an_export_that_cannot_be_written_leaves_nothing(practice: Practice, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_bytes(b"")
    with pytest.raises(FseError) as refused:
        exporter_journal(practice, tmp_path / "fichier" / "archive")
    assert refused.value.code == "sortie.impossible"


def test_the_commands_export_and_match(practice: Practice, tmp_path: Path) -> None:
    shell = Shell(practice.cabinet.folder)
    archive, sortie = str(tmp_path / "archive"), str(tmp_path / "sortie")
    assert shell.ok("journal", "exporter", "--sortie", archive).startswith("6 factures et 2 retours exportés")
    assert "essai, praticien 001234566 : " in shell.ok("journal", "rapprocher", archive, "--sortie", sortie)
    assert shell.run("journal", "rapprocher", str(tmp_path), "--sortie", str(tmp_path / "autre")).returncode == 2
