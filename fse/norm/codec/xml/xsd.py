"""The schema of the input document, XSD 1.0, generated from the model: an element is an attribute of a class.

`python -m fse.norm.codec.xml.xsd` prints it; the committed `schemas/xsd/factures.xsd` is its output, and a test proves
it. Nothing may be said here that the model does not say, save one thing: free text (`Texte`) has no alphabet in the
schema, because the reader transliterates it before it validates.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from fse.norm.model.attributes import Attribute, attributes, input_attributes
from fse.norm.model.constraints import (
    Chiffres,
    Code,
    CodeDroite,
    Constraint,
    Decimale,
    Entier,
    Jour,
    Logique,
    Montant,
    Motif,
    Texte,
)
from fse.norm.model.saisie import DocumentFactures

ROOT = "factures"
_XS = "http://www.w3.org/2001/XMLSchema"
_HEADER = (
    "Factures d'un cabinet, à contrôler, sécuriser ou émettre avec fse. Flux de test ou de démonstration seulement : "
    "fse n'est pas un logiciel agréé. Montants en centimes entiers, dates AAAA-MM-JJ, textes sans limite d'alphabet "
    "(ils sont translittérés en capitales sans accent ; c'est le résultat qui doit tenir dans la longueur). "
    "Ce fichier est engendré par « python -m fse.norm.codec.xml.xsd » : ne pas le modifier à la main."
)

_Facets = list[tuple[str, str]]


def _xs(name: str) -> str:
    return f"{{{_XS}}}{name}"


def simple_type(constraint: Constraint) -> tuple[str, _Facets]:
    """The built-in type and the facets (name, value) of a constraint. `TypeError` on a constraint unknown here."""
    match constraint:
        case Chiffres(longueur, False):
            return "xs:token", [("pattern", f"[0-9]{{{longueur}}}")]
        case Texte(maximum):
            return "xs:token", [("minLength", "1"), ("maxLength", str(maximum))]
        case CodeDroite(maximum):
            return "xs:token", [("maxLength", str(maximum)), ("pattern", "0*[1-9A-Z][0-9A-Z]*")]
        case Motif(regex):
            return "xs:token", [("pattern", regex)]
        case Code():
            return "xs:token", [("enumeration", valeur) for valeur in constraint.valeurs]
        case Entier(minimum, maximum):
            return "xs:nonNegativeInteger", _range(minimum, maximum) + [("pattern", "[0-9]{1,12}")]
        case Montant(_, False):
            return "xs:nonNegativeInteger", _range(0, constraint.maximum) + [("pattern", "[0-9]{1,12}")]
        case Decimale(_, decimales):
            point = rf"[0-9]{{1,12}}(\.[0-9]{{1,{decimales}}})?"
            return "xs:decimal", [*_range(constraint.minimum, constraint.maximum), ("pattern", point)]
        case Jour(first, last):
            days = _range(f"{first:04d}-01-01", f"{last:04d}-12-31")
            return "xs:date", [*days, ("pattern", "[0-9]{4}-[0-9]{2}-[0-9]{2}")]
        case Logique():
            return "xs:boolean", []
    raise TypeError(f"{type(constraint).__name__} has no place in an input document")


def _range(minimum: int | Decimal | str, maximum: int | Decimal | str) -> _Facets:
    return [("minInclusive", str(minimum)), ("maxInclusive", str(maximum))]


def _document(node: etree._Element, text: str) -> None:
    annotation = etree.SubElement(node, _xs("annotation"))
    documentation = etree.SubElement(annotation, _xs("documentation"))
    documentation.set("{http://www.w3.org/XML/1998/namespace}lang", "fr")
    documentation.text = text


def _restrict(parent: etree._Element, constraint: Constraint) -> None:
    node = etree.SubElement(parent, _xs("simpleType"))
    restriction = etree.SubElement(node, _xs("restriction"))
    if isinstance(constraint, Chiffres) and constraint.non_nul:
        _restrict(restriction, Chiffres(constraint.longueur))
        facets: _Facets = [("pattern", "0*[1-9][0-9]*")]
    else:
        base, facets = simple_type(constraint)
        restriction.set("base", base)
    for name, value in facets:
        etree.SubElement(restriction, _xs(name)).set("value", value)


def _member(parent: etree._Element, attribute: Attribute) -> None:
    """An `xs:element` or `xs:attribute`, with its documentation and its type."""
    node = etree.SubElement(parent, _xs("attribute" if attribute.as_attribute else "element"), name=attribute.tag)
    if attribute.as_attribute:
        node.set("use", "required")
    elif attribute.repeated is not None:
        maximum = attribute.repeated.maximum
        node.set("minOccurs", str(attribute.repeated.minimum))
        node.set("maxOccurs", "unbounded" if maximum is None else str(maximum))
    elif attribute.optional or attribute.has_default:
        node.set("minOccurs", "0")
    default = "" if attribute.default is None or not attribute.has_default else _default(attribute)
    _document(node, f"{attribute.libelle}{default}.")
    if attribute.modele is not None:
        node.set("type", attribute.modele.__name__)
    elif attribute.constraint is not None:
        _restrict(node, attribute.constraint)


def _default(attribute: Attribute) -> str:
    if attribute.repeated is not None:
        return ""
    value = attribute.default
    return f" ; à défaut : {str(value).lower() if isinstance(value, bool) else value}"


def _complex(parent: etree._Element, cls: type) -> None:
    found = input_attributes(cls)
    sequence = etree.SubElement(parent, _xs("sequence"))
    for attribute in found:
        _member(parent if attribute.as_attribute else sequence, attribute)


def _classes(cls: type) -> Iterator[type]:
    """The classes that have an element of their own below `cls`, each once, in the order of first use."""
    seen: dict[type, None] = {}

    def visit(outer: type) -> None:
        for attribute in input_attributes(outer):
            if attribute.modele is not None and attribute.modele not in seen:
                seen[attribute.modele] = None
                visit(attribute.modele)

    visit(cls)
    return iter(seen)


def generate() -> bytes:
    """The schema as UTF-8 XML, ending with a newline. The same bytes for the same model."""
    schema = etree.Element(_xs("schema"), nsmap={"xs": _XS})
    schema.set("elementFormDefault", "unqualified")
    schema.set("version", "1.0")
    _document(schema, _HEADER)
    root = etree.SubElement(schema, _xs("element"), name=ROOT)
    _document(root, "Un document : les factures d'un cabinet.")
    _complex(etree.SubElement(root, _xs("complexType")), DocumentFactures)
    for cls in _classes(DocumentFactures):
        _complex(etree.SubElement(schema, _xs("complexType"), name=cls.__name__), cls)
    return etree.tostring(schema, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def undocumented() -> list[str]:
    """The attributes of the document that have no French label: a schema must have none."""
    classes = [DocumentFactures, *_classes(DocumentFactures)]
    return [f"{cls.__name__}.{item.nom}" for cls in classes for item in attributes(cls) if not item.libelle]


if __name__ == "__main__":
    print(generate().decode("utf-8"), end="")  # noqa: T201
