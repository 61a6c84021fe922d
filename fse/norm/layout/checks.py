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
    if layout.is_plain(record, values):
        return
    for field in layout.champs:
        raw = layout.raw(record, field)
        code = _code_of(field, raw, values)
        if code:
            yield finding(
                code,
                field_place(place, field, raw),
                champ=field.libelle or field.nom,
                nom=field.nom,
                attendu=field.constante,
                type=layout.type,
            )


def _code_of(field: Field, raw: str, values: Mapping[str, Value]) -> str | None:
    """The code of the finding of one field, `None` when it has nothing to say."""
    value = values[field.nom]
    if field.constante is not None:
        return "champ.constante" if raw != field.constante else None
    if isinstance(value, Unparsed):
        return _unparsed_code(field, value, values)
    if value is None and field.presence == "O" and not field.is_filler:
        return "champ.absent"
    if value == "N" and field.signe_de is not None and values[field.signe_de] == 0:
        return "champ.signe_sur_zero"
    return None


def _unparsed_code(field: Field, value: Unparsed, values: Mapping[str, Value]) -> str | None:
    if field.is_filler:
        return "champ.blanc_occupe"
    if field.genre == "montant_signe":
        return "champ.signe_sur_zero" if is_negative_zero(value) else "champ.montant_illisible"
    if field.genre == "montant":
        return "champ.montant_illisible"
    if field.signe_de is not None:
        return "champ.signe_sur_zero" if values[field.signe_de] == 0 else "champ.montant_illisible"
    if value.is_blank:
        return _blank_code(field)
    if field.genre in ("date", "jour") and value.brut.isascii() and value.brut.isdigit():
        return "champ.date_impossible"
    return "champ.illisible"


def is_negative_zero(value: Unparsed) -> bool:
    """A signed amount of nothing, with the sign of what is below."""
    return value.brut.endswith("}") and not value.brut[:-1].strip("0")


def _blank_code(field: Field) -> str | None:
    """Blanks in a field of zeros: allowed in a text, which the norm leaves blank; noticed in a number."""
    if field.genre != "texte":
        return "champ.numerique_blanc"
    return "champ.absent" if field.presence == "O" else None
