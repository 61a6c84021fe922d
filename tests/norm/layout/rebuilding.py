"""The file that items come from, put together again: framing at its offsets, rows poured in order into the gaps."""

from collections.abc import Iterable

from fse.norm.layout import EntityRow, Framing, Item


def rebuild(items: Iterable[Item]) -> bytes:
    """The bytes of the file. Fails when a piece overlaps another, or when a row does not start where it says."""
    pieces = [item for item in items if isinstance(item, (EntityRow, Framing))]
    size = sum(len(piece.brut) for piece in pieces)
    data = bytearray(size)
    free = bytearray(b"\1" * size)
    for piece in pieces:
        if isinstance(piece, Framing):
            span = slice(piece.octet, piece.octet + len(piece.brut))
            assert all(free[span]), f"framing at {piece.octet} overlaps"
            data[span] = piece.brut
            free[span] = bytes(len(piece.brut))
    gaps = [place for place in range(size) if free[place]]
    poured = 0
    for piece in pieces:
        if isinstance(piece, EntityRow):
            assert gaps[poured] == piece.octet, f"row {piece.rang} says {piece.octet}, stands at {gaps[poured]}"
            for byte in piece.brut:
                data[gaps[poured]] = byte
                poured += 1
    assert poured == len(gaps)
    return bytes(data)


def in_chunks(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]
