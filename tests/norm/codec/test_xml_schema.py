"""The published schema is the model's, it is XSD 1.0 for two validators, and every element is documented in French."""

import subprocess
import sys
from dataclasses import replace
from functools import cache

import pytest
import xmlschema
from hypothesis import given, settings
from lxml import etree

from fse.base import resources
from fse.base.errors import BuildError
from fse.norm.codec.xml import build
from fse.norm.codec.xml.scalars import scalar
from fse.norm.codec.xml.xsd import generate
from fse.norm.model import DocumentFactures
from fse.norm.model.constraints import Montant
from tests.strategies import input_strategy_for, secured_strategy_for

XS = "{http://www.w3.org/2001/XMLSchema}"


def test_the_committed_schema_is_fresh():
    """To refresh it: python -m fse.norm.codec.xml.xsd > schemas/xsd/factures.xsd"""
    assert resources.read_bytes("xsd/factures.xsd") == generate()


def test_the_module_prints_it():
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-W", "error", "-m", "fse.norm.codec.xml.xsd"],
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.replace(b"\r\n", b"\n") == generate()


def test_every_element_and_attribute_is_documented():
    root = etree.fromstring(generate())
    named = [*root.iter(f"{XS}element"), *root.iter(f"{XS}attribute")]
    assert len(named) > 60
    assert [node.get("name") for node in named if not node.findtext(f"{XS}annotation/{XS}documentation")] == []


@cache
def validators() -> tuple[etree.XMLSchema, xmlschema.XMLSchema10]:
    """Of two libraries, of the schema that the model gives now."""
    return etree.XMLSchema(etree.fromstring(generate())), xmlschema.XMLSchema10(generate().decode())


@settings(max_examples=settings().max_examples // 2)
@given(input_strategy_for(DocumentFactures))
def test_two_validators_accept_what_is_built(document):
    libxml2, python = validators()
    root = etree.fromstring(build(document))
    libxml2.assertValid(root)
    assert not list(python.iter_errors(root))


def test_what_securing_gives_cannot_be_written_as_an_input():
    @settings(max_examples=5)
    @given(secured_strategy_for(DocumentFactures).filter(lambda one: one.factures))
    def refused(document):
        with pytest.raises(BuildError) as caught:
            build(document)
        assert caught.value.code == "saisie.hors_saisie"

    refused()


@settings(max_examples=settings().max_examples // 2)
@given(input_strategy_for(DocumentFactures))
def test_the_same_document_is_the_same_bytes(document):
    assert build(document) == build(replace(document))


def test_a_constraint_without_xml_is_refused():
    with pytest.raises(TypeError, match="signed"):
        scalar(Montant(3, signe=True))
    with pytest.raises(TypeError, match="object"):
        scalar(object())
