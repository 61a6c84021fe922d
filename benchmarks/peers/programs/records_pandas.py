"""pandas on fixed records: one column of lines, cut into fields, each converted to its type.

Positions as in `records_construct.py`.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from serving import serve

RECORD = 128


def cut(lines, start, length, kind):
    field = lines.str.slice(start, start + length)
    if kind == "number":
        return field.astype("int64")
    if kind == "day":
        return pd.to_datetime(field.where(field != "000000"), format="%y%m%d")
    return field.str.rstrip(" ")


def main(path, positions):
    types = json.loads(positions.read_text())

    def work():
        content = path.read_bytes()
        lines = pd.Series(np.frombuffer(content, f"S{RECORD}")[1:-1].astype(f"U{RECORD}"))
        found = {}
        for type, fields in types.items():
            own, start, columns = lines[lines.str.startswith(type)], 0, {}
            for name, length, kind in fields:
                columns[name] = cut(own, start, length, kind)
                start += length
            found[type] = pd.DataFrame(columns)
        return found

    serve(
        work,
        lambda tables: {
            "records": sum(len(one) for one in tables.values()),
            "centimes": int(tables["4"]["montant_amo"].sum()),
        },
    )


main(Path(sys.argv[1]), Path(sys.argv[2]))
