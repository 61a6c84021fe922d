"""The input document, from the model to bytes: UTF-8, indented, the same bytes for the same document.

The law: `read(build(document)) == (document, [])`. What has no value is left out; a default is written.
"""

from __future__ import annotations

from lxml import etree

from fse.base.errors import BuildError
from fse.norm.codec.xml.parsing import ROOT, Element
from fse.norm.codec.xml.scalars import scalar
from fse.norm.model.attributes import Attribute, attributes
from fse.norm.model.saisie import DocumentFactures


def build(document: DocumentFactures) -> bytes:
    """The XML of a document. Raises `BuildError` for a secured invoice: a document holds inputs only."""
    root = etree.Element(ROOT)
    _fill(root, document)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _fill(element: Element, item: object) -> None:
    cls: type = type(item)
    for attribute in attributes(cls):
        value = getattr(item, attribute.nom)
        if attribute.not_input:
            refuse_secured(attribute, value)
        elif attribute.inline:
            _fill(element, value)
        elif attribute.as_attribute:
            element.set(attribute.tag, _text(attribute, value))
        elif value is not None:
            for one in value if attribute.repeated else (value,):
                _append(element, attribute, one)


def _append(element: Element, attribute: Attribute, value: object) -> None:
    child = etree.SubElement(element, attribute.tag)
    if attribute.modele is not None:
        _fill(child, value)
    else:
        child.text = _text(attribute, value)


def _text(attribute: Attribute, value: object) -> str:
    assert attribute.constraint is not None
    return scalar(attribute.constraint).format(value, attribute.constraint)


def refuse_secured(attribute: Attribute, value: object) -> None:
    """Nothing for an attribute that an input does not carry, when it is at its default. Else raises `BuildError`."""
    if value != attribute.default:
        raise BuildError(
            "saisie.hors_saisie",
            f"L'attribut {attribute.nom} est donné par la sécurisation : un document de saisie ne le porte pas.",
            action="Écrire la saisie telle qu'elle était avant la sécurisation.",
            lieu=attribute.nom,
        )
