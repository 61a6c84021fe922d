"""One model, two writings: nothing is lost between them, and what one refuses the other refuses for the same reason."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from fse.norm.codec import documents, xml
from fse.norm.codec.json import build
from fse.norm.model import DocumentFactures
from tests.strategies import input_strategy_for, strategy_for

DEMO = sorted((Path(__file__).parents[3] / "fixtures" / "demo").glob("*.xml"))


@given(input_strategy_for(DocumentFactures).filter(lambda one: one.factures or one.derogatoires))
def test_they_convert_to_one_another_without_loss(document):
    written = xml.build(document)
    from_xml, _ = documents.read(written)
    from_json, noticed = documents.read(build(from_xml))
    assert (from_json, noticed) == (document, [])
    assert xml.build(from_json) == written
    assert build(from_json) == build(document)


@pytest.mark.parametrize("rank", range(2))
def test_a_day_of_the_demo_in_json_is_the_same_day(rank):
    document, _ = documents.read(DEMO[rank].read_bytes())
    assert len(document.factures) > 3
    assert documents.read(build(document)) == (document, [])


def leaves_of_xml(root):
    """The texts of a document in its order: set one with its second item."""
    for element in root.iter():
        for name, value in element.items():
            yield value, lambda text, element=element, name=name: element.set(name, text)
        if not len(element):
            yield element.text, lambda text, element=element: setattr(element, "text", text)


def leaves_of_json(node):
    """The same of a JSON document."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, (dict, list)):
            yield from leaves_of_json(value)
        else:
            yield value, lambda text, key=key: node.__setitem__(key, text)


DAY, _ = documents.read(DEMO[0].read_bytes())
FULL = replace(DAY, factures=DAY.factures[:2])


def trees():
    return etree.fromstring(xml.build(FULL)), json.loads(build(FULL))


def test_every_value_stands_in_both_in_the_same_order():
    root, tree = trees()
    written = [value for value, _ in leaves_of_xml(root)]
    assert len(written) > 60
    assert written == [value if isinstance(value, str) else json.dumps(value) for value, _ in leaves_of_json(tree)]


TEXTS = [rank for rank, (value, _) in enumerate(leaves_of_json(trees()[1])) if isinstance(value, str)]
SPOILT = st.one_of(
    st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30),
    st.from_regex(r"[+-]?[0-9]{1,15}([.,][0-9]{0,4})?", fullmatch=True),
    st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]Z?", fullmatch=True),
    st.sampled_from(["", "true", "S", "00", "INF", "NaN", "-0", "1e3", "\u0130", "A" * 26, "\ufdfa", "0001"]),
)


@given(st.sampled_from(TEXTS), SPOILT)
def test_a_text_is_taken_or_refused_alike(rank, text):
    root, tree = trees()
    list(leaves_of_xml(root))[rank][1](text)
    list(leaves_of_json(tree))[rank][1](text)
    from_xml, noticed_in_xml = documents.read(etree.tostring(root, encoding="UTF-8"))
    from_json, noticed_in_json = documents.read(json.dumps(tree).encode())
    assert from_json == from_xml
    assert [one.code for one in noticed_in_json] == [one.code for one in noticed_in_xml]


def test_what_is_neither_is_said_to_be_neither():
    for data in (b"", b"  ", b"%PDF-1.7", b"000TP", b"cabinet;factures", b"\xff\xfe"):
        document, (found,) = documents.read(data)
        assert (document, found.code) == (None, "saisie.format_inconnu")


@pytest.mark.parametrize("before", [b"", b"\n \t", b"\xef\xbb\xbf"])
def test_blanks_and_a_mark_do_not_hide_the_writing(before):
    assert documents.read(before + build(FULL)) == (FULL, [])
    without_declaration = xml.build(FULL).split(b"\n", 1)[1]
    assert documents.read(before + without_declaration) == (FULL, [])


def test_text_in_utf_16_is_named_by_its_own_reader():
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        _, found = documents.read(build(FULL).decode().encode(encoding))
        assert {one.code for one in found} <= {"saisie.json_encodage", "saisie.json_illisible"}
    text = xml.build(FULL).decode().replace("UTF-8", "UTF-16")
    assert documents.read(text.encode("utf-16")) == (FULL, [])


def test_what_securing_gives_cannot_be_written_as_an_input():
    from fse.base.errors import BuildError

    @settings(max_examples=5)
    @given(strategy_for(DocumentFactures).filter(lambda one: one.factures and one.factures[0].facture.marque))
    def refused(document):
        with pytest.raises(BuildError) as caught:
            build(document)
        assert caught.value.code == "saisie.hors_saisie"

    refused()
