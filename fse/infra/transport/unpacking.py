"""What a MIME entity of anyone holds: its files. What we send is made by `entity`, which imports no parser of mail."""

from __future__ import annotations

from fse.infra.transport import mime
from fse.infra.transport.entity import Attachment


def read_entity(data: bytes) -> list[Attachment]:
    """The files of any entity, in their order: base64, quoted-printable, 8bit, names of RFC 2231 or 2047.

    A part is a file when it has a name or is no text; one without a name is called `piece-N`, N being its place. Names
    have no folder and no control character; two files may have the same. A message inside is not looked into.
    Raises `UnreadableError`: `courrier.trop_gros`, `courrier.illisible`.
    """
    return [one for _, one in files(mime.parse(data))]


def files(root: mime.Part) -> list[tuple[mime.Part, Attachment]]:
    """The same, from what was parsed already, each with its part."""
    found = []
    for rank, part in enumerate(mime.leaves(root), start=1):
        name, kind = mime.filename(part), part.get_content_maintype()
        if kind not in ("message", "multipart") and (name or kind != "text"):
            found.append((part, Attachment(name or f"piece-{rank}", mime.content(part))))
    return found
