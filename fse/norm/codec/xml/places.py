"""Where an element stands, as a practice can find it: which invoice, and the path inside it.

A path never holds a value of the document; the reference of an invoice is shown only when it has the allowed shape.
"""

from __future__ import annotations

from lxml import etree

from fse.base.findings import Finding, Place, finding
from fse.base.identifiers.nir import reads_as_nir
from fse.norm.codec.xml.parsing import Element
from fse.norm.model.attributes import input_attributes
from fse.norm.model.saisie import DocumentFactures, Saisie

_TAG_SHOWN = 40
_FACTURE = next(item.tag for item in input_attributes(DocumentFactures) if item.modele is Saisie)
REFERENCE = "reference"
"""The attribute by which an invoice is named."""
_reference = next(item for item in input_attributes(Saisie) if item.nom == REFERENCE)
_is_reference = _reference.constraint.compile() if _reference.constraint else None


def collapse(text: str | None) -> str:
    """A value without the blanks around it and with single spaces inside: what the schema validates."""
    return " ".join((text or "").split())


def shown(tag: object) -> str:
    """The name of an element that someone else wrote, without namespace and not too long to print."""
    name = etree.QName(tag).localname if isinstance(tag, str) else "?"
    return name if len(name) <= _TAG_SHOWN else f"{name[:_TAG_SHOWN]}…"


def name_facture(reference: str, rang: int) -> str:
    """An invoice as it is named to a practice: its reference when that can be shown, else its rank."""
    if _is_reference is not None and _is_reference(reference) and not reads_as_nir(reference):
        return f"« {reference} »"
    return f"n° {rang} du document"


class Locator:
    """Names places of one document. The rank of each invoice is counted once."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._ranks = {facture: rang for rang, facture in enumerate(root.iterchildren(_FACTURE), start=1)}

    def find(self, code: str, element: Element, below: str = "", **values: object) -> Finding:
        """A finding at an element or at what stands (or should stand) `below` it: `nir`, `@mode`."""
        path, facture = self._path(element)
        champ = "/".join(step for step in (*path, below) if step)
        if facture is None:
            place = Place(type="document", champ=champ or shown(self._root.tag))
            lieu = f"Document, {place.champ}"
        else:
            place = Place(type="facture", rang=self._ranks[facture], champ=champ or _FACTURE)
            lieu = f"Facture {self._name(facture)}, {place.champ}"
        return finding(code, place, lieu=lieu, **values)

    def _path(self, element: Element) -> tuple[list[str], Element | None]:
        """The steps from the invoice (or from the root) down to the element."""
        steps: list[str] = []
        node = element
        while (parent := node.getparent()) is not None:
            if node in self._ranks:
                return steps[::-1], node
            steps.append(_step(node))
            node = parent
        return steps[::-1], None

    def _name(self, facture: Element) -> str:
        return name_facture(collapse(facture.get(_reference.tag)), self._ranks[facture])


def _step(node: Element) -> str:
    name = shown(node.tag)
    if name not in _REPEATED:
        return name
    return f"{name}[{sum(1 for _ in node.itersiblings(node.tag, preceding=True)) + 1}]"


def _repeated(cls: type) -> set[str]:
    found: set[str] = set()
    for item in input_attributes(cls):
        found |= {item.tag} if item.repeated else set()
        found |= _repeated(item.modele) if item.modele else set()
    return found


_REPEATED = _repeated(DocumentFactures)
