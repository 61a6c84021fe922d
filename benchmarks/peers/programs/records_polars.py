"""polars on fixed records: one column of lines, cut into fields, each cast strictly to its type; lazily, in parallel.

Positions as in `records_construct.py`.
"""

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl
from serving import serve

RECORD = 128


def cut(name, start, length, kind):
    field = pl.col("line").str.slice(start, length)
    if kind == "number":
        field = field.cast(pl.Int64, strict=True)
    elif kind == "day":
        field = pl.when(field != "000000").then(field).str.to_date("%y%m%d", strict=True)
    else:
        field = field.str.strip_chars_end(" ")
    return field.alias(name)


def main(path, positions):
    cuts = {}
    for type, fields in json.loads(positions.read_text()).items():
        start, cuts[type] = 0, []
        for name, length, kind in fields:
            cuts[type].append(cut(name, start, length, kind))
            start += length

    def work():
        lines = np.frombuffer(path.read_bytes(), f"S{RECORD}")[1:-1].astype(f"U{RECORD}")
        frame = pl.LazyFrame({"line": lines})
        found = [frame.filter(pl.col("line").str.starts_with(type)).select(fields) for type, fields in cuts.items()]
        return dict(zip(cuts, pl.collect_all(found), strict=True))

    serve(
        work,
        lambda tables: {
            "records": sum(len(one) for one in tables.values()),
            "centimes": int(tables["4"]["montant_amo"].sum()),
        },
    )


main(Path(sys.argv[1]), Path(sys.argv[2]))
