"""construct alone: a compiled structure a record type, each field to its type, as one would write it without us.

Positions come from a JSON file: {record type: [[name, length, class]]}; classes `text`, `number`, `day` (AAMMJJ, zeros
are none). A file is records of 128 bytes; the first character tells the type.
"""

import json
import sys
from datetime import date
from pathlib import Path

from construct import Bytes, ExprAdapter, Struct, obj_
from serving import serve

RECORD = 128


def day(raw):
    return None if raw == b"000000" else date(2000 + int(raw[:2]), int(raw[2:4]), int(raw[4:]))


def text(raw):
    return raw.decode("latin-1").rstrip()


READ = {"text": text, "number": int, "day": day}


def field(length, kind):
    read = READ[kind]
    return ExprAdapter(Bytes(length), lambda obj, _: read(obj), obj_)


def main(path, positions):
    structures = {
        ord(type): Struct(*(name / field(length, kind) for name, length, kind in fields)).compile()
        for type, fields in json.loads(positions.read_text()).items()
    }

    def work():
        content = path.read_bytes()
        starts = range(RECORD, len(content) - RECORD, RECORD)
        return [structures[content[start]].parse(content[start : start + RECORD]) for start in starts]

    serve(
        work, lambda records: {"records": len(records), "centimes": sum(one.get("montant_amo", 0) for one in records)}
    )


main(Path(sys.argv[1]), Path(sys.argv[2]))
