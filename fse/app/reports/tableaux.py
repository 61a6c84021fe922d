"""Tables for an accountant: as CSV that French spreadsheets open, as Parquet for programs (extra `masse`)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from fse.base.errors import UsageError
from fse.base.resources import require

Genre = Literal["texte", "nombre", "montant", "date"]
Cellule = str | int | date | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell starts that a spreadsheet would compute: texts come from payers."""

_EUROS_DIGITS, _CENTIMES = 18, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tableau:
    """A table: `colonnes` are names and kinds, `lignes` their cells; amounts in centimes, `None` where none is known.

    `nom` is that of its files, `libelle` what it holds, in French.
    """

    nom: str
    libelle: str
    colonnes: tuple[tuple[str, Genre], ...]
    lignes: Sequence[tuple[Cellule, ...]]


def csv_bytes(tableau: Tableau) -> bytes:
    """Semicolons, UTF-8 with its mark, euros with a comma, days first: what a French spreadsheet reads by itself."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(nom for nom, _ in tableau.colonnes)
    for line in tableau.lignes:
        writer.writerow(_printed(genre, cell) for (_, genre), cell in zip(tableau.colonnes, line, strict=True))
    return text.getvalue().encode("utf-8-sig")


def has_parquet() -> bool:
    """Whether the extra that writes Parquet is there."""
    try:
        require("pyarrow", extra="masse")
    except UsageError:
        return False
    return True


def parquet_bytes(tableau: Tableau) -> bytes:
    """The same table: days are dates, amounts decimals of euros."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {
        "texte": pa.string(),
        "nombre": pa.int64(),
        "montant": pa.decimal128(_EUROS_DIGITS, _CENTIMES),
        "date": pa.date32(),
    }
    schema = pa.schema([(nom, kinds[genre]) for nom, genre in tableau.colonnes])
    columns = [
        pa.array([_stored(genre, line[place]) for line in tableau.lignes], kinds[genre])
        for place, (_, genre) in enumerate(tableau.colonnes)
    ]
    out = io.BytesIO()
    pq.write_table(pa.table(columns, schema=schema), out, compression="zstd")
    return out.getvalue()


def _printed(genre: Genre, cell: Cellule) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if genre == "montant" and isinstance(cell, int):
        return f"{_euros(cell)}".replace(".", ",")
    text = str(cell)
    return f"'{text}" if genre == "texte" and text.startswith(_FORMULA) else text


def _stored(genre: Genre, cell: Cellule) -> Any:
    return _euros(cell) if genre == "montant" and isinstance(cell, int) else cell


def _euros(centimes: int) -> Decimal:
    return Decimal(centimes).scaleb(-_CENTIMES)
