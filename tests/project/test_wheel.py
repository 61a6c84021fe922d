"""The packaged data is found in a wheel (inside the package) and in an editable install (the sibling folders).

Without a network: the wheel is built, unpacked, and put before everything else on the path. `wheel_test.sh` beside this
file does the whole: a fresh environment, and `fse demo` in it.
"""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fse.base import resources

ROOT = Path(__file__).resolve().parents[2]

SEEN_BY_FSE = """
import fse
from fse.base import resources
print(fse.__file__, resources.demo_files(), *resources.list_files("constats", ".toml"), sep="\\n")
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dist = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(dist)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = dist.glob("*.whl")
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize("folder", ["schemas", "fixtures/demo"])
def test_wheel_carries_the_data_unchanged(unpacked: Path, folder: str) -> None:
    def contents(root: Path) -> dict[str, bytes]:
        return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}

    shipped = contents(unpacked / "fse" / folder)
    assert shipped == contents(ROOT / folder)
    assert shipped


def test_sql_statements_are_in_the_wheel(unpacked: Path) -> None:
    for path in (ROOT / "fse").rglob("*.sql"):
        assert (unpacked / path.relative_to(ROOT)).read_bytes() == path.read_bytes()


def test_wheel_reads_its_own_data(unpacked: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(unpacked)}
    run = subprocess.run(
        [sys.executable, "-c", SEEN_BY_FSE], cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    )
    package, demo, *findings = run.stdout.splitlines()
    assert Path(package).is_relative_to(unpacked)
    assert Path(demo) == unpacked / "fse" / "fixtures" / "demo"
    assert findings == resources.list_files("constats", ".toml")


def test_editable_install_reads_the_sibling_folders() -> None:
    assert Path(str(resources.demo_files())) == ROOT / "fixtures" / "demo"
