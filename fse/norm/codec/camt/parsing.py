"""From bytes to the statements of a camt.053 document, safely. What is not one raises one typed error."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

from fse.base.errors import UnreadableError
from fse.norm.codec.statements import bounded
from fse.norm.codec.xml.parsing import Element

STATEMENTS_MAX = 5_000

_TOO_WIDE = re.compile(rb"<[^<]{8192}")
"""A tag, or the text behind it, longer than any of the standard. A tag of many attributes is what a parser compares two
by two: it takes a minute for a megabyte."""

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-9]|1[0-3])")


class Statement(NamedTuple):
    """One `Stmt`, and the namespace of its elements, in braces, to put before their names."""

    element: Element
    namespace: str


def parse(chunks: Iterable[bytes]) -> list[Statement]:
    """The statements of a document, in order; a `Stmt` alone is one too, as the archive keeps it.

    Raises `UnreadableError`: `lecture.releve_trop_volumineux`, `lecture.releve_dtd` (a document type, hence entities),
    `lecture.releve_xml` (it is no XML), `lecture.releve_version` (no statement of a known version in it).
    """
    data = bounded(chunks)
    if b"<!DOCTYPE" in data:
        raise _error(
            "releve_dtd",
            "Ce relevé XML déclare un type de document ou des entités : il n'est pas lu.",
            "Le demander à la banque sous sa forme normale ; ne pas ouvrir ce fichier avec un autre logiciel.",
        )
    if _TOO_WIDE.search(data):
        raise _unreadable()
    root = _tree(data)
    namespace = etree.QName(root).namespace or ""
    if _NAMESPACE.fullmatch(namespace) is None:
        raise _version()
    prefix = f"{{{namespace}}}"
    if root.tag == f"{prefix}Stmt":
        return [Statement(root, prefix)]
    found = [Statement(one, prefix) for one in root.iterfind(f"{prefix}BkToCstmrStmt/{prefix}Stmt")]
    if not found or len(found) > STATEMENTS_MAX:
        raise _version()
    return found


def canonical(statement: Statement) -> bytes:
    """The statement alone, in canonical XML: the same text for the same content, which reads again by itself.

    Raises `UnreadableError` (`lecture.releve_xml`): it has no canonical form, its namespaces are not absolute.
    """
    try:
        return etree.tostring(statement.element, method="c14n", exclusive=True, with_comments=False, with_tail=False)
    except etree.C14NError:
        raise _unreadable() from None


def _tree(data: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise _unreadable()
    return root


def _unreadable() -> UnreadableError:
    return _error("releve_xml", "Ce relevé XML ne se lit pas.", "Le télécharger de nouveau à la banque.")


def _version() -> UnreadableError:
    return _error(
        "releve_version",
        "Ce document XML ne contient pas de relevé camt.053 d'une version connue (001.02 à 001.13).",
        "Demander à la banque le relevé de fin de journée, camt.053, ou le format CFONB 120.",
    )


def _error(code: str, message: str, action: str) -> UnreadableError:
    return UnreadableError(f"lecture.{code}", message, action=action)
