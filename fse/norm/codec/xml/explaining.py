"""Why the schema refuses a document, in French and in full: one finding per thing to correct.

xmlschema says which elements are wrong and by which rule; its English reasons quote values, so they are never shown.
What stands or is missing is compared with the model; what a value should be is the model's own wording.
Imported only for a document already refused: xmlschema is slow to import.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import cast

from lxml import etree
from xmlschema.validators import (
    XMLSchema10,
    XMLSchemaChildrenValidationError,
    XMLSchemaDecodeError,
    XMLSchemaValidationError,
    XsdAttributeGroup,
    XsdFacet,
    XsdMaxInclusiveFacet,
    XsdMaxLengthFacet,
    XsdMinInclusiveFacet,
)

from fse.base import resources
from fse.base.findings import Finding, finding
from fse.norm.codec.xml.parsing import FINDINGS_MAX, ROOT, SCHEMA, Element
from fse.norm.codec.xml.places import Locator, collapse, shown
from fse.norm.model.attributes import Attribute, input_attributes
from fse.norm.model.saisie import DocumentFactures

ERRORS_MAX = 20 * FINDINGS_MAX
"""What the validator says of one document is looked at so far: it repeats itself."""

_VALUE = frozenset({"saisie.trop_long", "saisie.hors_bornes", "saisie.valeur_interdite"})


def explain(root: Element, parts: Iterable[Element], locator: Locator) -> list[Finding]:
    """The findings of a refused document, at least one, as the validator meets them. A wrong value is named once.

    `parts` hold its invoices, few at a time, each under a root of its own; those that are right may be left out.
    """
    if root.tag != ROOT:
        spaced = " (dans un espace de noms)" if etree.QName(root).namespace else ""
        return [finding("saisie.racine_inconnue", attendu=ROOT, trouve=shown(root.tag) + spaced)]
    found: dict[tuple[str, int | None, str | None], Finding] = {}
    answered: set[tuple[object, type]] = set()
    for count, (part, error) in enumerate(_errors(parts), start=1):
        whole = _whole_answer(error)
        for one in _findings(error, part, locator) if whole not in answered else ():
            kind = "valeur" if one.code in _VALUE else one.code
            found.setdefault((kind, one.place.rang, one.place.champ), one)
        if whole is not None:
            answered.add(whole)
        if len(found) >= FINDINGS_MAX or count >= ERRORS_MAX:
            return [*list(found.values())[:FINDINGS_MAX], finding("saisie.suite_non_listee", maximum=FINDINGS_MAX)]
    return list(found.values()) or [locator.find("saisie.xml_invalide", root)]


def _errors(parts: Iterable[Element]) -> Iterator[tuple[Element, XMLSchemaValidationError]]:
    for part in parts:
        for error in _schema().iter_errors(part, use_location_hints=False):
            yield part, error


def _whole_answer(error: XMLSchemaValidationError) -> tuple[object, type] | None:
    """What is answered in one go: all the children or all the keys of an element, of which each makes an error."""
    if isinstance(error, XMLSchemaChildrenValidationError) or isinstance(error.validator, XsdAttributeGroup):
        return error.elem, type(error.validator)
    return None


@cache
def _schema() -> XMLSchema10:
    return XMLSchema10(resources.read_text(SCHEMA), allow="none")


def _findings(error: XMLSchemaValidationError, root: Element, locator: Locator) -> Iterator[Finding]:
    element = root if error.elem is None else cast(Element, error.elem)
    attribute, cls = _model_of(element)
    if isinstance(error, XMLSchemaChildrenValidationError) and cls is not None:
        yield from _children(element, cls, locator)
    elif isinstance(error.validator, XsdAttributeGroup):
        yield from _keys(element, cls, locator)
    elif not isinstance(error, XMLSchemaDecodeError) and not isinstance(error.validator, XsdFacet):
        yield locator.find("saisie.xml_invalide", element)
    elif cls is not None:
        for key in _key_attributes(cls):
            if key.constraint and not key.constraint.compile()(collapse(element.get(key.tag))):
                yield locator.find("saisie.valeur_interdite", element, f"@{key.tag}", attendu=key.expected)
    elif attribute is not None:
        yield _value(error, attribute, element, locator)


def _model_of(element: Element) -> tuple[Attribute | None, type | None]:
    """The attribute that the element writes and, when it holds an item, the class of the item."""
    tags = [element.tag, *(ancestor.tag for ancestor in element.iterancestors())]
    attribute: Attribute | None = None
    cls: type | None = DocumentFactures
    for tag in tags[-2::-1]:
        attribute = _child_attributes(cls).get(tag) if cls else None
        cls = attribute.modele if attribute else None
    return attribute, cls


@cache
def _child_attributes(cls: type) -> dict[str, Attribute]:
    return {item.tag: item for item in input_attributes(cls) if not item.as_attribute}


@cache
def _key_attributes(cls: type) -> tuple[Attribute, ...]:
    return tuple(item for item in input_attributes(cls) if item.as_attribute)


def _children(element: Element, cls: type, locator: Locator) -> Iterator[Finding]:
    """What is unknown, missing, too many or out of its order among the children."""
    expected = _child_attributes(cls)
    order = list(expected)
    counts = Counter(child.tag for child in element)
    for tag in sorted(counts.keys() - expected.keys()):
        yield locator.find("saisie.element_inconnu", element, shown(tag))
    for tag, attribute in expected.items():
        maximum = attribute.repeated.maximum if attribute.repeated else 1
        if counts[tag] == 0 and attribute.required:
            yield locator.find("saisie.element_absent", element, tag)
        elif maximum is not None and counts[tag] > maximum:
            yield locator.find("saisie.element_en_trop", element, tag, trouve=counts[tag], maximum=maximum)
    ranks = [order.index(child.tag) for child in element if child.tag in expected]
    for before, after in pairwise(ranks):
        if after < before:
            yield locator.find("saisie.element_mal_place", element, order[after], suivant=order[before])


def _keys(element: Element, cls: type | None, locator: Locator) -> Iterator[Finding]:
    """What is unknown or missing among the XML attributes."""
    expected = {item.tag for item in _key_attributes(cls)} if cls else set()
    for name in sorted(str(key) for key in element.attrib):
        if name not in expected and not name.startswith("{http://www.w3.org/2001/XMLSchema-instance}"):
            yield locator.find("saisie.element_inconnu", element, f"@{shown(name)}")
    for name in sorted(expected):
        if element.get(name) is None:
            yield locator.find("saisie.element_absent", element, f"@{name}")


def _value(error: XMLSchemaValidationError, attribute: Attribute, element: Element, locator: Locator) -> Finding:
    match error.validator:
        case XsdMaxLengthFacet(value=maximum):
            longueur = len(collapse(element.text))
            return locator.find("saisie.trop_long", element, longueur=longueur, maximum=maximum)
        case XsdMinInclusiveFacet() | XsdMaxInclusiveFacet():
            return locator.find("saisie.hors_bornes", element, attendu=attribute.expected)
    return locator.find("saisie.valeur_interdite", element, attendu=attribute.expected)
