"""A hand assembler and a hand reader of B2, PS layout, working from `positions` only, with totals and seals redone.

Sources: B2 1 (128 bytes, no separator), 3.1 to 3.6, 3.17, 3.20 (records), `precisions.md` "Defaults of the B2 fields"
(what the counts of 5, 6 and 999 include), architecture decision 15 (seals: ours, the official ones are not public).
Amounts are integer centimes. Every function raises ValueError on what it cannot read: an oracle does not tolerate.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence

from tests.oracles.positions import B2, B2_LENGTH, B2_SUB_RECORD, Position

SEALED_ZONE = slice(96, 128)  # 97-128 of types 5 and 6


def record_type(record: bytes) -> str:
    """`000`, `999`, or the first character; sub-records of 2 and 4 carry their letter too (`4M`, `2S`)."""
    if record[:3] in (b"000", b"999"):
        return record[:3].decode("ascii")
    letter = record[35:36].decode("latin-1").strip() if record[:1] in (b"2", b"4") else ""
    return record[:1].decode("latin-1") + letter


def positions_of(type_: str) -> list[Position]:
    """Table of a record type; a sub-record of 2 or 4 has only its key block and its letter."""
    if len(type_) == 2 and type_[0] in "24":
        return B2_SUB_RECORD
    if type_ not in B2:
        raise ValueError(f"no table for a record {type_!r}")
    return B2[type_]


def lay(table: Sequence[Position], length: int, texts: Mapping[str, str]) -> bytes:
    """`length` bytes: each text at the place its name has in the table, blanks elsewhere.

    A text has exactly the width of its field: padding is what the tests check, so nothing is padded here.
    """
    laid = bytearray(b" " * length)
    places = {name: (start, end) for name, start, end in table}
    for name, text in texts.items():
        if name not in places:
            raise ValueError(f"no field {name}")
        start, end = places[name]
        if len(text) != end - start + 1:
            raise ValueError(f"{name} takes {end - start + 1} characters, not {text!r}")
        laid[start - 1 : end] = text.encode("latin-1")
    return bytes(laid)


def assemble(type_: str, texts: Mapping[str, str]) -> bytes:
    """A record of 128 bytes from texts of exactly the width of their fields; the type (and sub-type) is put here.

    `assemble("4", {"quantite": "01"})`; `assemble("4M", …)` takes only the fields of the key block.
    """
    own = {"type": type_[0], "sous_type": type_[1]} if len(type_) == 2 else {"type": type_}
    return lay(positions_of(type_), B2_LENGTH, own | dict(texts))


def cut(record: bytes) -> dict[str, str]:
    """The fields of a record as raw texts, in the order of the positions."""
    if len(record) != B2_LENGTH:
        raise ValueError(f"a record has {B2_LENGTH} bytes, not {len(record)}")
    return {name: record[start - 1 : end].decode("latin-1") for name, start, end in positions_of(record_type(record))}


def records(data: bytes) -> list[bytes]:
    """The 128-byte records of a file, without the CR and LF that a mail tool may have put between two of them."""
    found: list[bytes] = []
    place = 0
    while place < len(data):
        if data[place] in b"\r\n":
            place += 1
            continue
        record = data[place : place + B2_LENGTH]
        if len(record) != B2_LENGTH:
            raise ValueError(f"{len(record)} bytes left at {place}: not a record")
        found.append(record)
        place += B2_LENGTH
    return found


def number(text: str) -> int:
    """An unsigned number; blanks are no value and count for zero (optional field)."""
    return int(text) if text.strip() else 0


def runs(rows: Iterable[bytes], first: str, last: str) -> list[list[bytes]]:
    """The runs of records from a type `first` to the next type `last`, both included (`1`..`6`, `2`..`5`)."""
    found: list[list[bytes]] = []
    opened: list[bytes] | None = None
    for row in rows:
        if record_type(row) == first:
            opened = []
        if opened is not None:
            opened.append(row)
            if record_type(row) == last:
                found.append(opened)
                opened = None
    return found


def lots(rows: Iterable[bytes]) -> list[list[bytes]]:
    """The lots of a file, each with its records 1 to 6."""
    return runs(rows, "1", "6")


def invoices(rows: Iterable[bytes]) -> list[list[bytes]]:
    """The invoices of a lot or of a file, each with its records 2 to 5."""
    return runs(rows, "2", "5")


def _sum(lines: Iterable[dict[str, str]], name: str) -> int:
    return sum(number(line[name]) for line in lines)


def _main_lines(rows: Iterable[bytes]) -> list[dict[str, str]]:
    return [cut(row) for row in rows if record_type(row) == "4"]


def invoice_totals(rows: Sequence[bytes]) -> dict[str, int]:
    """What record 5 of these records 2 to 5 must say: main records 4 only, insured share = fees - AMO."""
    lines = _main_lines(rows)
    honoraires, amo = _sum(lines, "honoraires"), _sum(lines, "montant_amo")
    return {
        "nombre_lignes": len(lines),
        "total_honoraires": honoraires,
        "total_amo": amo,
        "part_assure": honoraires - amo,
        "total_amc": _sum(lines, "montant_amc"),
    }


def lot_totals(rows: Sequence[bytes]) -> dict[str, int]:
    """What record 6 of these records 1 to 6 must say: invoices, all records 4, all records 2 (sub-records in), sums."""
    kinds = [record_type(row) for row in rows]
    lines = _main_lines(rows)
    return {
        "nombre_factures": kinds.count("2"),
        "nombre_lignes": sum(kind.startswith("4") for kind in kinds),
        "nombre_entetes": sum(kind.startswith("2") for kind in kinds),
        "nombre_totaux": kinds.count("5"),
        "total_honoraires": _sum(lines, "honoraires"),
        "total_amo": _sum(lines, "montant_amo"),
        "total_amc": _sum(lines, "montant_amc"),
    }


def file_totals(rows: Sequence[bytes]) -> dict[str, int]:
    """What record 999 of these records 000 to 999 must say: all records, both ends included, and the records 1."""
    return {
        "nombre_enregistrements": len(rows),
        "nombre_lots": sum(record_type(row) == "1" for row in rows),
    }


def wrong_totals(data: bytes) -> list[str]:
    """Every total of records 5, 6 and 999 of one logical file that differs from what its lines give."""
    rows = records(data)
    checks = [(run, invoice_totals(run)) for run in invoices(rows)]
    checks += [(run, lot_totals(run)) for run in lots(rows)]
    checks += [(rows, file_totals(rows))]
    wrong: list[str] = []
    for run, expected in checks:
        written = cut(run[-1])
        for name, value in expected.items():
            if number(written[name]) != value:
                wrong.append(f"{record_type(run[-1])}.{name}: written {written[name]}, recomputed {value}")
    return wrong


def _blanked(record: bytes) -> bytes:
    return record[: SEALED_ZONE.start] + b" " * 32 + record[SEALED_ZONE.stop :]


def _seal(content: bytes) -> str:
    return base64.b32encode(hashlib.sha256(content).digest()[:20]).decode("ascii")  # 160 bits make 32 characters


def seal_of_invoice(rows: Sequence[bytes]) -> str:
    """Seal of an FSE (32 characters) over its records 2 to 5, the zone 97-128 of the type 5 blank (decision 15)."""
    if record_type(rows[0]) != "2" or record_type(rows[-1]) != "5":
        raise ValueError("an invoice goes from its record 2 to its record 5")
    return _seal(b"".join(rows[:-1]) + _blanked(rows[-1]))


def seal_of_lot(record1: bytes, seals: Sequence[str], record6: bytes) -> str:
    """Seal of a lot over record 1, the seals of its FSE in order, record 6 with its zone 97-128 blank (decision 15)."""
    if record_type(record1) != "1" or record_type(record6) != "6":
        raise ValueError("a lot goes from its record 1 to its record 6")
    return _seal(record1 + "".join(seals).encode("ascii") + _blanked(record6))
