"""The project's own files keep the rules that `docs/architecture.md` gives them."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("fse", "schemas", "fixtures", "tests", "docs", "benchmarks", ".ci")
FILES = ("pyproject.toml", "README.md", "LICENSE", "Makefile", "lock.txt")

MACHINE_PATH = re.compile(r"(?<![\w./~-])/(?:work|tmp|root|home)(?![\w-])")
REGISTRY_HOST = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.|crates\.io|repo\.maven")
NEIGHBOUR = re.compile(r"\.\./shared|\bshared/|[\"']shared[\"']")
CLOCK = re.compile(r"\.today\(|\.now\(|\.utcnow\(|\btime\.time\(")


def project_files(*folders: str, endings: tuple[str, ...] = ("",)) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and path.name.endswith(endings):
                yield path


def all_files() -> list[Path]:
    return [*project_files(*FOLDERS), *(ROOT / name for name in FILES)]


@cache
def text_of(path: Path) -> str:
    return path.read_bytes().decode("latin-1")


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]


def test_top_level_holds_only_what_the_architecture_allows() -> None:
    try:
        listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git clone: what is ours at the top level is not known")
    top = {name.split("/")[0] for name in listing.stdout.split("\0") if name}
    assert top <= {*FOLDERS, *FILES, ".gitignore"}


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(MACHINE_PATH, all_files()) == []


def test_no_file_names_the_host_of_a_registry() -> None:
    assert lines_with(REGISTRY_HOST, all_files()) == []


def test_nothing_reads_outside_the_project() -> None:
    assert lines_with(NEIGHBOUR, all_files()) == []


def test_lock_is_pinned_hashed_and_without_address() -> None:
    text = (ROOT / "lock.txt").read_text(encoding="utf-8")
    assert "://" not in text
    requirements = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    assert len(requirements) > 20
    for requirement in requirements:
        assert re.match(r"[a-z0-9.-]+==\S+( ; [^\\]+)? \\\n", requirement), requirement.splitlines()[0]
        assert "--hash=sha256:" in requirement


def test_modules_stop_at_400_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(text_of(path).splitlines())
        for path in project_files("fse", "tests", "benchmarks", endings=(".py",))
    }
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_no_clock_below_the_infrastructure_and_one_today() -> None:
    floors = [*project_files("fse/base", "fse/norm", "fse/domain", endings=(".py",))]
    assert lines_with(CLOCK, floors) == []
    assert len(lines_with(re.compile(r"\.today\("), [*project_files("fse", endings=(".py",))])) <= 1


def test_every_case_of_the_fixtures_tells_its_provenance() -> None:
    cases = [path for path in sorted((ROOT / "fixtures").glob("*/*")) if path.is_dir()]
    assert [str(case.relative_to(ROOT)) for case in cases if not (case / "cas.toml").is_file()] == []
    for case in cases:
        assert tomllib.loads((case / "cas.toml").read_text(encoding="utf-8"))
    for path in (ROOT / "fixtures" / "cotation").glob("*/*.toml"):  # a case there is one file
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        assert said["titre"]
        assert said["source"]


def identities_of_xml(path: Path) -> Iterator[tuple[str, str]]:
    text = text_of(path)
    for number in re.findall(r"<(?:prestataire|executant|prescripteur|remplacant|medecin_traitant)>([^<]*)<", text):
        yield "prestataire", number.strip()
    for nir in re.findall(r"<nir>([^<]*)<", text):
        yield "nir", nir.strip()


def identities_of_b2(path: Path) -> Iterator[tuple[str, str]]:
    data = path.read_bytes().replace(b"\r\n", b"").decode("latin-1")
    for start in range(0, len(data), 128):
        record = data[start : start + 128]
        if record[0] in "245":
            yield "prestataire", record[1:10]
            yield "nir", record[11:24]


def is_fictive(kind: str, value: str) -> bool:
    """Provider numbers of no département (00), NIR of order number 000: nobody's. Our rule for all test data."""
    return value.startswith("00") if kind == "prestataire" else value[10:13] == "000"


def test_identities_of_the_fixtures_are_nobodys() -> None:
    found = [
        *(
            (path, kind, value)
            for path in project_files("fixtures", endings=(".xml",))
            for kind, value in identities_of_xml(path)
        ),
        *(
            (path, kind, value)
            for path in project_files("fixtures", endings=(".b2",))
            for kind, value in identities_of_b2(path)
        ),
    ]
    assert [
        (str(path.relative_to(ROOT)), kind, value) for path, kind, value in found if not is_fictive(kind, value)
    ] == []
