"""Returns read and matched by hand: numpy to Arrow (`reader`), then one statement of DuckDB.

A peer: what a skilled engineer writes to know which invoices are paid, when one shape of return and one shape of
invoice are all that matters. It finds the prestataire of each 102 in the 081 above it, sums the parts of a line,
joins lines with invoices, and gives counts and centimes. It keeps no row, no reject, no debt, no state of a part; it
knows no replacement, no agent paid for others, nothing done by hand, and takes an identifier for the prestataire by
its nine last characters.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.peers.handwritten import reader

_DIGITS = 9
_MATCH = """
SELECT
    CASE
        WHEN f.numero IS NULL THEN 'facture_inconnue'
        WHEN l.lot > 0 AND l.lot = f.numero_lot AND l.date_lot = f.date_lot THEN 'exacte'
        ELSE 'numero_unique'
    END AS classe,
    COUNT(*) AS lignes,
    CAST(SUM(l.paye) AS BIGINT) AS paye
FROM lignes l
LEFT JOIN read_parquet({paths}) f ON CAST(f.prestataire AS BIGINT) = l.prestataire AND f.numero = l.numero
GROUP BY ALL
"""


class Class(NamedTuple):
    """Lines of one class, and the centimes they were paid."""

    lignes: int
    paye: int


def match(returns: Iterable[Path], invoices: Iterable[Path]) -> dict[str, Class]:
    """Lines of these returns by class; `invoices` are Parquet files with the columns of `facture_emise`.

    Raises `ValueError` when a return is not as the reader expects.
    """
    batches = [_lines(path) for path in returns]
    with duckdb.connect() as connection:
        connection.register("lignes", pa.Table.from_batches(batches))
        rows = connection.execute(_MATCH.format(paths=[str(path) for path in invoices])).fetchall()
    return {name: Class(lines, paid) for name, lines, paid in rows}


def _lines(path: Path) -> Any:
    """The 102 of a return: prestataire and number as numbers, lot, day of the lot, sum of the parts."""
    tables: dict[int, list[Any]] = {81: [], 102: [], 198: [], 199: []}
    for table in reader.read(path):
        if table.type in tables:
            tables[table.type].append(table.rows)
    headers, lines = (
        _joined(tables[81], "lieu", "facture"),
        _joined(tables[102], "numero", "lot", "date_lot", "facture"),
    )
    ordinals = lines["facture"].to_numpy()
    paid = np.zeros(len(ordinals) + 1, np.int64)
    for kind in (198, 199):
        parts = _joined(tables[kind], "rembourse", "facture")
        if parts is not None:
            amounts = parts["rembourse"].to_numpy()
            paid += np.bincount(parts["facture"].to_numpy(), amounts, len(paid)).astype(np.int64)  # exact below 2^53
    places = np.array([int(text[-_DIGITS:]) for text in headers["lieu"].to_pylist()], np.int64)
    above = np.searchsorted(headers["facture"].to_numpy(), ordinals) - 1
    return pa.RecordBatch.from_pydict(
        {
            "prestataire": pa.array(places[above]),
            "numero": lines["numero"],
            "lot": lines["lot"],
            "date_lot": lines["date_lot"].cast(pa.int32()),
            "paye": pa.array(paid[1:]),
        }
    )


def _joined(batches: list[Any], *names: str) -> Any:
    """These columns of all batches, each as one array; `None` without batch."""
    if not batches:
        return None
    table = pa.Table.from_batches(batches).select(names).combine_chunks()
    return {name: table[name].chunk(0) if table[name].num_chunks else table[name].combine_chunks() for name in names}
