"""The published JSON Schema is the model's, and a validator that is not our reader takes and refuses what it does."""

import json
import re
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from fse.base import resources
from fse.norm.codec import documents
from fse.norm.codec.json import build
from fse.norm.codec.json.schema import generate
from fse.norm.model import DocumentFactures
from tests.norm.codec.test_json_and_xml import FULL, leaves_of_json
from tests.strategies import input_strategy_for

SCHEMA = json.loads(generate())
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
ANNOTATIONS = {"description", "default", "format", "title", "$schema", "$defs"}


def valid(node, schema):
    """Whether JSON Schema 2020-12 takes this, as far as our schema uses it; `KeyError` on any other keyword."""
    rules = {
        "$ref": lambda wanted: valid(node, SCHEMA["$defs"][wanted.removeprefix("#/$defs/")]),
        "type": lambda wanted: type(node) is TYPES[wanted],
        "properties": lambda wanted: all(valid(node[key], wanted[key]) for key in wanted if key in node),
        "required": lambda wanted: all(key in node for key in wanted),
        "additionalProperties": lambda wanted: wanted or all(key in schema["properties"] for key in node),
        "items": lambda wanted: all(valid(one, wanted) for one in node),
        "minItems": lambda wanted: len(node) >= wanted,
        "maxItems": lambda wanted: len(node) <= wanted,
        "minLength": lambda wanted: len(node) >= wanted,
        "maxLength": lambda wanted: len(node) <= wanted,
        "minimum": lambda wanted: node >= wanted,
        "maximum": lambda wanted: node <= wanted,
        "pattern": lambda wanted: re.search(wanted, node, re.ASCII) is not None,
        "enum": lambda wanted: node in wanted,
    }
    keywords = sorted(schema.keys() - ANNOTATIONS, key=lambda keyword: keyword != "type")
    return all(rules[keyword](schema[keyword]) for keyword in keywords)


def test_the_committed_schema_is_fresh():
    """To refresh it: make schemas"""
    assert resources.read_bytes("json/factures.schema.json") == generate()


def test_the_module_prints_it():
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-W", "error", "-m", "fse.norm.codec.json.schema"],
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.replace(b"\r\n", b"\n") == generate()


def test_every_key_is_documented_and_every_reference_is_defined():
    def visit(node):
        for name, member in node.get("properties", {}).items():
            assert member.get("description") or member["items"]["description"], name
            reference = member.get("items", member).get("$ref")
            assert reference is None or reference.removeprefix("#/$defs/") in SCHEMA["$defs"]
            yield name

    names = [name for node in (SCHEMA, *SCHEMA["$defs"].values()) for name in visit(node)]
    assert len(names) > 60
    assert set(SCHEMA["$defs"]) == set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(SCHEMA)))


@given(input_strategy_for(DocumentFactures))
def test_what_is_built_is_valid(document):
    assert valid(json.loads(build(document)), SCHEMA)


LEAVES = [value for value, _ in leaves_of_json(json.loads(build(FULL)))]
OTHER = st.one_of(
    st.sampled_from([None, True, 0, -1, 10**9, "", "0", "00", "1.50", "2026-02-28", "T", [], {}]),
    st.sampled_from(LEAVES),
    st.text("0A", min_size=1, max_size=30),
)


@given(st.integers(0, len(LEAVES) - 1), OTHER)
def test_a_changed_document_is_read_when_it_is_valid_but_for_bounds_of_a_text(rank, value):
    tree = json.loads(build(FULL))
    list(leaves_of_json(tree))[rank][1](value)
    _, found = documents.read(json.dumps(tree).encode())
    refused = {one.code for one in found if one.is_error}
    if valid(tree, SCHEMA):
        assert refused <= {"saisie.hors_bornes"}
    else:
        assert refused
