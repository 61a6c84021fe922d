"""A hand assembler and a hand reader of B2, working from the tables of positions only, with totals and seals redone.

Sources: B2 1 (128 bytes, no separator), 3.1 to 3.20 (records), 3.5 (where the letter of a sub-record stands),
`precisions.md` "Defaults of the B2 fields" (what the counts of 5, 6 and 999 include), architecture decision 15 (seals:
ours, the official ones are not public). An edition is named as in `positions_b2`; `ps-2003` when nothing is said.
Amounts are integer centimes. Every function raises ValueError on what it cannot read: an oracle does not tolerate.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence

from tests.oracles.positions import B2_LENGTH, PS_KEY, Position
from tests.oracles.positions_b2 import B2_EDITIONS
from tests.oracles.positions_b2_shared import LETTER

SEALED_ZONE = slice(96, 128)  # 97-128 of types 5 and 6
FIRST = "ps-2003"


def record_type(record: bytes) -> str:
    """`000`, `999`, or the first character; sub-records of 2, 3 and 4 carry their letter too (`4M`, `2S`).

    It is the capital at 36, else (norm CP) at 39, where the main records have digits or blanks.
    """
    if record[:3] in (b"000", b"999"):
        return record[:3].decode("ascii")
    places = (35, 38) if record[:1] in (b"2", b"3", b"4") else ()
    letters = [chr(record[place]) for place in places if chr(record[place]) in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    return record[:1].decode("latin-1") + "".join(letters[:1])


def edition_of(rows: Sequence[bytes]) -> str:
    """The edition of a file: 62-65 of 000 (norm), then 82-87 of the first lot header; the older one when it is unknown.

    `062005` is the newer one of each norm (B2 3.3 and 8: read as a month and a year).
    """
    norm = rows[0][61:65]
    newer = (
        rows[1][:1] == b"1" and rows[1][81:87] == b"062005" and rows[1][78:80] == (b"CP" if norm == b"CP  " else b"PS")
    )
    older, recent = ("cp-2003", "cp-2005-e") if norm == b"CP  " else ("ps-2003", "ps-2005")
    return recent if newer else older


def positions_of(type_: str, edition: str = FIRST) -> list[Position]:
    """Table of a record type in an edition; a sub-record that it does not have is known by its key and its letter."""
    tables = B2_EDITIONS[edition]
    if type_ not in tables and len(type_) == 2 and type_[0] in tables:
        return [*PS_KEY, LETTER]
    if type_ not in tables:
        raise ValueError(f"no table for a record {type_!r} in {edition}")
    return tables[type_]


def is_known(type_: str, edition: str) -> bool:
    """True when the edition has a table for this type."""
    return type_ in B2_EDITIONS[edition]


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


def assemble(type_: str, texts: Mapping[str, str], edition: str = FIRST) -> bytes:
    """A record of 128 bytes from texts of exactly the width of their fields; the type (and sub-type) is put here.

    `assemble("4", {"quantite": "01"})`, `assemble("3S", {"sequence": "01"}, "cp-2003")`.
    """
    own = {"type": type_[0], "sous_type": type_[1]} if len(type_) == 2 else {"type": type_}
    return lay(positions_of(type_, edition), B2_LENGTH, own | dict(texts))


def cut(record: bytes, edition: str = FIRST) -> dict[str, str]:
    """The fields of a record as raw texts, in the order of the positions."""
    if len(record) != B2_LENGTH:
        raise ValueError(f"a record has {B2_LENGTH} bytes, not {len(record)}")
    table = positions_of(record_type(record), edition)
    return {name: record[start - 1 : end].decode("latin-1") for name, start, end in table}


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


def _sum(rows: Iterable[bytes], kind: str, name: str, edition: str) -> int:
    return sum(number(cut(row, edition)[name]) for row in rows if record_type(row) == kind)


def invoice_totals(rows: Sequence[bytes], edition: str = FIRST) -> dict[str, int]:
    """What record 5 of these records 2 to 5 must say.

    PS layout: main records 4 only, insured share = fees - AMO. Norm CP: records 3 and 4, sub-records in, the amounts of
    each kind of line apart; the insured share is not there, no source says what it adds up (B2 3.20 and 14, 7).
    """
    if edition.startswith("cp-"):
        return {
            "nombre_lignes": sum(record_type(row)[0] in "34" for row in rows),
            "total_base_sejour": _sum(rows, "3", "base", edition),
            "total_amo_sejour": _sum(rows, "3", "montant_amo", edition),
            "total_honoraires": _sum(rows, "4", "honoraires", edition),
            "total_amo_honoraires": _sum(rows, "4", "montant_amo", edition),
            "total_amc_sejour": _sum(rows, "3", "montant_amc", edition),
            "total_amc_honoraires": _sum(rows, "4", "montant_amc", edition),
            "total_facture_sejour": _sum(rows, "3", "montant_facture", edition),
        }
    honoraires, amo = _sum(rows, "4", "honoraires", edition), _sum(rows, "4", "montant_amo", edition)
    return {
        "nombre_lignes": sum(record_type(row) == "4" for row in rows),
        "total_honoraires": honoraires,
        "total_amo": amo,
        "part_assure": honoraires - amo,
        "total_amc": _sum(rows, "4", "montant_amc", edition),
    }


def lot_totals(rows: Sequence[bytes], edition: str = FIRST) -> dict[str, int]:
    """What record 6 of these records 1 to 6 must say: invoices, lines and records 2 (sub-records in), sums.

    In the norm CP lines are records 3 and 4, and their amounts are added up together (our reading).
    """
    kinds = [record_type(row) for row in rows]
    stays = _sum(rows, "3", "montant_facture", edition) if "3" in kinds else 0
    return {
        "nombre_factures": kinds.count("2"),
        "nombre_lignes": sum(kind.startswith(("3", "4")) for kind in kinds),
        "nombre_entetes": sum(kind.startswith("2") for kind in kinds),
        "nombre_totaux": kinds.count("5"),
        "total_honoraires": stays + _sum(rows, "4", "honoraires", edition),
        "total_amo": sum(_sum(rows, kind, "montant_amo", edition) for kind in ("3", "4")),
        "total_amc": sum(_sum(rows, kind, "montant_amc", edition) for kind in ("3", "4")),
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
    edition = edition_of(rows)
    checks = [(run, invoice_totals(run, edition)) for run in invoices(rows)]
    checks += [(run, lot_totals(run, edition)) for run in lots(rows)]
    checks += [(rows, file_totals(rows))]
    wrong: list[str] = []
    for run, expected in checks:
        written = cut(run[-1], edition)
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
