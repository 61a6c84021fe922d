"""Takes any bytes apart as MIME within bounds: size, number of lines, of parts, of levels, length of the headers.

The parser of the standard library does the reading. What it asks of its caller is used to bound it: the factory of
messages is called once a part, the policy sees every header before anything is made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email import errors
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from email.utils import collapse_rfc2231_value

from fse.base.errors import UnreadableError
from fse.infra.transport.names import clean_name, printable, words

TAILLE_MAX = 32 * 1024 * 1024
"""Bytes of a message; mail servers take 10 to 25 MB, a file of 10 000 lots in base64 less."""

_LINES_MAX = 1_000_000
_PARTS_MAX = 100
_MULTIPARTS_MAX = 20  # and so as many levels: each line is compared with the boundary of each
_HEADER_MAX = 16_384
_CUT = (
    errors.CloseBoundaryNotFoundDefect,
    errors.StartBoundaryNotFoundDefect,
    errors.InvalidBase64LengthDefect,
    errors.InvalidBase64PaddingDefect,
)

Part = Message


class _TooMuchError(Exception):
    """A bound was reached inside the parser."""


class _Made:
    """What the parser made so far."""

    parts = 0
    multiparts = 0


class _Bounded(Compat32):
    """The lenient policy of the standard library, which refuses long headers and many multiparts."""

    made: _Made

    def __init__(self, made: _Made) -> None:
        super().__init__()
        object.__setattr__(self, "made", made)  # a policy lets nothing else be set

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        if sum(map(len, sourcelines)) > _HEADER_MAX:
            raise _TooMuchError("un en-tête est trop long")
        name, value = super().header_source_parse(sourcelines)
        if name.lower() == "content-type" and "multipart" in value.lower():
            self.made.multiparts += 1
            if self.made.multiparts > _MULTIPARTS_MAX:
                raise _TooMuchError(f"il a plus de {_MULTIPARTS_MAX} niveaux")
        return name, value


def parse(data: bytes, *, headers_only: bool = False) -> Part:
    """The message or entity that these bytes are, whatever they are.

    Raises `UnreadableError`: `courrier.trop_gros` (a bound is passed), `courrier.illisible`.
    """
    if len(data) > TAILLE_MAX:
        raise _too_big(f"il dépasse {TAILLE_MAX} octets")
    if data.count(b"\n") + data.count(b"\r") > 2 * _LINES_MAX:
        raise _too_big(f"il dépasse {_LINES_MAX} lignes")
    try:
        made = _Made()
        message = BytesParser(_factory(made), policy=_Bounded(made)).parsebytes(data, headersonly=headers_only)
    except _TooMuchError as error:
        raise _too_big(str(error)) from None
    except Exception as error:  # the standard parser fails in its own ways on crafted headers
        raise unreadable() from error
    return message


def unreadable() -> UnreadableError:
    """What nothing can be made of."""
    return UnreadableError(
        "courrier.illisible",
        "Ce message n'est pas un courrier lisible (MIME).",
        action="Le laisser dans la boîte et le montrer à son expéditeur ; rien n'en a été tiré.",
    )


def leaves(root: Part) -> Iterator[Part]:
    """The parts that hold something, in their order; a message inside the message is one, and is not looked into."""
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting += reversed(inside(part))
        else:
            yield part


def inside(part: Part) -> list[Part]:
    """The parts that a part holds: of a multipart, the message of a message/rfc822, the groups of a delivery status."""
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def content(part: Part) -> bytes:
    """The bytes of a part that is not a multipart, decoded; what does not decode is given as it stands."""
    try:
        decoded = part.get_payload(decode=True)
    except Exception as error:  # as above
        raise unreadable() from error
    return decoded if isinstance(decoded, bytes) else b""


def is_cut(root: Part) -> bool:
    """True when a multipart is not closed, or a base64 that was decoded (`content`) stops in the middle of a group."""
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if any(isinstance(defect, _CUT) for defect in part.defects):
            return True
        if part.get_content_maintype() == "multipart":
            waiting += inside(part)
    return False


def parameter(part: Part, name: str) -> str:
    """A parameter of the content type, "" without it or when it cannot be read."""
    try:
        return collapse_rfc2231_value(part.get_param(name) or "")
    except Exception:  # as above
        return ""


def header(part: Part, name: str) -> str:
    """The first header of this name on one line, "" without one; undecodable characters are replaced."""
    value = part.get(name)
    if value is None:
        return ""
    return " ".join(printable(words(str(value))).split())


def filename(part: Part) -> str:
    """The name of the file that a part is, cleaned (`clean_name`); "" without one."""
    try:
        raw = part.get_filename() or ""
    except Exception:  # as above: a name that cannot be read is no name
        return ""
    return clean_name(words(raw))


def _factory(made: _Made) -> Callable[..., Part]:
    def make(policy: Compat32) -> Part:
        made.parts += 1
        if made.parts > _PARTS_MAX:
            raise _TooMuchError(f"il a plus de {_PARTS_MAX} parties")
        return Message(policy)

    return make


def _too_big(why: str) -> UnreadableError:
    return UnreadableError(
        "courrier.trop_gros",
        f"Ce message n'est pas lu : {why}.",
        action="Le laisser dans la boîte et le montrer à son expéditeur ; rien n'en a été tiré.",
    )
