"""ISO 20022 camt.053: statements of a bank account in XML. Any version from 001.02 to 001.13, of which it reads a few
elements that all have. No document type, no entity, no network, a bounded size.
"""

from __future__ import annotations

_MARK = b"camt.053.001."
_BLANK = b"\xef\xbb\xbf \t\r\n"


def recognises(window: bytes) -> bool:
    """True when these first bytes of a content are of an XML document that names camt.053."""
    return window.lstrip(_BLANK).startswith(b"<") and _MARK in window
