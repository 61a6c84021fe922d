"""Returns of the model as the tables of `building`: for vendors who have objects, and to prove both writers equal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from fse.norm.codec.mapping import Correspondence, values_of
from fse.norm.codec.noemie import fields
from fse.norm.codec.noemie.building import EDITION
from fse.norm.codec.noemie.columns.building import PARENT, Retours
from fse.norm.codec.noemie.columns.placing import INVOICE, KIND, LUMP, TRANSFER
from fse.norm.layout import Field, Value
from fse.norm.layout.columns.faces.kinds import FACES
from fse.norm.model import RetourNoemie, TypeRetour

_TRANSFER = fields.BENEFICIAIRE | fields.VIREMENT


class _Tables:
    """Rows of entities on their way to tables."""

    def __init__(self) -> None:
        self._rows: dict[str, list[dict[str, Value]]] = defaultdict(list)

    def add(self, type: str, source: object, table: Correspondence, parent: int) -> int:
        """The 0-based row of this entity."""
        rows = self._rows[type]
        rows.append(values_of(source, table) | {PARENT: parent})
        return len(rows) - 1

    def tables(self) -> dict[str, Any]:
        return {type: _table(type, rows) for type, rows in self._rows.items()}


def columns_of(retours: Sequence[RetourNoemie]) -> Retours:
    """The tables of these returns, one file each. Under an invoice, the parts of the AMO come before those of the AMC.

    Raises `ValueError` when there is none.
    """
    if not retours:
        raise ValueError("no return")
    names = [*fields.FICHIER, "date_creation", "marque"]
    found = _Tables()
    for file, retour in enumerate(retours):
        if retour.mandataire is not None:
            found.add("020", retour, fields.MANDATAIRE, file)
        for groupe in retour.groupes:
            transfer = found.add(TRANSFER, groupe, _TRANSFER, file)
            for kind in groupe.retours:
                _add_kind(found, kind, found.add(KIND, kind, fields.TYPE_RETOUR, transfer))
    envelopes = [values_of(one, fields.FICHIER | {name: name for name in names}) for one in retours]
    layout = EDITION.layouts[EDITION.tete]
    fichiers = {name: pa.array([one[name] for one in envelopes], _type(layout.champ(name))) for name in names}
    return Retours(pa.table(fichiers), found.tables())


def _add_kind(found: _Tables, kind: TypeRetour, row: int) -> None:
    for facture in kind.factures:
        invoice = found.add(INVOICE, facture, fields.FACTURE, row)
        if facture.assure is not None:
            found.add("103", facture.assure, fields.ASSURE, invoice)
        for part in facture.parts:
            entite, table = fields.PARTS[part.partie]
            found.add(entite, part, table, invoice)
        for rejet in facture.rejets:
            found.add("294", rejet, fields.REJET, invoice)
        for commentaire in facture.commentaires:
            found.add("295", commentaire, fields.COMMENTAIRE, invoice)
    for forfait in kind.forfaits:
        lump = found.add(LUMP, forfait, fields.FORFAIT, row)
        for detail in forfait.details:
            found.add("262", detail, fields.DETAIL, lump)
    for mouvement in kind.mouvements:
        found.add("250", mouvement, fields.MOUVEMENT, row)


def _table(type: str, rows: Sequence[dict[str, Value]]) -> Any:
    layouts = [EDITION.layouts[one] for one in (("040", type) if type == TRANSFER else (type,))]
    arrays = {}
    for name in rows[0]:
        kind = pa.int64() if name == PARENT else next(_type(one.champ(name)) for one in layouts if name in one)
        arrays[name] = pa.array([row[name] for row in rows], kind)
    return pa.table(arrays)


def _type(field: Field) -> Any:
    return FACES[field.genre].type(field)
