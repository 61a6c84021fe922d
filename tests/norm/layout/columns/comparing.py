"""The rows and findings of the record codec beside those of the columnar codec: equal, or the test fails."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest

from fse.base.errors import UnreadableError
from fse.base.findings import Finding
from fse.norm.layout import EntityRow, FileStart, Item, Unparsed, load_edition, read
from fse.norm.layout.columns import PLACE, Account, Batch, kept_fields, read_columns, schema_of
from tests.norm.layout.rebuilding import in_chunks

Rows = dict[tuple[str, str, str], list[dict[str, Any]]]
"""By (famille, edition, type), in order: each column by its name."""

WINDOW = 1 << 16


def cells_of(ordinal: int, row: EntityRow) -> dict[str, Any]:
    """An entity row as the table of its type holds it."""
    assert row.layout is not None
    place = (ordinal, row.rang, row.rang_parent, row.octet)
    values = {field.nom: row.valeurs[field.nom] for field in kept_fields(row.layout)}
    cells = {name: None if isinstance(value, Unparsed) else value for name, value in values.items()}
    return dict(zip((name for name, *_ in PLACE), place, strict=True)) | cells


def by_record(items: Iterable[Item]) -> tuple[Rows, list[Finding], int]:
    """Rows, findings, and how many rows no layout reads, of the items of the record codec."""
    rows: Rows = defaultdict(list)
    findings: list[Finding] = []
    ordinal, edition, unknown = 0, None, 0
    for item in items:
        if isinstance(item, FileStart):
            ordinal, edition = item.ordinal, item.edition
        elif isinstance(item, Finding):
            findings.append(item)
        elif isinstance(item, EntityRow):
            findings.extend(item.constats)
            if edition is None or item.layout is None:
                unknown += 1
            else:
                rows[edition.famille, edition.nom, item.type].append(cells_of(ordinal, item))
    return dict(rows), findings, unknown


@cache
def _schema(famille: str, edition: str, type: str) -> Any:
    found = load_edition(famille, edition)
    return schema_of(found, found.layouts[type])


def by_column(data: bytes, size: int = 1 << 16, window: int = WINDOW) -> tuple[Rows, list[Finding], Account]:
    """The same of the columnar codec, fed with chunks of `size` bytes; each batch is sound and has its schema."""
    rows: Rows = defaultdict(list)
    findings: list[Finding] = []
    account = None
    for item in read_columns(lambda: in_chunks(data, size), window):
        assert account is None, "the account comes last"
        if isinstance(item, Batch):
            item.rows.validate(full=True)
            assert item.rows.schema.equals(_schema(item.edition.famille, item.edition.nom, item.layout.type))
            assert item.rows.num_rows > 0
            rows[item.edition.famille, item.edition.nom, item.layout.type] += item.rows.to_pylist()
        elif isinstance(item, Finding):
            findings.append(item)
        else:
            account = item
    assert account is not None
    return dict(rows), findings, account


def prove_equal(data: bytes, size: int = 1 << 16, window: int = WINDOW) -> Account | None:
    """Both codecs say the same of these bytes. The account of the columnar codec; `None` when they are not ours."""
    try:
        rows, findings, unknown = by_record(read([data]))
    except UnreadableError as error:
        with pytest.raises(UnreadableError, match=re.escape(str(error))):
            by_column(data, size, window)
        return None
    found, column_findings, account = by_column(data, size, window)
    assert found.keys() == rows.keys(), account
    for key, expected in rows.items():
        assert found[key] == expected, (key, account)
    assert column_findings == findings, account
    assert account.inconnues == unknown
    assert account.lignes == {key: len(members) for key, members in rows.items()}
    return account
