"""Rows of an ARL to the model, when they are sound: `read_fichier(rows of build(x)) == x`."""

from __future__ import annotations

from collections.abc import Sequence

from fse.norm.codec.arl import fields
from fse.norm.codec.mapping import compose
from fse.norm.layout import EntityRow
from fse.norm.model.accuse import AccuseLot, FichierAccuse

ACCUSE = "LOT"
"""The type of the record that acknowledges a lot."""


def read_accuse(row: EntityRow) -> AccuseLot:
    """What one record LOT, read by its layout, says. Raises `ModelError` when a value breaks the model."""
    return compose(AccuseLot, fields.LOT, row.valeurs)


def read_fichier(rows: Sequence[EntityRow]) -> FichierAccuse:
    """One logical file, from its record 000 on. Raises `ModelError` when a value breaks the model."""
    known = [row for row in rows if row.layout is not None]
    same = {name: name for name in ("date_creation", "marque")}
    accuses = tuple(read_accuse(row) for row in known if row.type == ACCUSE)
    return compose(FichierAccuse, fields.FICHIER | same, known[0].valeurs, accuses=accuses)
