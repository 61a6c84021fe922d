"""Columns to NOEMIE returns: the files of many transfers at once, each byte as `codec.noemie.building` writes it.

Control entities (990, 999) are computed, never given. No position may stand here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fse.base.identifiers.prestataire import reduce
from fse.norm.codec.noemie import fields
from fse.norm.codec.noemie.building import EDITION
from fse.norm.codec.noemie.columns.placing import ABOVE, INVOICE, KIND, TRANSFER, Placed, longs, ordinals, place, sum_by
from fse.norm.codec.noemie.counting import COUNTED, PART_ENTITIES, WITHHELD, level_identification
from fse.norm.layout.columns.assembling import Part, assemble
from fse.norm.layout.columns.building import build_records
from fse.norm.layout.columns.faces.block import Bytes
from fse.norm.layout.columns.framing.pouring import physical_records, pour
from fse.norm.layout.columns.plan import Longs

PARENT = "parent"
"""The column of each table of entities that names the row of what contains them: int64, 0-based, never going back."""

_PAYEE, _MANDATAIRE, _LUMP, _MOVEMENT = "040", "020", "261", "250"
_HEAD, _CLOSING, _TAIL = "000", "990", "999"


class Retours(NamedTuple):
    """Many returns as tables (`pyarrow.Table`), whose columns are fields of the entities.

    `fichiers`: one row a file: what its envelope says (`fields.FICHIER`), `date_creation`, `marque`.
    `entites`, by type: the fields of the entity, and `parent`. What contains what is `placing.UNDER`: a transfer (071,
    with the fields of its 040 too) is in a file, a kind (081) in a transfer, an invoice (102), a lump sum (261) and a
    movement (250) in a kind, a part (198, 199) in an invoice. A type without rows may be missing.
    """

    fichiers: Any
    entites: Mapping[str, Any]


def build_files(retours: Retours) -> Iterator[Bytes]:
    """The bytes of each file, uint8 (m,), in their order.

    Raises `BuildError` (`champ.refuse`) when a value, a count or a sum does not fit its field; `ValueError` when the
    tables do not hold together.
    """
    files = retours.fichiers.num_rows
    parents = {type: longs(table[PARENT]) for type, table in retours.entites.items() if table.num_rows}
    placed = place(files, parents)
    owners = _transfers_of(parents)
    transfers = len(parents.get(TRANSFER, ()))
    amounts = _amounts(retours, owners, transfers)
    parts = list(_parts(retours, placed))
    parts.append(_closings(parents, owners, placed, amounts))
    entities, starts = assemble(parts)
    bounds = starts[placed.files]
    totals = sum_by(parents[TRANSFER], amounts, files) if transfers else np.zeros(files, np.int64)
    counted = {
        "nombre_enregistrements": [physical_records(EDITION, size) for size in np.diff(bounds).tolist()],
        "nombre_lots": _lots(retours, parents, owners, files),
        "total": totals,
    }
    envelope = {name: retours.fichiers[name] for name in fields.FICHIER} | {"marque": retours.fichiers["marque"]}
    heads = _records(_HEAD, files, envelope | {"date_creation": retours.fichiers["date_creation"]})
    tails = _records(_TAIL, files, envelope | {name: pa.array(values) for name, values in counted.items()})
    for file in range(files):
        content = entities[bounds[file] : bounds[file + 1]]
        yield pour(EDITION, heads[file].tobytes(), content, tails[file].tobytes())


def _parts(retours: Retours, placed: Placed) -> Iterator[Part]:
    for type, ranks in placed.ranks.items():
        table = retours.entites[type]
        if type == TRANSFER:
            payee, transfer = table.select(list(fields.BENEFICIAIRE)), table.drop_columns(list(fields.BENEFICIAIRE))
            yield Part(_records(_PAYEE, table.num_rows, _columns(payee)), ranks)
            yield Part(_records(type, table.num_rows, _columns(transfer)), ranks + 1)
        else:
            yield Part(_records(type, table.num_rows, _columns(table)), ranks)


def _columns(table: Any) -> dict[str, Any]:
    return {name: table[name] for name in table.column_names if name != PARENT}


def _records(type: str, rows: int, columns: Mapping[str, Any]) -> Bytes:
    return build_records(EDITION.layouts[type], rows, columns)


def _transfers_of(parents: Mapping[str, Longs]) -> dict[str, Longs]:
    """The row of the transfer of each row, by type of what a transfer contains."""
    found: dict[str, Longs] = {}
    for type in parents:
        rows, above = parents[type], ABOVE[type]
        while above in ABOVE and above != TRANSFER:
            rows, above = parents[above][rows], ABOVE[above]
        if above == TRANSFER:
            found[type] = rows
    return found


def _amounts(retours: Retours, owners: Mapping[str, Longs], transfers: int) -> Longs:
    """Centimes of each transfer, as `codec.noemie.building.montant` adds them up."""
    total = np.zeros(transfers, np.int64)
    for type, owner in owners.items():
        table = retours.entites[type]
        if type in PART_ENTITIES:
            total += sum_by(owner, longs(table["montant_rembourse"]), transfers)
        elif type == _LUMP:
            total += sum_by(owner, longs(table["montant"]), transfers)
        elif type == _MOVEMENT:
            withheld = np.asarray(pc.fill_null(pc.equal(table["operation"], WITHHELD), False))
            total -= sum_by(owner, longs(table["montant"]) * withheld, transfers)
    return total


def _closings(parents: Mapping[str, Longs], owners: Mapping[str, Longs], placed: Placed, amounts: Longs) -> Part:
    """The 990 of each transfer."""
    transfers = len(amounts)
    counts = np.zeros(transfers, np.int64)
    for type in COUNTED & owners.keys():
        counts += sum_by(owners[type], np.ones(len(owners[type]), np.int64), transfers)
    rank = ordinals(parents[TRANSFER]) if transfers else np.empty(0, np.int64)
    names = [level_identification(TRANSFER, ordinal + 1) for ordinal in range(int(rank.max(initial=-1)) + 1)]
    columns = {
        "identification_niveau": pa.array(names, pa.string()).take(pa.array(rank)),
        "nombre": pa.array(counts),
        "somme": pa.array(amounts),
    }
    return Part(_records(_CLOSING, transfers, columns), placed.closings)


def _lots(retours: Retours, parents: Mapping[str, Longs], owners: Mapping[str, Longs], files: int) -> Longs:
    """How many distinct (prestataire, number, date) of lots each file names, the prestataire as a reader reduces it."""
    if INVOICE not in parents:
        return np.zeros(files, np.int64)
    places = pc.dictionary_encode(pc.fill_null(retours.entites[KIND]["lieu_execution"].combine_chunks(), ""))
    names = [reduce(one) for one in places.dictionary.to_pylist()]
    ranks = {name: rank for rank, name in enumerate(names)}
    known = np.array([ranks[name] for name in names], np.int64)
    table = retours.entites[INVOICE]
    lots = pa.table(
        {
            "fichier": parents[TRANSFER][owners[INVOICE]],
            "lieu": known[longs(places.indices)][parents[INVOICE]],
            "numero": table["numero_lot"],
            "jour": table["date_lot"],
        }
    )
    named = lots.filter(pc.is_valid(lots["numero"]))
    distinct = named.group_by(named.column_names).aggregate([])
    found: Longs = np.bincount(longs(distinct["fichier"]), minlength=files)
    return found
