"""Files of a unit in packs that are read together: columns cost as much for ten rows as for ten thousand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fse.app.masse.groups import groups_of
from fse.app.masse.reading.files import Contenu

SMALL = 256 << 10
"""Bytes from which a file is read alone, window by window."""
PACK_BYTES = 4 << 20
PACK_FILES = 1000


def packs_of(contents: Sequence[Contenu]) -> Iterator[list[Contenu]]:
    """The same files in the same order: small ones that follow each other together, each larger one alone."""
    return groups_of(contents, _weight, most=PACK_BYTES, count=PACK_FILES)


def _weight(one: Contenu) -> int:
    return one.taille if one.taille < SMALL else PACK_BYTES + 1
