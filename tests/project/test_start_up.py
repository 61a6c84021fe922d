"""Starting costs nothing that is not used: the slow libraries stay out of `--version` and of reading one small file.

Times are not asserted here (a loaded machine would lie); `python -m benchmarks commands` does.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

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
    imported = set(re.findall(r"\|\s+(\w+)\S*$", run.stderr, flags=re.MULTILINE))
    assert "fse" in imported
    assert imported & SLOW == set()
