"""What goes in and out of the columnar builder: invoices as tables, their records as bytes, their lots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fse.norm.codec.b2.columns.tallies import announced
from fse.norm.codec.b2.seals import EDITION

Bytes = NDArray[np.uint8]
Longs = NDArray[np.int64]

LENGTH = EDITION.longueur
"""Bytes of a record."""
FACTURE, LIGNE = "facture", "ligne"
"""The columns that say, from 0, which invoice a line belongs to, and which invoice or line a sub-record does."""


class FactureColumns(NamedTuple):
    """Invoices as Arrow tables whose columns are fields of records, of the types of `schema_of`.

    `entetes`: one row an invoice, record 2. `lignes`: one row a record 4, without what it repeats of the record 2,
    and `facture`. `complements`: by type (2S, 2M, 4S, 4M…), the same, and `facture` or `ligne`. These two columns are
    int64 and never go back. A column that is not there, or a null, is a field that is not given. Record 5 is counted.
    """

    entetes: Any
    lignes: Any
    complements: Mapping[str, Any] = {}


class Frozen(NamedTuple):
    """The records of n invoices. `content`: uint8 (N, 128); `starts`: first record of each invoice, then N, (n + 1,).

    `seals`: uint8 (n, 32), the texts that stand in the records 5. `counts`: records of each type, by invoice (n,);
    `sums`: what each invoice adds to the totals of record 6 (n,), in centimes.
    """

    content: Bytes
    starts: Longs
    seals: Bytes
    counts: Mapping[str, Longs]
    sums: Mapping[str, Longs]

    @property
    def honoraires(self) -> Longs:
        """Billed, in centimes (n,)."""
        return self.sums["total_honoraires"]

    @property
    def amo(self) -> Longs:
        """Asked from the compulsory insurers, in centimes (n,)."""
        return self.sums["total_amo"]

    @property
    def amc(self) -> Longs:
        """Asked from the complementary insurers, in centimes (n,)."""
        return self.sums["total_amc"]

    @property
    def lignes(self) -> Longs:
        """Records 4, sub-records included (n,): what record 6 counts."""
        return announced(EDITION.controles["6"], self.counts)["nombre_lignes"]

    def take(self, order: Longs) -> Frozen:
        """The same invoices in another order: `order` is a permutation (n,)."""
        if (order[:-1] < order[1:]).all():
            return self
        sizes = np.diff(self.starts)[order]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        rows = np.arange(starts[-1]) + np.repeat(self.starts[:-1][order] - starts[:-1], sizes)
        return Frozen(
            self.content[rows],
            starts,
            self.seals[order],
            {type: count[order] for type, count in self.counts.items()},
            {champ: amount[order] for champ, amount in self.sums.items()},
        )


@dataclass(frozen=True, slots=True)
class Lots:
    """Sealed lots over frozen invoices. `headers`, `trailers`: uint8 (lots, 128).

    `cuts`: first invoice of each, then n. `counts`: records of each type, in all.
    """

    headers: Bytes
    trailers: Bytes
    frozen: Frozen
    cuts: Longs
    counts: Mapping[str, int]

    def contents(self) -> Iterator[bytes]:
        """The bytes of each lot, records 1 to 6: what `build_lot` gives, and what is signed."""
        edges = (self.frozen.starts[self.cuts] * LENGTH).tolist()
        content = self.frozen.content.reshape(-1).data
        for rank, (start, end) in enumerate(pairwise(edges)):
            yield b"".join((self.headers[rank], content[start:end], self.trailers[rank]))
