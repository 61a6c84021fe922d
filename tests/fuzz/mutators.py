"""Damage that reaches deep: inputs are cut in the pieces of their format, and pieces are dropped, repeated, swapped…

A mutator takes an input and a `Random`, and gives another input; the same `Random` gives the same. It is shared by
the bounded lane of the test suite and by the guided fuzzer. Each format says how it is cut and put together again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from lxml import etree

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
ODD_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 10**9, 10**30, 1.5, float("nan"), float("inf"), [], {}),
    *(
        "",
        " ",
        "0",
        "00",
        "é",
        "\u0130",
        "\ufdfa",
        "\ufeff",
        "\ud800",
        "\0",
        "A" * 30,
        "9" * 30,
        "2024-02-30",
        "<",
        "&",
    ),
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


# --- trees ------------------------------------------------------------------------------------------------------------


def by_json_tree(otherwise: Mutator) -> Mutator:
    """Values of a JSON document dropped, repeated, exchanged, made odd; what is no JSON goes `otherwise`."""

    def mutate(data: bytes, chance: Random) -> bytes:
        try:
            tree = json.loads(data)
        except (ValueError, RecursionError):
            return otherwise(data, chance)
        for _ in range(chance.randint(1, 3)):
            _change_json(tree, chance)
        changed = json.dumps(tree, ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 1]))
        written = changed.encode("utf-8", "surrogatepass")
        return otherwise(written, chance) if chance.random() < 0.3 else written

    return mutate


def _nodes(tree: Any) -> list[tuple[Any, Any]]:
    """Every place of a tree, as its container and its key."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        found += [(node, key) for key in keys]
        waiting += [node[key] for key in keys]
    return found


def _change_json(tree: Any, chance: Random) -> None:
    places = _nodes(tree)
    if not places:
        return
    (node, key), (other, other_key) = chance.choice(places), chance.choice(places)
    match chance.randrange(6):
        case 0:
            del node[key]
        case 1:
            node[key] = chance.choice(ODD_VALUES)
        case 2:
            node[key] = json.loads(json.dumps(other[other_key]))
        case 3:
            node[key] = chance.choice([[node[key]], {"x": node[key]}, str(node[key]), [node[key]] * 3])
        case 4 if isinstance(node, list):
            node += [node[key]] * chance.choice([1, 2, 30])
        case _ if isinstance(node, dict):
            node[chance.choice(["x", "é", "2951099126000", str(other_key)])] = node.pop(key)


def by_xml_tree(otherwise: Mutator) -> Mutator:
    """Elements of an XML document dropped, repeated, moved, renamed, filled with odd text."""

    def mutate(data: bytes, chance: Random) -> bytes:
        try:
            root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError:
            return otherwise(data, chance)
        for _ in range(chance.randint(1, 3)):
            _change_xml(root, chance)
        written = etree.tostring(root, encoding=chance.choice(["UTF-8", "UTF-8", "ISO-8859-1", "UTF-16"]))
        return otherwise(written, chance) if chance.random() < 0.3 else written

    return mutate


def _change_xml(root: Any, chance: Random) -> None:
    elements = list(root.iter(etree.Element))
    element, other = chance.choice(elements), chance.choice(elements)
    text = str(chance.choice([*ODD_VALUES, other.text])).translate({0: "", 0xD800: "", 0xFEFF: ""})
    match chance.randrange(7):
        case 0 if element.getparent() is not None:
            element.getparent().remove(element)
        case 1 if element.getparent() is not None:
            for _ in range(chance.choice([1, 1, 2, 30])):
                element.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))
        case 2:
            element.text = text
        case 3:
            element.tag = chance.choice([other.tag, "x", "{urn:x}facture"])
        case 4:
            element.set(chance.choice(["reference", "mode", "x"]), text)
        case 5:
            other.append(etree.fromstring(etree.tostring(element, with_tail=False)))
        case _:
            element.tail = text
