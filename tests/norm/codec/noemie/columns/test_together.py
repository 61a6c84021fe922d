"""Many contents read together say of each what it says alone."""

from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fse.base.errors import UnreadableError
from fse.norm.codec.noemie.columns import FichierLu, read_proved, read_together
from fse.norm.layout.columns import Account, Batch

ROOT = Path(__file__).resolve().parents[5]
CONTENTS = [path.read_bytes() for path in sorted((ROOT / "fixtures").rglob("*.noe"))]
Rows = list[tuple[str, dict[str, Any]]]


@cache
def alone(content: bytes) -> tuple[list[Any], list[Rows]]:
    """What is said of a content, and the rows of each of its files, in the order of their type and rank."""
    told: list[Any] = []
    rows: dict[int, Rows] = {}
    try:
        for item in read_proved(lambda: [content]):
            if isinstance(item, Batch):
                collect(item, rows)
            elif not isinstance(item, Account):
                told.append(item)
    except UnreadableError as error:
        told.append(error.code)
    return told, [rows.get(one.ordinal, []) for one in told if isinstance(one, FichierLu)]


def collect(batch: Batch, rows: dict[int, Rows]) -> None:
    for row in batch.rows.to_pylist():
        rows.setdefault(row.pop("fichier"), []).append((batch.layout.type, row))


def ordered(files: list[Rows]) -> list[Rows]:
    return [sorted(file, key=lambda one: one[1]["rang"]) for file in files]


def prove_each(contents: list[bytes]) -> None:
    told: list[list[Any]] = [[] for _ in contents]
    rows: dict[int, Rows] = {}
    owners: list[int] = []
    for item in read_together(contents):
        if isinstance(item, Batch):
            item.rows.validate(full=True)
            collect(item, rows)
        else:
            told[item.contenu].append(item.item.code if isinstance(item.item, UnreadableError) else item.item)
            owners += [item.contenu] if isinstance(item.item, FichierLu) else []
    for place, content in enumerate(contents):
        expected, files = alone(content)
        assert told[place] == expected
        found = [rows.get(number, []) for number, owner in enumerate(owners, start=1) if owner == place]
        assert ordered(found) == ordered(files)


@pytest.mark.long
def test_each_content_says_what_it_says_alone() -> None:
    prove_each(CONTENTS)
    prove_each([])


@pytest.mark.parametrize("times", [pytest.param(1, id="once"), pytest.param(4, id="often", marks=pytest.mark.long)])
def test_in_any_order_with_what_is_not_ours_among_them(times: int) -> None:
    random = Random(3)
    for _ in range(times):
        prove_each([*random.choices(CONTENTS, k=25), b"", b"%PDF-1.7"])
        prove_each(random.choices([one for one in CONTENTS if len(alone(one)[1]) > 0][:30], k=40))
