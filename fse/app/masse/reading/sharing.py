"""The practice of each row of some logical files, and their rows shared out: what says the file goes to each practice.

Files are known by ordinals that grow along the rows of each type; a row is found by (file, rank).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fse.app.masse.reading.owners import NOBODY, owners_of

Longs = NDArray[np.int64]

OF_THE_FILE = frozenset({"000", "020", "999"})
"""Entities that stand above every payee or below: each practice of the file needs them."""

_PAYEE, _PLACE, _HEAD = ("040", "beneficiaire_reglement"), ("081", "lieu_execution"), ("000", "numero_destinataire")
_RANKS = 1 << 40
"""More than any file has rows."""


class Read(NamedTuple):
    """Rows of one entity type: the ordinal of the file of each, and their table (`columns.schema_of`)."""

    files: Longs
    rows: Any

    @property
    def places(self) -> Longs:
        """File and rank in one number."""
        ranks: Longs = self.rows["rang"].to_numpy()
        return self.files * _RANKS + ranks


class Shared(NamedTuple):
    """Which row goes to which practice: indexes in the rows, and codes in `Sharing.cabinets`, of one length."""

    rows: Longs
    codes: Longs


class Sharing:
    """Says whose the rows of a few files are. `read`: the rows of these files, whole, by entity type."""

    def __init__(self, read: Mapping[str, Read], owners: Mapping[str, str]) -> None:
        self.cabinets: list[str] = [NOBODY]
        self._codes = {NOBODY: 0}
        self._owners = owners
        files = read["000"].files
        self._blocks = np.sort(np.concatenate([files * _RANKS, _places(read, _PAYEE[0])]))
        self._whose = self._named(read)
        self._pairs = np.unique(self._blocks // _RANKS * _RANKS + self._whose)

    def share(self, type: str, read: Read) -> Shared:
        """The practices of the rows of one type, in the order of the rows."""
        if type not in OF_THE_FILE:
            return Shared(np.arange(len(read.files)), self._whose[self._block_of(read.places)])
        starts = np.searchsorted(self._pairs, read.files * _RANKS)
        counts = np.searchsorted(self._pairs, (read.files + 1) * _RANKS) - starts
        rows = np.repeat(np.arange(len(read.files)), counts)
        nth = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        return Shared(rows, self._pairs[np.repeat(starts, counts) + nth] % _RANKS)

    def in_order(self, codes: Longs) -> Longs:
        """The place of each code in the order of the names of practices."""
        places = np.empty(len(self.cabinets), np.int64)
        places[np.argsort(np.array(self.cabinets))] = np.arange(len(self.cabinets))
        found: Longs = places[codes]
        return found

    def _named(self, read: Mapping[str, Read]) -> Longs:
        """The practice of each block: its payee's, else that of its places, else the recipient's (0: nobody's).

        The first block of a file, which stands before any payee, counts only when nothing else does.
        """
        whose = np.zeros(len(self._blocks), np.int64)
        heads = read["000"]
        recipients = np.zeros(int(heads.files.max()) + 1, np.int64)
        recipients[heads.files] = self._codes_of(heads, _HEAD[1])
        by_recipient = recipients[self._blocks // _RANKS]
        for type, column in (_PLACE, _PAYEE):
            if type in read:
                whose = np.where(found := self._agreed(read[type], column), found, whose)
        whose = np.where(whose, whose, by_recipient)
        first = self._blocks % _RANKS == 0
        alone = np.append(first[1:], True)
        nxt = np.append(whose[1:], 0)
        empty = first & ~alone & ~self._inhabited(read)
        return np.where(empty, nxt, whose)

    def _inhabited(self, read: Mapping[str, Read]) -> NDArray[np.bool_]:
        """Blocks that hold a row of somebody's."""
        found = np.zeros(len(self._blocks), bool)
        for type, rows in read.items():
            if type not in OF_THE_FILE:
                found[self._block_of(rows.places)] = True
        return found

    def _agreed(self, read: Read, column: str) -> Longs:
        """By block: the practice that these rows name, when they name one alone; else 0."""
        codes, blocks = self._codes_of(read, column), self._block_of(read.places)
        known = codes > 0
        least = np.full(len(self._blocks), _RANKS)
        most = np.zeros(len(self._blocks), np.int64)
        np.minimum.at(least, blocks[known], codes[known])
        np.maximum.at(most, blocks[known], codes[known])
        return np.where(least == most, most, 0)

    def _block_of(self, places: Longs) -> Longs:
        return np.searchsorted(self._blocks, places, side="right") - 1

    def _codes_of(self, read: Read, column: str) -> Longs:
        names = read.rows[column].combine_chunks().dictionary_encode()
        found = [self._code(cabinet) for cabinet in owners_of(names.dictionary.to_pylist(), self._owners)]
        places: Longs = names.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)
        return np.array([*found, 0], np.int64)[places]

    def _code(self, cabinet: str) -> int:
        if cabinet not in self._codes:
            self._codes[cabinet] = len(self.cabinets)
            self.cabinets.append(cabinet)
        return self._codes[cabinet]


def _places(read: Mapping[str, Read], type: str) -> Longs:
    return read[type].places if type in read else np.zeros(0, np.int64)


def texts(values: list[str], codes: Longs) -> Any:
    """The text of each code, held once."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(values, pa.string()))
