"""B2 rows to lots and invoices: as raw runs that survive damage, and as model objects when they are sound.

A *run* is what one invoice occupies in a lot. It starts at each record 2 and ends after each record 5, so that one
damaged byte never moves the border of its neighbours; its number is the one that most of its records carry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fse.norm.codec.b2 import fields
from fse.norm.codec.b2.complements import complete_facture, read_conditions, read_details
from fse.norm.codec.b2.seals import EDITION
from fse.norm.codec.mapping import compose
from fse.norm.layout import CHARSET, EntityRow
from fse.norm.model.facture import Facture, Prestation
from fse.norm.model.lot import EnteteFichier, EnteteLot

_NUMBER = EDITION.layouts["2"].span("numero_facture")
"""Where the number stands in a record that no layout reads: most records have it there."""


@dataclass(slots=True)
class Run:
    """The records of one invoice as they stand in a file, whatever their state."""

    rows: list[EntityRow] = field(default_factory=list)

    @property
    def numero(self) -> str:
        """The number (9 characters) that most of the records carry; the first of them on a tie."""
        texts = Counter(row.brut[_number_span(row)].decode(CHARSET) for row in self.rows)
        return texts.most_common(1)[0][0]

    @property
    def is_whole(self) -> bool:
        """True when it reads 2, then 4s, then 5."""
        types = [row.type for row in self.rows]
        middle = {kind[:1] for kind in types[1:-1]} - {"2"}
        return types[0] == "2" and types[-1] == "5" and bool(middle) and middle <= {"3", "4"}

    @property
    def records(self) -> list[bytes]:
        return [row.brut for row in self.rows]


@dataclass(slots=True)
class RawLot:
    """Records 1 to 6 of one lot as they stand in a file. `ordinal` is its place in the file, from 1."""

    ordinal: int
    header: EntityRow | None = None
    runs: list[Run] = field(default_factory=list)
    trailer: EntityRow | None = None

    @property
    def content(self) -> bytes:
        """Every byte from record 1 to record 6: what the signature of the lot covers."""
        edges = ([self.header.brut] if self.header else [], [self.trailer.brut] if self.trailer else [])
        return b"".join([*edges[0], *(row.brut for run in self.runs for row in run.rows), *edges[1]])


def raw_lots(rows: Iterable[EntityRow]) -> Iterator[RawLot]:
    """The lots of one logical file, in order. Records between the envelopes always belong to one of them."""
    lot: RawLot | None = None
    ordinal = 0
    for row in rows:
        if row.type in (EDITION.tete, EDITION.pied):
            continue
        if lot is None or row.type == "1":
            if lot is not None:
                yield lot
            ordinal += 1
            lot = RawLot(ordinal)
        if row.type == "1":
            lot.header = row
        elif row.type == "6":
            lot.trailer = row
            yield lot
            lot = None
        else:
            _add(lot.runs, row)
    if lot is not None:
        yield lot


def read_facture(run: Run) -> Facture:
    """The invoice of a whole run. Raises `ModelError` when a value breaks the model.

    Sub-records that the model does not carry (2B, 4B…) are left aside.
    """
    lines = [rang for rang, row in enumerate(run.rows) if row.type == "4"]
    prestations = tuple(
        compose(
            Prestation,
            fields.PRESTATION,
            run.rows[start].valeurs,
            **read_conditions(run.rows[start + 1 : end]),
            details_ccam=read_details(run.rows[start + 1 : end]),
        )
        for start, end in zip(lines, [*lines[1:], len(run.rows)], strict=True)
    )
    facture = compose(Facture, fields.ENTETE, run.rows[0].valeurs, prestations=prestations)
    return complete_facture(facture, run.rows)


def read_entete_lot(lot: RawLot) -> EnteteLot:
    """What records 1 and 6 of a sound lot say. Raises `ModelError`."""
    assert lot.header is not None
    assert lot.trailer is not None
    trailer = lot.trailer.valeurs
    return compose(
        EnteteLot,
        fields.LOT,
        lot.header.valeurs,
        marque=trailer["marque"],
        type_facture=trailer["type_facture"],
        remplacant=trailer["remplacant"],
    )


def read_entete_fichier(row: EntityRow) -> EnteteFichier:
    """What the record 000 says. Raises `ModelError`."""
    return compose(EnteteFichier, fields.FICHIER | {"date_creation": "date_creation"}, row.valeurs)


def _number_span(row: EntityRow) -> slice:
    layout = row.layout
    return layout.span("numero_facture") if layout is not None and "numero_facture" in layout else _NUMBER


def _add(runs: list[Run], row: EntityRow) -> None:
    starts = row.type == "2" or not runs or runs[-1].rows[-1].type == "5"
    if starts:
        runs.append(Run())
    runs[-1].rows.append(row)
