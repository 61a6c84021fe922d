"""From bytes to a tree, safely: no entity, no document type, no network, a bounded size. What fails is a finding."""

from __future__ import annotations

from lxml import etree

from fse.base.findings import Finding, finding

Element = etree._Element  # noqa: SLF001 - lxml gives the class of its elements no public name

ROOT = "factures"
"""The root element of a document."""

SCHEMA = "xsd/factures.xsd"
"""The published schema, a path of `resources`."""

SIZE_MAX = 64 * 2**20
"""Bytes of one document: some twenty thousand invoices. Bigger batches come in several documents."""

TEXT_MAX = 10_000
"""Characters of a text that is put into the B2 alphabet: a longer one is refused as it stands (one can make 18)."""

CHILDREN_MAX = 2_000
"""Elements in one element, twice what the fullest invoice holds; invoices in a document are as many as it can hold."""

KEYS_MAX = 100
"""Attributes of one element."""

FINDINGS_MAX = 500
"""Beyond, the document has one systematic fault: a last finding says that the list is cut."""


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )


def parse(data: bytes) -> Element | Finding:
    """The root element, or the finding that says why there is none. Never raises, whatever the bytes."""
    if len(data) > SIZE_MAX:
        return finding("saisie.trop_volumineux", maximum=SIZE_MAX // 2**20)
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        line, column = error.position
        return finding("saisie.xml_illisible", ligne=line or 1, colonne=column or 1)
    if root.getroottree().docinfo.internalDTD is not None:
        return finding("saisie.xml_dtd")
    return finding("saisie.xml_surcharge") if _is_crowded(root) else root


_crowded = etree.XPath(
    f"boolean(/*[*[not(self::facture)][{CHILDREN_MAX + 1}]]"
    f" | /*/*/descendant-or-self::*[*[{CHILDREN_MAX + 1}]] | /descendant::*[@*[{KEYS_MAX + 1}]])"
)


def _is_crowded(root: Element) -> bool:
    """Whether an element holds more than any can: to explain it would take a time that grows as the square."""
    try:
        return bool(_crowded(root))
    except etree.XPathEvalError:  # millions of elements
        return True
