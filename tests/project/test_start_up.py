"""Starting costs nothing that is not used: the slow libraries stay out of `--version` and of reading one small file.

Times are not asserted here (a loaded machine would lie); `python -m benchmarks commands` does.
"""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fse.infra.keys.trial_pki import create_test_key
from tests.app.cabinet import CLE, JOUR, MOT_DE_PASSE, PRESTATAIRE, document, facture, little_stretching, write_cabinet

ROOT = Path(__file__).resolve().parents[2]
SLOW = {"sqlalchemy", "xmlschema", "pyhanko", "numpy", "pyarrow", "cryptography", "sqlite3"}
FSE = "import sys; from fse.app.cli import main; sys.exit(main())"
SMALL_FILE = ROOT / "fixtures" / "noemie" / "ligne-rejetee" / "retour.noe"


@pytest.mark.parametrize("command", ["--version", "lire"])
def test_slow_libraries_are_not_imported(command: str) -> None:
    arguments = [command, str(SMALL_FILE)] if command == "lire" else [command]
    start = [sys.executable, "-X", "importtime", "-c", FSE, *arguments]
    run = subprocess.run(start, capture_output=True, text=True, check=False)
    assert run.stdout, run.stderr[-2000:]
    assert run.returncode in (0, 1)
    imported = {name.split(".")[0] for name in imports_of(run.stderr)}
    assert "fse" in imported
    assert imported & SLOW == set()


NOT_FOR_A_RETURN = (
    "fse.norm.codec.arl",
    "fse.norm.codec.b2",
    "fse.norm.codec.cfonb.checks",
    "fse.norm.codec.cfonb.reading",
    "fse.norm.model.facture",
    "importlib.resources",
    "ssl",
    "stdnum",
)


def test_reading_a_return_imports_nothing_of_what_is_emitted() -> None:
    start = [sys.executable, "-X", "importtime", "-c", FSE, "lire", str(SMALL_FILE)]
    run = subprocess.run(start, capture_output=True, text=True, check=False)
    imported = imports_of(run.stderr)
    assert "fse.norm.codec.noemie.checks" in imported
    assert [name for name in imported if name.startswith(NOT_FOR_A_RETURN)] == []


NOT_FOR_EMISSION = (
    "duckdb",
    "fse.app.caisse",
    "fse.app.operations.reseaux.description",
    "fse.domain.bank",
    "fse.domain.cotation.moteur",
    "fse.domain.cotation.prestations",
    "fse.domain.echeances",
    "fse.infra.transport.mime",
    "fse.infra.transport.smtp",
    "fse.norm.codec.json",
    "fse.norm.codec.noemie",
    "fse.norm.model.accuse",
    "fse.norm.model.retour",
    "fse.norm.referentiels.ngap.regles",
    "holidays",
    "numpy",
    "psycopg",
    "pyarrow",
    "pyhanko",
    "sqlalchemy.dialects.postgresql",
    "xmlschema",
)


def test_emission_imports_nothing_of_what_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second document of a practice whose journal exists: secured, signed, written."""
    monkeypatch.setenv("FSE_CLE_JOURNAL", CLE)
    monkeypatch.setenv("FSE_MOT_DE_PASSE", MOT_DE_PASSE)
    write_cabinet(tmp_path)
    with little_stretching():
        create_test_key(tmp_path, MOT_DE_PASSE, "DR CAMILLE ESSAI", PRESTATAIRE, datetime.now(UTC))
    start = [sys.executable, "-X", "importtime", "-c", FSE, "emettre", "--sortie", "envoi", "--le", str(JOUR)]
    for reference in ("A-1", "A-2"):
        (tmp_path / f"{reference}.xml").write_bytes(document(facture(reference)))
        run = subprocess.run([*start, f"{reference}.xml"], capture_output=True, text=True, check=False, cwd=tmp_path)
        assert "signé" in run.stdout, run.stderr[-2000:]
    imported = imports_of(run.stderr)
    assert "fse.infra.journal" in imported
    assert [name for name in imported if name.startswith(NOT_FOR_EMISSION)] == []


def imports_of(told: str) -> list[str]:
    """The modules that `-X importtime` tells."""
    return re.findall(r"\|\s+(\S+)$", told, flags=re.MULTILINE)
