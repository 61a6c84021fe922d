"""Seals of an FSE and of a lot: our open profile of the certification zones (architecture, decision 15).

The official content of these zones is not public. Ours is the base32 text (32 characters) of the first 160 bits of
a SHA-256. A seal is an unkeyed digest: it locates a change, it proves nothing; the signature of the lot does.
The profile stands alone in this module so that an approved one can take its place: which bytes are digested, how, and
where the text stands. `fse.norm.codec.b2.columns.sealing` writes many at once from the same definitions.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from fse.norm.layout import CHARSET, load_edition

EDITION = load_edition("b2", "ps-2003")
_ZONE = "certification"
SEALED = ("5", "6")
"""The records that carry a seal: the end of an invoice, the end of a lot."""
ZONES = {type: EDITION.layouts[type].span(_ZONE) for type in SEALED}
"""Where the seal stands in its record. It is digested blank."""
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
"""Base32 (RFC 4648): five bits a character, the first ones first."""
BITS_A_CHARACTER = 5
SEAL_BYTES = 20
SEAL_CHARACTERS = 8 * SEAL_BYTES // BITS_A_CHARACTER
digest = hashlib.sha256


def facture_seal(records: Sequence[bytes]) -> str:
    """Seal of an invoice: over its records in order, the zone of its record 5 blank."""
    return _seal(b"".join([*records[:-1], _blank(records[-1], "5")]))


def lot_seal(header: bytes, factures: Sequence[str], trailer: bytes) -> str:
    """Seal of a lot: over its record 1, the seals of its invoices in order, its record 6 with the zone blank."""
    return _seal(lot_message(header, "".join(factures).encode(CHARSET), _blank(trailer, "6")))


def lot_message(header: bytes, seals: bytes, trailer: bytes) -> bytes:
    """What the seal of a lot digests. `seals`: the texts of its invoices, one after the other; `trailer` is blank."""
    return b"".join((header, seals, trailer))


def seal_facture(records: Sequence[bytes]) -> list[bytes]:
    """The records of an invoice with the seal in the zone of its record 5."""
    return [*records[:-1], _write(records[-1], "5", facture_seal(records))]


def seal_lot(header: bytes, factures: Sequence[str], trailer: bytes) -> bytes:
    """The record 6 of a lot with the seal in its zone."""
    return _write(trailer, "6", lot_seal(header, factures, trailer))


def read_seal(record: bytes) -> str:
    """What stands in the zone of a record 5 or 6, as it stands; never raises on its content."""
    return record[ZONES["5"]].decode(CHARSET)


def _seal(message: bytes) -> str:
    return base64.b32encode(digest(message).digest()[:SEAL_BYTES]).decode("ascii")


def _blank(record: bytes, type: str) -> bytes:
    zone = ZONES[type]
    return _write(record, type, " " * (zone.stop - zone.start))


def _write(record: bytes, type: str, text: str) -> bytes:
    zone = ZONES[type]
    return record[: zone.start] + text.encode(CHARSET) + record[zone.stop :]
