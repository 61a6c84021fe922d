"""Files of a unit in packs that are read together: columns cost as much for ten rows as for ten thousand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fse.app.masse.reading.files import Contenu

SMALL = 256 << 10
"""Bytes from which a file is read alone, window by window."""
PACK_BYTES = 4 << 20
PACK_FILES = 1000


def packs_of(contents: Sequence[Contenu]) -> Iterator[list[Contenu]]:
    """The same files in the same order: small ones that follow each other together, each larger one alone."""
    pack: list[Contenu] = []
    size = 0
    for one in contents:
        if pack and (one.taille >= SMALL or size + one.taille > PACK_BYTES or len(pack) == PACK_FILES):
            yield pack
            pack, size = [], 0
        pack.append(one)
        size += one.taille
        if one.taille >= SMALL:
            yield pack
            pack, size = [], 0
    if pack:
        yield pack
