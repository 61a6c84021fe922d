"""`lire`: what a file holds, record by record, with every finding. No cabinet, no journal, nothing written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fse.norm.codec.reading import look_ahead, read
from fse.norm.codec.releves import FIRST_LOOK, ReleveLu, is_xml, read_releves
from fse.norm.layout import Item


def lire(chunks: Iterable[bytes]) -> Iterator[Item | ReleveLu]:
    """The items of a B2, NOEMIE, ARL or CFONB 120 content, recognised by what it holds, in the order of the file.

    `chunks` are its bytes in pieces of any size; items come as they are read, so memory does not grow with the file.
    An item is a `FileStart`, an `EntityRow` (values, place in the tree, findings), a `Framing` (bytes that belong to
    no record), a `Finding` about the file, or a `FileEnd` (digest). Amounts are signed centimes. A camt.053 document
    has no records: it gives its statements, one `ReleveLu` each.
    Raises `UnreadableError` (`lecture.pas_a_nous`) when nothing in it is one of our files, `lecture.releve_…` for a
    document in XML that is refused.
    """
    window, whole = look_ahead(chunks, FIRST_LOOK)
    if is_xml(window):
        yield from read_releves(whole)
    else:
        yield from read(whole)
