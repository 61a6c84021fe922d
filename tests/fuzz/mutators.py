"""Damage that reaches deep: inputs are cut in the pieces of their format, and pieces are dropped, repeated, swapped…

A mutator takes an input and a `Random`, and gives another input; the same `Random` gives the same. It is shared by
the bounded lane of the test suite and by the guided fuzzer. Each format says how it is cut and put together again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

Mutator = Callable[[bytes, Random], bytes]
Cut = Callable[[bytes], list[bytes]]
Join = Callable[[list[bytes]], bytes]

RECORD = 128
ODD_BYTES = [
    b"\r",
    b"\n",
    b"\r\n",
    b" ",
    b"@",
    b"0",
    b"9",
    b"A",
    b"\0",
    b"\xff",
    b"\x1a",
    b"\xe9",
    b"-",
    b"000",
    b"999",
]


def damage(data: bytes, chance: Random) -> bytes:
    """A few bytes changed, inserted, taken out or repeated anywhere."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        start = chance.randint(0, len(found))
        end = min(len(found), start + chance.choice([1, 1, 1, 2, 4, 16, RECORD - 1, RECORD, RECORD + 1]))
        match chance.randrange(6):
            case 0:
                found[start : start + 1] = bytes([chance.randrange(256)])
            case 1:
                odd = chance.choice(ODD_BYTES)
                found[start : start + len(odd)] = odd
            case 2:
                found[start:start] = chance.choice(ODD_BYTES)
            case 3:
                del found[start:end]
            case 4:
                found[start:start] = found[start:end]
            case 5:
                del found[start:]
    return bytes(found)


def overwrite(data: bytes, chance: Random) -> bytes:
    """A few bytes changed where they are: lengths written in the input stay true."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 3) if found else 0):
        place = chance.randrange(len(found))
        found[place] = chance.choice([found[place] ^ 1 << chance.randrange(8), chance.randrange(256), 0, 255])
    return bytes(found)


def by_pieces(cut: Cut, join: Join, seeds: Sequence[bytes]) -> Mutator:
    """Damage to whole pieces; other pieces come from the seeds, and so do parts of a piece at the same positions."""
    others = [piece for seed in seeds for piece in cut(seed)]

    def mutate(data: bytes, chance: Random) -> bytes:
        if chance.random() < 0.2:
            return damage(data, chance)
        pieces = cut(data)
        for _ in range(chance.randint(1, 4)):
            _change_pieces(pieces, chance.choice(others), chance)
        changed = join(pieces)
        return damage(changed, chance) if chance.random() < 0.3 else changed

    return mutate


def _change_pieces(pieces: list[bytes], other: bytes, chance: Random) -> None:
    if not pieces:
        pieces.append(other)
    rank, target = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    match chance.randrange(8):
        case 0:
            del pieces[rank : rank + chance.choice([1, 1, 2, 5])]
        case 1:
            pieces[rank:rank] = [pieces[rank]] * chance.choice([1, 1, 2, 30])
        case 2:
            pieces[rank], pieces[target] = pieces[target], pieces[rank]
        case 3:
            pieces.insert(target, pieces.pop(rank))
        case 4:
            pieces.insert(rank, other)
        case _:
            pieces[rank] = _change_piece(pieces[rank], other, chance)


def _change_piece(piece: bytes, other: bytes, chance: Random) -> bytes:
    start = chance.choice([0, chance.randint(0, len(piece))])
    match chance.randrange(4):
        case 0:
            part = other[start : start + chance.choice([1, 1, 3, 8, 40])]
        case 1:
            part = chance.choice(ODD_BYTES)
        case 2:
            return overwrite(piece, chance)
        case _:
            return damage(piece, chance)
    return piece[:start] + part + piece[start + len(part) :]


# --- how each format is cut -------------------------------------------------------------------------------------------


def records(data: bytes) -> list[bytes]:
    """Physical records of 128 bytes."""
    return [data[start : start + RECORD] for start in range(0, len(data), RECORD)]


def entities(data: bytes) -> list[bytes]:
    """The head, the entities of the stream with their terminators, the tail."""
    head, *middle, tail = records(data) if len(data) > 2 * RECORD else (data, b"")
    stream = b"".join(record[1:] for record in middle)
    return [head, *re.findall(rb"[^@]*@|[^@]+$", stream), tail]


def frame_entities(pieces: list[bytes]) -> bytes:
    """Entities in physical records again: a flag 0, then 1 for the last, and 127 bytes."""
    head, tail = pieces[0] if pieces else b"", pieces[-1] if len(pieces) > 1 else b""
    stream = b"".join(pieces[1:-1])
    payloads = [stream[start : start + RECORD - 1] for start in range(0, len(stream), RECORD - 1)] or [b""]
    framed = [b"0" + payload for payload in payloads[:-1]] + [b"1" + payloads[-1].ljust(RECORD - 1)]
    return head + b"".join(framed) + tail


def tokens(data: bytes) -> list[bytes]:
    """Words, blanks and signs of a text."""
    return re.findall(rb"[\w.-]+|\s+|.", data, re.DOTALL)


def lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)
