"""The input document, from bytes to the model: parse, transliterate, validate, build.

`read` accepts any bytes and answers with findings, never with another exception. A document that the schema refuses
is refused whole: half a document would be secured twice when it comes back corrected.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import chain, islice

from lxml import etree

from fse.base import resources
from fse.base.findings import Finding
from fse.norm.codec.xml.parsing import SCHEMA, TEXT_MAX, Element, parse
from fse.norm.codec.xml.places import Locator, collapse
from fse.norm.codec.xml.scalars import scalar
from fse.norm.model.alphabet import B2_TEXT, is_only_case, to_b2
from fse.norm.model.attributes import Attribute, attributes, input_attributes
from fse.norm.model.constraints import Texte
from fse.norm.model.saisie import DocumentFactures

_AT_ONCE = 1000
"""Invoices."""


def read(data: bytes) -> tuple[DocumentFactures | None, list[Finding]]:
    """The document, or `None` when a finding is an error; and all that was noticed. Codes `saisie.*`."""
    root = parse(data)
    if isinstance(root, Finding):
        return None, [root]
    locator = Locator(root)
    found = _transliterate(root, locator)
    parts = _split(root)
    wrong = (part for part in parts if not _schema().validate(part))
    if (first := next(wrong, None)) is not None:
        from fse.norm.codec.xml.explaining import explain  # late: it imports xmlschema, which is slow

        return None, found + explain(root, chain([first], wrong), locator)
    _join(root, parts)
    document = _build(DocumentFactures, root)
    assert isinstance(document, DocumentFactures)
    return document, found


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(resources.read_bytes(SCHEMA)))


def _split(root: Element) -> list[Element]:
    """The document in documents of few invoices: what is made of an error takes a time that grows with the others."""
    parts = []
    for _ in range((len(root) - 1) // _AT_ONCE):
        part = etree.Element(root.tag, {str(key): str(value) for key, value in root.attrib.items()})
        part.extend(list(islice(root, _AT_ONCE)))
        parts.append(part)
    return [*parts, root]


def _join(root: Element, parts: list[Element]) -> None:
    """Undo `_split`."""
    if len(parts) > 1:
        root.extend([child for part in parts for child in part])


# --- free text --------------------------------------------------------------------------------------------------------


@cache
def _text_tags() -> tuple[str, ...]:
    """The elements that hold free text, wherever they stand."""
    found: dict[str, None] = {}

    def visit(cls: type) -> None:
        for attribute in input_attributes(cls):
            if attribute.modele is not None:
                visit(attribute.modele)
            elif isinstance(attribute.constraint, Texte):
                found[attribute.tag] = None

    visit(DocumentFactures)
    return tuple(found)


def _transliterate(root: Element, locator: Locator) -> list[Finding]:
    """Puts free text into the B2 alphabet, in the tree, before its length is validated."""
    found = []
    for element in root.iter(*_text_tags()):
        text = element.text
        if text is None or len(element) or len(text) > TEXT_MAX or B2_TEXT.fullmatch(text):
            continue
        if not is_only_case(text):
            found.append(locator.find("saisie.transliteration", element))
        element.text = to_b2(text)
    return found


# --- the model --------------------------------------------------------------------------------------------------------

_Item = tuple[str, Callable[[Element], object], bool]
"""Attribute, how its element is read, and whether it is repeated."""


@cache
def _plan(cls: type) -> tuple[dict[str, _Item], tuple[Attribute, ...], tuple[Attribute, ...]]:
    """How to read a class: its child elements by tag, its XML attributes, and the items inlined in it."""
    children: dict[str, _Item] = {}
    for attribute in attributes(cls):
        if attribute.not_input or attribute.as_attribute or attribute.inline:
            continue
        children[attribute.tag] = (attribute.nom, _reader(attribute), attribute.repeated is not None)
    keys = tuple(attribute for attribute in attributes(cls) if attribute.as_attribute)
    inline = tuple(attribute for attribute in attributes(cls) if attribute.inline)
    return children, keys, inline


def _reader(attribute: Attribute) -> Callable[[Element], object]:
    if attribute.modele is not None:
        modele = attribute.modele
        return lambda element: _build(modele, element)
    assert attribute.constraint is not None
    parse_text = scalar(attribute.constraint).parse
    return lambda element: parse_text(collapse(element.text))


def _build(cls: type, element: Element) -> object:
    """The item that a valid element describes."""
    children, keys, inline = _plan(cls)
    values: dict[str, object] = {}
    repeats: dict[str, list[object]] = {}
    for child in element:
        item = children.get(child.tag)
        if item is None:
            continue
        nom, reader, repeated = item
        if repeated:
            repeats.setdefault(nom, []).append(reader(child))
        else:
            values[nom] = reader(child)
    for attribute in keys:
        assert attribute.constraint is not None
        values[attribute.nom] = scalar(attribute.constraint).parse(collapse(element.get(attribute.tag)))
    for attribute in inline:
        assert attribute.modele is not None
        values[attribute.nom] = _build(attribute.modele, element)
    return cls(**values, **{nom: tuple(items) for nom, items in repeats.items()})
