"""The framing of a file whose records are already bytes, all at once: what `fse.norm.layout.frame` does of a list."""

from __future__ import annotations

import numpy as np

from fse.norm.layout.columns.faces.block import Bytes
from fse.norm.layout.edition import Edition

_ENVELOPE = 2
"""The physical records of a head and a tail."""


def pour(edition: Edition, head: bytes, entities: Bytes, tail: bytes) -> Bytes:
    """The bytes of one file, uint8 (m,): head, records, tail, framed as the manifest says.

    `entities` are the bytes of what stands between the two, one behind the other: uint8 (k,).
    Raises `ValueError` when the head or the tail is not a record of the edition.
    """
    length = edition.longueur
    if len(head) != length or len(tail) != length:
        raise ValueError(f"{edition.nom}: a head and a tail have {length} bytes")
    stream = edition.stream
    if stream is None:
        return np.concatenate([np.frombuffer(head, np.uint8), entities, np.frombuffer(tail, np.uint8)])
    records = physical_records(edition, len(entities))
    framed = np.empty((records, length), np.uint8)
    framed[0], framed[-1] = np.frombuffer(head, np.uint8), np.frombuffer(tail, np.uint8)
    content = framed[1:-1]
    content[:, 0] = stream.suite[0]
    content[-1, 0] = stream.dernier[0]
    whole, left = divmod(len(entities), length - 1)
    content[:whole, 1:] = entities[: len(entities) - left].reshape(whole, length - 1)
    if whole < len(content):
        content[-1, 1 : 1 + left] = entities[len(entities) - left :]
        content[-1, 1 + left :] = stream.bourrage[0]
    return framed.reshape(-1)


def physical_records(edition: Edition, size: int) -> int:
    """Physical records of a file, head and tail included, that holds `size` bytes of records between them."""
    if edition.stream is None:
        return size // edition.longueur + _ENVELOPE
    return max(1, -(-size // (edition.longueur - 1))) + _ENVELOPE
