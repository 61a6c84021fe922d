"""Columns and the records that the record codec makes of them row by row: equal, or the test fails."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from fse.base.errors import BuildError
from fse.norm.layout import Field, Layout
from fse.norm.layout.columns import build_records
from fse.norm.layout.columns.faces.kinds import FACES
from fse.norm.layout.kinds import KINDS
from tests.norm.layout.columns.generating import text_of

Columns = Mapping[str, Sequence[Any]]
"""The values of n rows by field name, `None` for a null."""


def by_record(layout: Layout, rows: int, columns: Columns) -> list[bytes] | tuple[int, BuildError]:
    """The records of these rows; or the first row, from 1, that is refused, and its refusal."""
    records = []
    for row in range(rows):
        try:
            records.append(layout.build({nom: column[row] for nom, column in columns.items()}))
        except BuildError as refusal:
            return row + 1, refusal
    return records


def arrow(layout: Layout, columns: Columns) -> dict[str, Any]:
    """The same values in Arrow arrays of the types that fields are read to."""
    return {
        nom: pa.array(column, FACES[layout.champ(nom).genre].type(layout.champ(nom))) for nom, column in columns.items()
    }


def prove_built(layout: Layout, rows: int, columns: Columns, arrays: Mapping[str, Any] | None = None) -> bool:
    """Both codecs write these rows alike, or refuse them alike. True when they are written."""
    arrays = arrow(layout, columns) if arrays is None else arrays
    expected = by_record(layout, rows, columns)
    if isinstance(expected, list):
        records = build_records(layout, rows, arrays)
        assert (records.shape, records.flags.c_contiguous) == ((rows, layout.longueur), True)
        assert [record.tobytes() for record in records] == expected
        return True
    row, refusal = expected
    with pytest.raises(BuildError, match=re.escape(refusal.message)) as found:
        build_records(layout, rows, arrays)
    assert (found.value.code, found.value.action) == (refusal.code, refusal.action)
    assert found.value.lieu == f"{refusal.lieu}, ligne {row}"
    return False


def value_of(field: Field, random: Random) -> Any:
    """A value that this field takes, its extremes and nothing included."""
    if field.genre == "jour":
        return date(1980 + random.randrange(100), 2, 28)
    if field.genre == "montant_signe":
        return 10 * random.randrange(-(10 ** (field.longueur - 4)), 10 ** (field.longueur - 4))
    return KINDS[field.genre].parse(text_of(field, random), field)


def may_be_missing(field: Field) -> bool:
    """A field that is written when nothing is given for it."""
    return field.constante is not None or field.defaut is not None or _written_when_missing(field)


def _written_when_missing(field: Field) -> bool:
    return field.zeros == "absent" or field.genre in ("texte", "code", "blanc")


def wrong_value_of(field: Field, random: Random) -> Any:
    """A value that its Arrow type holds, and that this field may well refuse."""
    width = field.longueur
    if field.genre in ("entier", "montant", "montant_signe"):
        return random.choice([-1, 0, 10**width, -(10**width), 2**63 - 1, -(2**63)])
    if field.genre == "decimal":
        return random.choice([Decimal(-1), Decimal(0), 1 - Decimal(10 ** (width - field.decimales))])
    if field.genre in ("date", "jour"):
        return random.choice(NO_DAYS)
    word = "".join(random.choices("AZ09é\xff", k=width - 1))
    strange = ["A\n", "\x7f", "Œ", "€" * width, "²" * width, "0" * width, "A" * width, "N"]
    return random.choice([word, word + "AA", "é" * width, " A", "A ", "0A", "", *strange])


NO_DAYS = [date(1, 1, 1), date(1970, 1, 1), date(1979, 12, 31), date(2080, 1, 1), date(9999, 12, 31)]
"""Days whose year two digits cannot tell."""
