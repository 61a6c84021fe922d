"""`fse rapport`: what the command prints, in French and as data."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import pytest

from fse.app.operations.clock import now
from fse.base.dates import to_days
from fse.infra.journal.facts import nuits
from tests.app.cabinet import new_practice
from tests.app.emitted import emitted_practice, noe, receive
from tests.app.test_cli import Shell


def test_the_command_writes_the_page_and_says_its_first_line(tmp_path: Path) -> None:
    with emitted_practice(tmp_path / "cabinet") as practice:
        receive(practice, noe())
    shell = Shell(tmp_path / "cabinet")
    told = shell.ok("rapport", "--sortie", "page", "--le", "2026-10-20").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "Page du matin du 20/10/2026 : page/matin.html" in told
    assert "2 choses à faire, 40,00 € en jeu" in told
    assert "a-faire.csv, virements.csv, paiements.csv, rejets.csv, anciennete.csv, et les mêmes en Parquet" in told
    data = json.loads(shell.ok("rapport", "--sortie", "page", "--le", "2026-10-20", "--format", "json"))
    assert (data["a_faire"], data["en_jeu"], len(data["tables"])) == (2, 4000, 10)
    unknown = shell.run("rapport", "--sortie", "page", "--praticien", "000000000")
    assert (unknown.returncode, "praticien.inconnu" in unknown.stderr) == (2, True)


def test_without_the_extra_of_parquet_there_is_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    emitted_practice(tmp_path / "cabinet").close()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    told = Shell(tmp_path / "cabinet").ok("rapport", "--sortie", "page", "--le", str(date(2026, 10, 20)))
    assert "Parquet" not in told
    names = sorted(path.name for path in (tmp_path / "cabinet" / "page").iterdir())
    assert names == ["a-faire.csv", "anciennete.csv", "matin.html", "paiements.csv", "rejets.csv", "virements.csv"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    emitted_practice(tmp_path / "cabinet").close()
    (tmp_path / "cabinet" / "page" / "matin.html").mkdir(parents=True)
    refused = Shell(tmp_path / "cabinet").run("rapport", "--sortie", "page")
    assert (refused.returncode, "sortie.impossible" in refused.stderr) == (5, True)


def test_a_table_that_cannot_be_written_is_said_and_the_rest_is_written(tmp_path: Path) -> None:
    emitted_practice(tmp_path / "cabinet").close()
    (tmp_path / "cabinet" / "page" / "rejets.csv").mkdir(parents=True)
    done = Shell(tmp_path / "cabinet").run("rapport", "--sortie", "page", "--le", "2026-10-20")
    assert done.returncode == 5
    assert "Page du matin du 20/10/2026" in done.stdout
    assert "rejets.csv n'est pas récrit. Le fichier ne peut pas être écrit : c'est un dossier." in done.stdout
    names = {path.name for path in (tmp_path / "cabinet" / "page").iterdir()}
    assert {"matin.html", "anciennete.csv", "rejets.parquet"} <= names


def test_nothing_to_do_is_not_said_of_a_night_that_failed(tmp_path: Path) -> None:
    with new_practice(tmp_path / "cabinet") as practice, practice.journal.transaction(now()) as transaction:
        rang = nuits.begin(transaction, jeton="jeton", jour=to_days(date(2026, 10, 20)))
        nuits.end(transaction, rang, statut=0)
    shell = Shell(tmp_path / "cabinet")
    assert "Rien à faire ce matin." in shell.ok("rapport", "--sortie", "page", "--le", "2026-10-20")
    told = shell.ok("rapport", "--sortie", "page", "--le", "2026-10-24")
    assert "! La nuit n'a pas été faite : voir la page." in told
    assert "Rien à faire" not in told
