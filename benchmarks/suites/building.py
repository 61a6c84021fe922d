"""Building B2: columns to sealed records, lots and a file, beside the record codec and what cannot be avoided."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.pairs import Target, faster, interleave, longer, processor
from benchmarks.records import DAY, PRESTATAIRE, facture_of, lots_of
from benchmarks.results import Report
from fse.norm.codec.b2.building import build_file, freeze_facture
from fse.norm.codec.b2.columns import FactureColumns, build_lots, columns_of, file_chunks, freeze_columns
from fse.norm.model import EnteteFichier, Facture

COLUMNS = Target("at least", 50_000)
"""Invoices a second a core, before signing."""
MANY, FEW = 19_980, 1_000
"""A file has at most 999 lots."""
PER_LOT = 20


def run(rounds: int, scale: float = 1) -> Report:
    """Measure."""
    many, few = min(MANY, _twenties(MANY * scale)), _twenties(FEW * scale)
    report = Report(
        name="building",
        title="Building a B2 file",
        compared=f"Invoices to the bytes of a file: records 2 to 5 built, sealed, in lots of {PER_LOT} with their "
        f"records 1 and 6, between 000 and 999; no signature. Columns: {many:,} invoices given as Arrow tables. Record "
        f"by record: {few:,} invoices given as objects of the model. Both make the same bytes, compared before. "
        "Floors: the SHA-256 of each invoice, which the seal needs, and writing the bytes to a file. Processor time of "
        "one thread.",
        not_compared="Making the tables or the objects; signing, which is measured apart.",
        rounds=rounds,
    )
    factures = [facture_of(numero) for numero in range(1, many + 1)]
    tables = columns_of(factures)
    content = by_columns(tables)
    if by_columns(columns_of(factures[:few])) != by_records(factures[:few]):
        raise SystemExit("the two ways do not build the same bytes")
    slices = list(_slices(tables))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "envoi.b2"
        ways = {
            "bytes written": processor(partial(path.write_bytes, content), many),
            "SHA-256 of each invoice": processor(lambda: [hashlib.sha256(one).digest() for one in slices], many),
            "columns": processor(partial(by_columns, tables), many),
            "record by record": processor(partial(by_records, factures[:few]), few),
        }
        costs = interleave(ways, rounds)
    report.add_rates(costs, "invoices/s", {"columns": COLUMNS})
    report.ratios += [
        faster(costs, "columns", "record by record"),
        longer(costs, "columns", "SHA-256 of each invoice"),
        longer(costs, "columns", "bytes written"),
    ]
    return report


def by_columns(tables: FactureColumns) -> bytes:
    """The bytes of the file of these invoices."""
    count = tables.entetes.num_rows
    cuts = np.append(np.arange(0, count, PER_LOT), count)
    return b"".join(file_chunks(_entete(), build_lots(_lots(len(cuts) - 1), freeze_columns(tables), cuts)))


def by_records(factures: list[Facture]) -> bytes:
    """The same, one invoice after the other."""
    return build_file(_entete(), lots_of([freeze_facture(one) for one in factures]))


def _slices(tables: FactureColumns) -> Iterator[bytes]:
    frozen = freeze_columns(tables)
    for start, end in zip(frozen.starts[:-1], frozen.starts[1:], strict=True):
        yield frozen.content[start:end].tobytes()


def _entete() -> EnteteFichier:
    return EnteteFichier(
        type_emetteur="TP",
        numero_emetteur=PRESTATAIRE.zfill(14),
        type_destinataire="CT",
        numero_destinataire="998",
        identifiant_fichier="000001",
        date_creation=DAY,
    )


def _lots(count: int) -> pa.Table:
    """The headers that `lots_of` gives."""
    same = {
        "prestataire": PRESTATAIRE,
        "nom_prestataire": "DR CAMILLE ESSAI",
        "organisme_destinataire": "998",
        "date_lot": DAY,
        "certification": "S",
        "marque": "T",
        "type_facture": "F",
    }
    columns = {name: pa.repeat(pa.scalar(value), count) for name, value in same.items()}
    return pa.table({**columns, "numero_lot": pa.array(range(1, count + 1))})


def _twenties(invoices: float) -> int:
    return max(1, round(invoices / PER_LOT)) * PER_LOT
