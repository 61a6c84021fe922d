"""Whatever the content: the findings of the record checks, the files that they read, and the same rows.

What columns prove is what the record checks have nothing to say of but `noemie.non_couvert`.
"""

from pathlib import Path
from random import Random

import pytest

from fse.base.errors import UnreadableError
from fse.base.findings import Finding
from fse.norm.codec.noemie.columns import FichierLu, read_proved
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow, FileEnd, FileStart
from fse.norm.layout.columns import Account, Batch
from tests.each import each
from tests.norm.layout.columns.comparing import Rows, by_record
from tests.norm.layout.rebuilding import in_chunks

ROOT = Path(__file__).resolve().parents[5]
FIXTURES = {f"{path.parent.name}/{path.name}": path for path in sorted((ROOT / "fixtures").rglob("*.noe"))}
OTHERS = sorted((ROOT / "fixtures/arl").rglob("*.arl"))[:3] + sorted((ROOT / "fixtures/b2").rglob("*.b2"))[:3]
SMALL, LARGE = 700, 1 << 16
ALONE = "noemie.non_couvert"


def by_column(data: bytes, window: int) -> tuple[Rows, list[Finding], list[FichierLu], Account]:
    """Rows, findings, files and account."""
    rows: Rows = {}
    findings: list[Finding] = []
    files: list[FichierLu] = []
    account = None
    for item in read_proved(lambda: in_chunks(data, 5000), window):
        if isinstance(item, Batch):
            rows.setdefault((item.edition.famille, item.edition.nom, item.layout.type), []).extend(
                item.rows.to_pylist()
            )
        elif isinstance(item, Finding):
            findings.append(item)
        elif isinstance(item, FichierLu):
            files.append(item)
        else:
            account = item
    assert account is not None
    return rows, findings, files, account


def prove_equal(data: bytes, window: int = LARGE) -> list[FichierLu]:
    """Both ways say the same of these bytes; the files."""
    try:
        items = list(read([data]))
    except UnreadableError:
        with pytest.raises(UnreadableError):
            by_column(data, window)
        return []
    expected_rows, expected, _ = by_record(items)
    rows, findings, files, account = by_column(data, window)
    assert findings == expected, account
    assert rows == expected_rows, account
    starts = [item for item in items if isinstance(item, FileStart)]
    ends = [item for item in items if isinstance(item, FileEnd)]
    heads = [item for item in items if isinstance(item, EntityRow) and item.rang == 1]
    for file, start, end, head in zip(files, starts, ends, heads, strict=True):
        assert (file.ordinal, file.octet, file.fin, file.edition) == (
            start.ordinal,
            start.octet,
            end.octet,
            end.edition,
        )
        assert (file.empreinte, file.enregistrements) == (end.empreinte, end.enregistrements)
        assert file.complet == end.complet
        assert {nom for nom, value in file.enveloppe.items() if value is not None} <= head.valeurs.keys()
        assert all(value in (None, head.valeurs[nom]) for nom, value in file.enveloppe.items())
        if file.prouve:
            inside = [one for one in expected if one.place.octet and start.octet < one.place.octet < end.octet]
            assert [one.code for one in inside] == [ALONE]
    return files


@each("path", dict(list(FIXTURES.items())[::4]))
def test_the_findings_of_one_return_in_four_are_those_of_the_record_checks(path: Path) -> None:
    prove_equal(path.read_bytes(), SMALL)


@pytest.mark.long
@pytest.mark.parametrize("window", [SMALL, LARGE])
@each("path", FIXTURES)
def test_the_findings_of_a_return_are_those_of_the_record_checks(path: Path, window: int) -> None:
    prove_equal(path.read_bytes(), window)


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.parent.name)
def test_other_families_are_judged_by_records(path: Path) -> None:
    assert not any(file.prouve for file in prove_equal(path.read_bytes()))


def test_a_sound_return_is_proved_by_columns_alone() -> None:
    sound = 0
    for path in FIXTURES.values():
        data = path.read_bytes()
        try:
            _, findings, files, account = by_column(data, LARGE)
        except UnreadableError:
            continue
        if {one.code for one in findings} == {ALONE} and account.relais is None:
            sound += 1
            assert all(file.prouve for file in files), path
    assert sound > 20


WINDOWS = [pytest.param((4000,), id="one"), pytest.param((SMALL, 4000, LARGE), id="all", marks=pytest.mark.long)]


@pytest.mark.parametrize("windows", WINDOWS)
def test_many_files_follow_each_other(windows: tuple[int, ...]) -> None:
    """Sound ones and others, in any order: what one leaves behind says nothing of the next."""
    contents = [path.read_bytes() for path in FIXTURES.values()]
    regular = [data for data in contents if data and by_verdict(data)]
    random = Random(7)
    for window in windows:
        prove_equal(b"".join(random.choices(regular, k=12)), window)
    files = prove_equal(regular[0] + b"\r\n" + b"".join(regular) + b"junk")
    assert len(files) > len(regular)


def by_verdict(data: bytes) -> bool:
    """Whether columns read all of it."""
    try:
        return by_column(data, LARGE)[3].relais is None
    except UnreadableError:
        return False


CHANGED = [
    ("payee/retour.noe", 5),
    pytest.param("payee/retour.noe", 1, marks=pytest.mark.long),
    pytest.param("forfait-et-retenue/retour.noe", 1, marks=pytest.mark.long),
    pytest.param("ancienne-generation/retour.noe", 1, marks=pytest.mark.long),
]


@pytest.mark.parametrize(("name", "step"), CHANGED)
def test_any_byte_may_be_another(name: str, step: int) -> None:
    """One byte in so many of a small file, each in its turn."""
    data = FIXTURES[name].read_bytes()
    for place in range(0, len(data), step):
        other = b"7" if data[place : place + 1] != b"7" else b"3"
        prove_equal(data[:place] + other + data[place + 1 :])
