"""What a layout alone can say of one record: fields that do not read, are missing, or differ from their constant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from fse.base.findings import Finding, Place, finding
from fse.norm.layout.fields import Field
from fse.norm.layout.layout import Layout
from fse.norm.layout.values import Unparsed, Value


def field_place(place: Place, field: Field, raw: str) -> Place:
    """The place of a record narrowed to one of its fields."""
    return replace(place, champ=field.nom, debut=field.debut, fin=field.fin, brut=raw, personnel=field.personnel)


def field_findings(layout: Layout, record: bytes, values: Mapping[str, Value], place: Place) -> Iterator[Finding]:
    """The findings of each field of one record, in the order of its positions."""
    for field in layout.champs:
        value = values[field.nom]
        raw = None
        code = None
        if isinstance(value, Unparsed):
            code = _unparsed_code(field, value.brut, values)
        elif field.constante is not None:
            raw = layout.raw(record, field)
            code = "champ.constante" if raw != field.constante else None
        elif value is None and field.presence == "O" and not field.is_filler:
            code = "champ.absent"
        elif field.genre == "signe" and value == "N" and values[field.signe_de or ""] == 0:
            code = "champ.signe_sur_zero"
        if code:
            raw = layout.raw(record, field) if raw is None else raw
            yield finding(
                code,
                field_place(place, field, raw),
                champ=field.libelle or field.nom,
                nom=field.nom,
                attendu=field.constante,
                type=layout.type,
            )


def _unparsed_code(field: Field, raw: str, values: Mapping[str, Value]) -> str:
    if field.is_filler:
        return "champ.blanc_occupe"
    if field.genre == "montant":
        return "champ.montant_illisible"
    if field.genre == "signe":
        return "champ.signe_sur_zero" if values[field.signe_de or ""] == 0 else "champ.montant_illisible"
    if not raw.strip(" "):
        return "champ.numerique_blanc"
    if field.genre == "date":
        return "champ.date_impossible"
    return "champ.illisible"
