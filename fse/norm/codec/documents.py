"""An input document in any of its writings, recognised by its first character that is not blank."""

from __future__ import annotations

import re

from fse.base.findings import Finding, finding
from fse.norm.codec import xml
from fse.norm.model.saisie import DocumentFactures

_OPENING = re.compile(rb"[\xef\xbb\xbf\xfe\xff\0\t\n\r ]*([<\[{]?)")
"""Blanks, the marks and zeros of UTF-8 and UTF-16, then what tells the writing."""


def read(data: bytes) -> tuple[DocumentFactures | None, list[Finding]]:
    """The document, or `None` when a finding is an error; and all that was noticed. Codes `saisie.*`."""
    opening = _OPENING.match(data)
    assert opening is not None
    if not opening[1]:
        return None, [finding("saisie.format_inconnu")]
    if opening[1] == b"<":
        document, found = xml.read(data)
    else:
        from fse.norm.codec import json  # late: a practice writes in one way

        document, found = json.read(data)
    if document is not None and not (document.factures or document.derogatoires):
        return None, [*found, finding("saisie.document_vide")]
    return document, found
