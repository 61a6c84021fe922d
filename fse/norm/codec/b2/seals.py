"""Seals of an FSE and of a lot: our open profile of the certification zones (architecture, decision 15).

The official content of these zones is not public. Ours is the base32 text (32 characters) of the first 160 bits of
a SHA-256. A seal is an unkeyed digest: it locates a change, it proves nothing; the signature of the lot does.
The profile stands alone in this module so that an approved one can take its place.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from fse.norm.layout import CHARSET, Layout, load_edition

EDITION = load_edition("b2", "ps-2003")
_ZONE = "certification"
_SEAL_BYTES = 20


def facture_seal(records: Sequence[bytes]) -> str:
    """Seal of an invoice: over its records in order, the zone of its record 5 blank."""
    return _seal(*records[:-1], _blank(records[-1], EDITION.layouts["5"]))


def lot_seal(header: bytes, factures: Sequence[str], trailer: bytes) -> str:
    """Seal of a lot: over its record 1, the seals of its invoices in order, its record 6 with the zone blank."""
    seals = (seal.encode(CHARSET) for seal in factures)
    return _seal(header, *seals, _blank(trailer, EDITION.layouts["6"]))


def seal_facture(records: Sequence[bytes]) -> list[bytes]:
    """The records of an invoice with the seal in the zone of its record 5."""
    return [*records[:-1], _write(records[-1], EDITION.layouts["5"], facture_seal(records))]


def seal_lot(header: bytes, factures: Sequence[str], trailer: bytes) -> bytes:
    """The record 6 of a lot with the seal in its zone."""
    return _write(trailer, EDITION.layouts["6"], lot_seal(header, factures, trailer))


def read_seal(record: bytes) -> str:
    """What stands in the zone of a record 5 or 6, as it stands; never raises on its content."""
    layout = EDITION.layouts["5"]
    return record[layout.span(_ZONE)].decode(CHARSET)


def _seal(*parts: bytes) -> str:
    digest = hashlib.sha256(b"".join(parts)).digest()
    return base64.b32encode(digest[:_SEAL_BYTES]).decode("ascii")


def _blank(record: bytes, layout: Layout) -> bytes:
    return _write(record, layout, " " * (layout.champ(_ZONE).longueur))


def _write(record: bytes, layout: Layout, text: str) -> bytes:
    zone = layout.span(_ZONE)
    return record[: zone.start] + text.encode(CHARSET) + record[zone.stop :]
