"""Text that came from elsewhere, made safe to show, and names that are safe in any folder."""

from __future__ import annotations

import re
import unicodedata
from email.header import decode_header, make_header

_NAME_MAX = 100  # characters; a file system takes 255 bytes
_FORBIDDEN = re.compile(r'[<>:"|?*]')  # in file names on Windows


def clean_name(raw: str) -> str:
    r"""A name that is safe in any folder: no path, no control character, neither hidden nor reserved, 100 characters.

    >>> clean_name("../../etc/passwd"), clean_name("C:\\retours\\a.noe"), clean_name(".\x00"), clean_name("é.b2")
    ('passwd', 'a.noe', '', 'é.b2')
    """
    last = printable(raw).replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", " ".join(last.split()))).strip(" .")
    if len(name) > _NAME_MAX:
        stem, dot, suffix = name.rpartition(".")
        suffix = dot + suffix if stem and len(suffix) <= 10 else ""
        name = name[: _NAME_MAX - len(suffix)].rstrip(" .") + suffix
    return name


def printable(text: str) -> str:
    """The text without control, format and surrogate characters."""
    return "".join(one for one in text if unicodedata.category(one)[0] != "C" or one == "\t")


def words(value: str) -> str:
    """Encoded words (RFC 2047) read; the value as it stands when they cannot be."""
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except Exception:  # unknown charset, bad base64
        return value
