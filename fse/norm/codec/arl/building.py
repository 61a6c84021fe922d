"""Model to an ARL file: the payer simulator's writer. The layout is ours.

Strict: a value that does not fit raises `BuildError`. The record 999 is computed, never given. No position may stand
here: they are data in `schemas/layouts/arl/`.
"""

from __future__ import annotations

from fse.norm.codec.arl import fields
from fse.norm.codec.mapping import values_of
from fse.norm.layout import Value, count_records, frame, load_edition
from fse.norm.model.accuse import FichierAccuse

EDITION = load_edition("arl", "fse-2026")


def build(fichier: FichierAccuse) -> bytes:
    """The bytes of one file, 000 to 999. Raises `BuildError` (`champ.refuse`) when a value does not fit its field."""
    envelope = values_of(fichier, fields.FICHIER)
    marque: dict[str, Value] = {"marque": fichier.marque}
    head = EDITION.build("000", envelope | marque | {"date_creation": fichier.date_creation})
    lots = [EDITION.build("LOT", values_of(accuse, fields.LOT) | marque) for accuse in fichier.accuses]
    refused = sum(accuse.sens == "N" for accuse in fichier.accuses)
    counts: dict[str, Value] = {
        "nombre_enregistrements": count_records(EDITION, lots),
        "nombre_lots": len(lots),
        "positifs": len(lots) - refused,
        "negatifs": refused,
    }
    return frame(EDITION, [head, *lots, EDITION.build("999", envelope | marque | counts)])
