"""What `fse lire` prints of one file: JSON objects for programs, one a line, made as they are read.

Objects come in the order of the file. Each has `fichier` and `type`:
- a record or entity: its `type`, `rang`, `octet`, `longueur`, `niveau` when it has one, `champs`, `constats`; one that
  no layout reads has a single field, `inconnu`;
- `cadrage`: `octet` and `brut`, the bytes that belong to no record;
- `constat`: what concerns the file and no record; `champs` is empty, the finding is in `constats`;
- `releve`: a statement of a camt.053 document, which has no records (`reading_statements`);
- `fichier`: the end of a logical file, with its edition, its digest (`empreinte`) and whether it is complete.

What a reader reads is in `reading_text`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _quoted

from fse.app.cli import reading_statements
from fse.app.cli.output import finding_json
from fse.base.findings import Finding
from fse.norm.codec.releves import ReleveLu
from fse.norm.layout import CHARSET, EntityRow, FileEnd, FileStart, Framing, Item, Layout, Value

_LEVEL = "niveau"


def json_lines(fichier: str, items: Iterable[Item | ReleveLu], *, en_clair: bool = False) -> Iterator[str]:
    """One JSON object an item, without its line end, in ASCII. Raw values of findings are masked unless `en_clair`."""
    name = _quoted(fichier)
    for item in items:
        if isinstance(item, EntityRow):
            yield _row(name, item, en_clair)
        elif isinstance(item, Framing):
            raw = _quoted(item.brut.decode(CHARSET))
            yield f'{{"fichier": {name}, "type": "cadrage", "octet": {item.octet}, "brut": {raw}}}'
        elif isinstance(item, Finding):
            constats = _findings((item,), en_clair)
            yield f'{{"fichier": {name}, "type": "constat", "champs": [], "constats": {constats}}}'
        elif isinstance(item, FileEnd):
            yield _end(fichier, item)
        elif isinstance(item, ReleveLu):
            yield reading_statements.json_line(fichier, item, en_clair=en_clair)
        else:
            assert isinstance(item, FileStart)  # its octet is that of its first record


def _row(name: str, row: EntityRow, en_clair: bool) -> str:
    head = f'{{"fichier": {name}, "rang": {row.rang}, "octet": {row.octet}, "longueur": {len(row.brut)}'
    kind = f'"type": {_quoted(row.type)}'
    text = row.brut.decode(CHARSET)
    if row.layout is None:
        level = ""
        fields = f'{{"nom": "inconnu", "debut": 1, "fin": {len(text)}, "brut": {_quoted(text)}, "valeur": null}}'
    else:
        level = f', "niveau": {_quoted(text[row.layout.span(_LEVEL)])}' if _LEVEL in row.layout else ""
        fields = ", ".join(
            [
                f"{prefix}{_quoted(text[start:end])}, {_VALUE}{_value(row.valeurs[nom])}}}"
                for nom, prefix, start, end in _templates(row.layout)
            ]
        )
    return f'{head}, {kind}{level}, "champs": [{fields}], "constats": {_findings(row.constats, en_clair)}}}'


_VALUE = '"valeur": '


@lru_cache(maxsize=256)
def _templates(layout: Layout) -> tuple[tuple[str, str, int, int], ...]:
    """Of each field: its name, what its object starts with, and its 0-based span."""
    return tuple(
        (
            field.nom,
            f'{{"nom": {_quoted(field.nom)}, "debut": {field.debut}, "fin": {field.fin}, "brut": ',
            field.debut - 1,
            field.fin,
        )
        for field in layout.champs
    )


def _value(value: Value) -> str:
    """Centimes and counts as integers, dates ISO, decimals as text; null when absent or not read."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    if isinstance(value, Decimal):
        return f'"{value}"'
    return "null"


def _findings(findings: Iterable[Finding], en_clair: bool) -> str:
    return json.dumps([finding_json(one, en_clair=en_clair) for one in findings])


def _end(fichier: str, end: FileEnd) -> str:
    return json.dumps(
        {
            "fichier": fichier,
            "type": "fichier",
            "ordinal": end.ordinal,
            "famille": end.edition.famille if end.edition else None,
            "edition": end.edition.nom if end.edition else None,
            "empreinte": end.empreinte,
            "enregistrements": end.enregistrements,
            "complet": end.complet,
            "champs": [],
            "constats": [],
        }
    )
