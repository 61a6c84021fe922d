"""The schema of the input document, XSD 1.0, generated from the model: an element is an attribute of a class.

`python -m fse.norm.codec.xml.xsd` prints it; the committed `schemas/xsd/factures.xsd` is its output, and a test proves
it. Nothing may be said here that the model does not say, save one thing: free text (`Texte`) has no alphabet in the
schema, because the reader transliterates it before it validates.
"""

from __future__ import annotations

from lxml import etree

from fse.norm.codec.xml.parsing import ROOT, Element
from fse.norm.codec.xml.scalars import scalar
from fse.norm.model.attributes import Attribute, input_attributes
from fse.norm.model.constraints import Chiffres, Constraint
from fse.norm.model.saisie import DocumentFactures

_XS = "http://www.w3.org/2001/XMLSchema"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HEADER = (
    "Factures d'un cabinet, à contrôler, sécuriser ou émettre avec fse. Flux de test ou de démonstration seulement : "
    "fse n'est pas un logiciel agréé. Montants en centimes entiers, dates AAAA-MM-JJ. Les noms s'écrivent librement : "
    "ils sont translittérés en capitales sans accent, et c'est le résultat qui doit tenir dans la longueur. "
    "Engendré par « python -m fse.norm.codec.xml.xsd » : ne pas modifier à la main."
)


def _xs(name: str) -> str:
    return f"{{{_XS}}}{name}"


def _document(node: Element, text: str) -> None:
    annotation = etree.SubElement(node, _xs("annotation"))
    documentation = etree.SubElement(annotation, _xs("documentation"))
    documentation.set(_LANG, "fr")
    documentation.text = text


class _Schema:
    """The schema being written: elements first, then each class and each named simple type, once."""

    def __init__(self) -> None:
        self.node = etree.Element(_xs("schema"), nsmap={"xs": _XS})
        self.node.set("elementFormDefault", "unqualified")
        self.node.set("version", "1.0")
        _document(self.node, _HEADER)
        self._classes: dict[type, None] = {}
        self._simple: dict[str, Constraint] = {}

    def write(self) -> None:
        root = etree.SubElement(self.node, _xs("element"), name=ROOT)
        _document(root, "Un document : les factures d'un cabinet.")
        self._members(etree.SubElement(root, _xs("complexType")), DocumentFactures)
        written: set[type] = set()
        while waiting := [cls for cls in self._classes if cls not in written]:
            for cls in waiting:
                self._members(etree.SubElement(self.node, _xs("complexType"), name=cls.__name__), cls)
                written.add(cls)
        for name in sorted(self._simple):
            node = etree.SubElement(self.node, _xs("simpleType"), name=name)
            _document(node, f"Attendu : {self._simple[name].expected}.")
            self._restriction(node, self._simple[name])

    def _members(self, parent: Element, cls: type) -> None:
        sequence = etree.SubElement(parent, _xs("sequence"))
        for attribute in input_attributes(cls):
            self._member(parent if attribute.as_attribute else sequence, attribute)

    def _member(self, parent: Element, attribute: Attribute) -> None:
        """An `xs:element` or `xs:attribute`, with its documentation and its type."""
        node = etree.SubElement(parent, _xs("attribute" if attribute.as_attribute else "element"), name=attribute.tag)
        if attribute.as_attribute:
            node.set("use", "required")
        elif attribute.repeated is not None:
            maximum = attribute.repeated.maximum
            node.set("minOccurs", str(attribute.repeated.minimum))
            node.set("maxOccurs", "unbounded" if maximum is None else str(maximum))
        elif not attribute.required:
            node.set("minOccurs", "0")
        _document(node, attribute.libelle + _default(attribute))
        if attribute.modele is not None:
            node.set("type", attribute.modele.__name__)
            self._classes[attribute.modele] = None
        elif attribute.constraint is not None:
            self._type(node, attribute.constraint)

    def _type(self, node: Element, constraint: Constraint) -> None:
        name = self._named(constraint)
        if name is not None:
            node.set("type", name)
        elif scalar(constraint).facets(constraint):
            self._restriction(etree.SubElement(node, _xs("simpleType")), constraint)
        else:
            node.set("type", scalar(constraint).base)

    def _named(self, constraint: Constraint) -> str | None:
        name = scalar(constraint).name(constraint)
        if name is not None:
            self._simple[name] = constraint
        if isinstance(constraint, Chiffres) and constraint.non_nul:
            self._named(Chiffres(constraint.longueur))
        return name

    def _restriction(self, node: Element, constraint: Constraint) -> None:
        base: str | None = scalar(constraint).base
        if isinstance(constraint, Chiffres) and constraint.non_nul:
            base = self._named(Chiffres(constraint.longueur))
        restriction = etree.SubElement(node, _xs("restriction"), base=base or "")
        for facet, value in scalar(constraint).facets(constraint):
            etree.SubElement(restriction, _xs(facet)).set("value", value)


def _default(attribute: Attribute) -> str:
    if attribute.repeated is not None or not attribute.has_default or attribute.default is None:
        return "."
    value = attribute.default
    return f" ; à défaut : {str(value).lower() if isinstance(value, bool) else value}."


def generate() -> bytes:
    """The schema as UTF-8 XML, ending with a newline: the same bytes for the same model."""
    schema = _Schema()
    schema.write()
    return etree.tostring(schema.node, encoding="UTF-8", xml_declaration=True, pretty_print=True)


if __name__ == "__main__":
    print(generate().decode("utf-8"), end="")  # noqa: T201
