"""A hand reader and a hand writer of our ARL, with its counts redone. It raises ValueError on what it cannot read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.oracles.b2_oracle import lay, records
from tests.oracles.positions_arl import ARL, ARL_LENGTH


def record_type(record: bytes) -> str:
    """The three characters that a record starts with."""
    return record[:3].decode("latin-1")


def assemble(type_: str, texts: Mapping[str, str]) -> bytes:
    """A record from texts of exactly the width of their fields; the type is put here."""
    return lay(ARL[type_], ARL_LENGTH, {"type": type_} | dict(texts))


def cut(record: bytes) -> dict[str, str]:
    """The fields of a record as raw texts."""
    table = ARL.get(record_type(record))
    if table is None or len(record) != ARL_LENGTH:
        raise ValueError(f"no table for {record[:3]!r} of {len(record)} bytes")
    return {name: record[start - 1 : end].decode("latin-1") for name, start, end in table}


def logical_files(data: bytes) -> list[list[bytes]]:
    """The records of each file, 000 to 999; CR and LF between two records are skipped."""
    found: list[list[bytes]] = []
    for record in records(data):
        if record_type(record) == "000":
            found.append([])
        if not found:
            raise ValueError(f"a file starts with 000, not {record[:3]!r}")
        found[-1].append(record)
    return found


def counts(rows: Sequence[bytes]) -> dict[str, int]:
    """What the 999 of these records 000 to 999 must say."""
    senses = [cut(row)["sens"] for row in rows if record_type(row) == "LOT"]
    return {
        "nombre_enregistrements": len(rows),
        "nombre_lots": len(senses),
        "positifs": senses.count("P"),
        "negatifs": senses.count("N"),
    }


def wrong_counts(data: bytes) -> list[str]:
    """Every count of a 999 that is not what its file holds; empty when all hold."""
    wrong = []
    for rows in logical_files(data):
        written = cut(rows[-1])
        if record_type(rows[-1]) != "999":
            raise ValueError("a file ends with 999")
        wrong += [
            f"999.{name}: {written[name]}, recomputed {n}"
            for name, n in counts(rows).items()
            if int(written[name]) != n
        ]
    return wrong
