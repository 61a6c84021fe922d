"""Which edition reads the file that starts here: asked once of all files whose heads look alike."""

from __future__ import annotations

from functools import cache

from fse.norm.layout.edition import Edition
from fse.norm.layout.items import FileStart
from fse.norm.layout.loading.loader import editions
from fse.norm.layout.reader import read

_MOST_KNOWN = 4096


def edition_of(start: bytes) -> Edition | None:
    """The edition of a file, as the reader tells it, from its head and the header of its first lot.

    Raises `StopIteration` when no file starts there.
    """
    looked_at = b"".join([start[place] for place in _places()])
    if (edition := _KNOWN.get(looked_at)) is not None:
        return edition
    found = next(item.edition for item in read([start]) if isinstance(item, FileStart))
    if found is not None and len(_KNOWN) < _MOST_KNOWN and not _asks_the_lot(start):
        _KNOWN[looked_at] = found
    return found


_KNOWN: dict[bytes, Edition] = {}
"""By the bytes of the head that the editions look at, when nothing else tells them apart."""


@cache
def _places() -> tuple[slice, ...]:
    """What the editions look at in a head."""
    return tuple(
        {
            (span.start, span.stop): span
            for edition in editions()
            for condition in edition.reconnaissance
            for span in (edition.layouts[edition.tete].span(condition.champ),)
        }.values()
    )


def _asks_the_lot(start: bytes) -> bool:
    """Whether an edition that knows this head wants to see the header of a lot."""
    return any(one.lot_type is not None and one.recognises(start[: one.longueur]) for one in editions())
