"""DER sequences taken apart and put together again: a PKCS#12 without the sum that guards it is still one."""

from __future__ import annotations


def der_items(data: bytes) -> list[bytes]:
    """The items of a DER sequence."""
    place, _ = _der_content(data, 0)
    found = []
    while place < len(data):
        start, length = _der_content(data, place)
        found.append(data[place : start + length])
        place = start + length
    return found


def der_sequence(items: list[bytes]) -> bytes:
    """A DER sequence of items, of 256 to 65535 bytes."""
    body = b"".join(items)
    return b"\x30\x82" + len(body).to_bytes(2, "big") + body


def _der_content(data: bytes, place: int) -> tuple[int, int]:
    """Where the content of the item at `place` starts, and its length."""
    length = data[place + 1]
    if length < 128:
        return place + 2, length
    start = place + 2 + (length & 127)
    return start, int.from_bytes(data[place + 2 : start], "big")
