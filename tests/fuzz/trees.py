"""Damage to documents that are trees: values and elements dropped, repeated, exchanged, replaced by odd ones."""

from __future__ import annotations

import json
from copy import deepcopy
from random import Random
from typing import Any

from lxml import etree

from tests.fuzz.mutators import Mutator

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
                element.addnext(deepcopy(element))
        case 2:
            element.text = text
        case 3:
            element.tag = chance.choice([other.tag, "x", "{urn:x}facture"])
        case 4:
            element.set(chance.choice(["reference", "mode", "x"]), text)
        case 5:
            other.append(deepcopy(element))
        case _:
            element.tail = text
