"""What the model refuses, refused in columns: the constraints that its attributes declare, on the values of many rows.

A record can carry more than the model: an act without code, an unknown payee, a rate of 101. What was read of it would
be no invoice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fse.base.errors import BuildError
from fse.norm.codec.b2 import fields
from fse.norm.codec.b2.columns.building import require_marks
from fse.norm.codec.b2.columns.shapes import FACTURE, LIGNE, FactureColumns
from fse.norm.codec.b2.complements import DENTS, MODIFICATEURS
from fse.norm.codec.b2.seals import EDITION
from fse.norm.codec.mapping import Correspondence
from fse.norm.model.attributes import Attribute, attributes
from fse.norm.model.complements import DetailCcam
from fse.norm.model.facture import ContratAmc, Facture, NirIndividuel, Prestation

_Columns = Mapping[str, Any]

_MEMBER, _LETTERS, _TEETH = "identifiant_amc", "modificateurs", "dents"
_CARRIED: dict[str, tuple[type, Correspondence]] = {
    "2": (Facture, fields.ENTETE),
    "2S": (NirIndividuel, fields.NIR_INDIVIDUEL),
    "2M": (
        ContratAmc,
        {"numero_amc": "numero_amc", _MEMBER: "numero_adherent"}
        | {champ: f"routage.{attribute}" for champ, attribute in fields.ROUTAGE.items()},
    ),
    "4": (Prestation, fields.PRESTATION),
    "4S": (Prestation, fields.CONDITIONS),
    "4M": (DetailCcam, fields.DETAIL_CCAM | {_LETTERS: _LETTERS, _TEETH: _TEETH}),
}
"""What the fields of each record carry: a class of the model and its attributes."""
_NUMBERED = {"4": (FACTURE, Facture, "prestations"), "4M": (LIGNE, Prestation, "details_ccam")}
"""Records that an object has many of: the column of the owner, its class, the attribute that they are."""


class _Leaf(NamedTuple):
    """One attribute that a field carries; `optional`: the object that it belongs to can be absent as a whole."""

    attribute: Attribute
    parent: str
    optional: bool


def require_model(factures: FactureColumns) -> None:
    """Each value can be held by the attribute of the model that its field carries, and what must be there is.

    A column that is not there takes the default of its field. Raises `BuildError`: `champ.refuse`, for the first field
    that has such a row (`lieu`: the record and the row of its table, from 1), `b2.marque_absente`, `b2.marque_reelle`.
    """
    require_marks(_columns(factures.entetes), factures.entetes.num_rows)
    for type, table in (("2", factures.entetes), ("4", factures.lignes), *factures.complements.items()):
        if type not in _CARRIED:
            continue
        modele, carried = _CARRIED[type]
        columns = _as_read(type, _columns(table))
        layout = EDITION.layouts[type]
        by_default = {champ for champ in carried if champ in layout and layout.champ(champ).defaut is not None}
        kept = {champ: path for champ, path in carried.items() if champ in columns or champ not in by_default}
        _require(modele, kept, columns, table.num_rows, f"enregistrement {type}, ligne")
        _require_numbers(type, columns)


def require_attributes(modele: type, table: Any, lieu: str) -> None:
    """The same of a table whose columns are attributes of one class; `lieu` says what a row is ("lot")."""
    names = {attribute.nom: attribute.nom for attribute in attributes(modele)}
    _require(modele, names, _columns(table), table.num_rows, lieu)


def _require(modele: type, carried: Correspondence, columns: _Columns, rows: int, lieu: str) -> None:
    held = {champ: _leaf(modele, path) for champ, path in carried.items()}
    together: dict[str, list[str]] = defaultdict(list)
    for champ, leaf in held.items():
        if champ in columns:
            together[leaf.parent].append(champ)
    for champ, leaf in held.items():
        if champ in columns:
            row = _first_refused(columns[champ], leaf.attribute)
            if row is not None:
                raise _refusal(champ, "ne peut pas porter cette valeur", leaf.attribute.expected, f"{lieu} {row + 1}")
        if leaf.attribute.optional or (leaf.optional and not together[leaf.parent]):
            continue
        absent = pc.is_null(columns[champ]) if champ in columns else pa.repeat(pa.scalar(True), rows)
        if leaf.optional and pc.any(absent, min_count=0).as_py():
            absent = pc.and_(absent, _some_given([columns[name] for name in together[leaf.parent]]))
        row = pc.index(absent, True).as_py()
        if row >= 0:
            raise _refusal(champ, "n'est pas donné", leaf.attribute.expected, f"{lieu} {row + 1}")


def _leaf(modele: type, path: str) -> _Leaf:
    parent, _, name = path.rpartition(".")
    optional = False
    for step in parent.split(".") if parent else ():
        attribute = _attribute(modele, step)
        optional |= attribute.optional
        assert attribute.modele is not None
        modele = attribute.modele
    return _Leaf(_attribute(modele, name), parent, optional)


def _attribute(modele: type, name: str) -> Attribute:
    return next(attribute for attribute in attributes(modele) if attribute.nom == name)


def _first_refused(column: Any, attribute: Attribute) -> int | None:
    """The first row whose value the constraint refuses; a null is no value.

    Whole numbers and days are bounded by their constraints: the least and the greatest of a column speak for all.
    """
    assert attribute.constraint is not None
    check = attribute.constraint.compile()
    if pa.types.is_integer(column.type) or pa.types.is_date32(column.type):
        ends = [value for value in pc.min_max(column).as_py().values() if value is not None]
        if all(check(end) for end in ends):
            return None
    refused = [value for value in pc.unique(column).to_pylist() if value is not None and not check(value)]
    if not refused:
        return None
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    plain = column.cast(kind)
    row: int = pc.index(pc.is_in(plain, value_set=pa.array(refused, kind)), True).as_py()
    return row


def _some_given(columns: list[Any]) -> Any:
    """The rows where one of these columns at least has a value."""
    found = pc.is_valid(columns[0])
    for column in columns[1:]:
        found = pc.or_(found, pc.is_valid(column))
    return found


def _require_numbers(type: str, columns: _Columns) -> None:
    """No object has more of these records than the model lets it. Raises `BuildError`."""
    if type not in _NUMBERED:
        return
    owner, modele, name = _NUMBERED[type]
    repeated = _attribute(modele, name).repeated
    assert repeated is not None
    assert repeated.maximum is not None
    counts = np.bincount(columns[owner].to_numpy())
    if len(counts) and counts.max() > repeated.maximum:
        lieu = f"enregistrement {type}, {owner} {int(counts.argmax()) + 1}"
        raise _refusal(name, "est donné trop de fois", f"{repeated.maximum} au plus", lieu)


def _as_read(type: str, columns: dict[str, Any]) -> _Columns:
    """The columns with what several fields, or a part of one, carry: the way back of `complements`."""
    if type == "2M" and _MEMBER in columns:
        member = pc.utf8_ltrim(columns[_MEMBER], "0")
        return columns | {_MEMBER: pc.if_else(pc.equal(member, ""), None, member)}
    if type == "4M":
        return columns | dict(_joined(columns))
    return columns


def _joined(columns: _Columns) -> Iterator[tuple[str, Any]]:
    for name, champs in ((_LETTERS, MODIFICATEURS), (_TEETH, DENTS)):
        given = [columns[champ] for champ in champs if champ in columns]
        if given:
            whole = pc.binary_join_element_wise(*given, "", null_handling="skip")
            yield name, pc.if_else(pc.equal(whole, ""), None, whole)


def _columns(table: Any) -> dict[str, Any]:
    return {
        name: column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }


def _refusal(champ: str, reason: str, expected: str, lieu: str) -> BuildError:
    return BuildError(
        "champ.refuse",
        f"Le champ {champ} {reason} ; attendu : {expected}.",
        action="Corriger cette valeur dans le logiciel, puis recommencer.",
        lieu=lieu,
    )
