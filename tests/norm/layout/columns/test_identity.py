"""What is read by columns and written by columns is what stood in the file: every plain record of every fixture."""

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fse.base.errors import UnreadableError
from fse.norm.layout import EntityRow, FileStart, read
from fse.norm.layout.columns import Batch, build_records, kept_fields, read_columns

ROOT = Path(__file__).resolve().parents[4]
FIXTURES = {
    str(path.relative_to(ROOT / "fixtures")): path
    for path in sorted((ROOT / "fixtures").rglob("*"))
    if path.suffix in (".b2", ".noe", ".arl")
}


def plain_records(data: bytes) -> dict[tuple[int, int], bytes]:
    """The bytes of the records without a finding, by the ordinal of their file and their rank."""
    found: dict[tuple[int, int], bytes] = {}
    ordinal = 0
    for item in read([data]):
        if isinstance(item, FileStart):
            ordinal = item.ordinal
        elif isinstance(item, EntityRow) and item.layout is not None and not item.constats:
            found[ordinal, item.rang] = item.brut
    return found


def prove_identity(path: Path) -> Counter[str]:
    """The columns of each plain record of a file give its very bytes back. How many there are, by type."""
    data = path.read_bytes()
    expected = plain_records(data)
    proved: Counter[str] = Counter()
    for item in read_columns(lambda: [data]):
        if not isinstance(item, Batch):
            continue
        places = list(zip(*(item.rows.column(nom).to_pylist() for nom in ("fichier", "rang")), strict=True))
        plain = [row for row, place in enumerate(places) if place in expected]
        rows: Any = item.rows.take(pa.array(plain, pa.int64()))
        columns = {field.nom: rows.column(field.nom) for field in kept_fields(item.layout)}
        records = build_records(item.layout, len(plain), columns)
        for row, record in zip(plain, records, strict=True):
            assert record.tobytes() == expected.pop(places[row]), (path, places[row], item.layout.type)
        proved[f"{item.edition.famille} {item.layout.type}"] += len(plain)
    assert not expected, "a plain record is in no batch"
    return proved


@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.long)])
def test_fixtures(step: int) -> None:
    """One in so many; every one in the long lane."""
    proved: Counter[str] = Counter()
    for path in list(FIXTURES.values())[::step]:
        try:
            proved += prove_identity(path)
        except UnreadableError:
            continue
    assert sum(proved.values()) > 3000 // step
    assert {"b2 2", "b2 4", "b2 5", "noemie 102", "noemie 103", "noemie 990", "arl LOT"} <= proved.keys()
