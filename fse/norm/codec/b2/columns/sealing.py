"""Seals of many invoices and lots: the profile of `fse.norm.codec.b2.seals`, on contiguous bytes.

The digest is one call of `hashlib` an invoice; its text is written for all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from fse.norm.codec.b2.columns.building import build_records_of
from fse.norm.codec.b2.columns.shapes import LENGTH, Bytes, FactureColumns, Frozen, Longs
from fse.norm.codec.b2.seals import (
    ALPHABET,
    BITS_A_CHARACTER,
    SEAL_BYTES,
    SEAL_CHARACTERS,
    ZONES,
    digest,
    lot_message,
)

_LETTERS = np.frombuffer(ALPHABET, np.uint8)
_WEIGHTS = 1 << np.arange(BITS_A_CHARACTER - 1, -1, -1, dtype=np.uint8)


def freeze_columns(factures: FactureColumns) -> Frozen:
    """The sealed records of these invoices: what `freeze_facture` makes of each, one after the other.

    Raises `BuildError` as `build_records_of`.
    """
    return seal_factures(build_records_of(factures))


def seal_factures(built: Frozen) -> Frozen:
    """The same invoices with their seals, written in place in their records 5, whose zones are blank."""
    content = built.content.reshape(-1).data
    edges = (built.starts * LENGTH).tolist()
    seals = texts_of([content[start:end] for start, end in pairwise(edges)])
    built.content[built.starts[1:] - 1, ZONES["5"]] = seals
    return built._replace(seals=seals)


def seal_lots(headers: Bytes, trailers: Bytes, seals: Bytes, cuts: Longs) -> None:
    """Writes the seals of lots in their records 6 (lots, 128), whose zones are blank; `seals` (n, 32) of invoices."""
    edges = cuts.tolist()
    messages = [
        lot_message(header.tobytes(), seals[start:end].tobytes(), trailer.tobytes())
        for header, trailer, start, end in zip(headers, trailers, edges, edges[1:], strict=False)
    ]
    trailers[:, ZONES["6"]] = texts_of(messages)


def texts_of(messages: Iterable[bytes | memoryview]) -> Bytes:
    """The seals of these messages: uint8 (n, 32)."""
    joined = b"".join([digest(message).digest()[:SEAL_BYTES] for message in messages])
    bits = np.unpackbits(np.frombuffer(joined, np.uint8)).reshape(-1, SEAL_CHARACTERS, BITS_A_CHARACTER)
    seals: Bytes = _LETTERS[bits @ _WEIGHTS]
    return seals
