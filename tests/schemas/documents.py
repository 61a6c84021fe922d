"""The documents of `schemas/layouts` as a vendor reads them: tomllib alone, inheritance, blocks and repeats worked out.

Nothing of `fse` is imported.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

LAYOUTS = Path(__file__).resolve().parents[2] / "schemas" / "layouts"

Document = dict[str, Any]


def read_toml(path: Path) -> Document:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def own(edition: str) -> tuple[Document, Document, dict[str, Document]]:
    """The manifest, the blocks and the records, by the name of their file, that the folder of an edition holds."""
    folder = LAYOUTS / edition
    documents = {path.stem: read_toml(path) for path in sorted(folder.glob("*.toml"))}
    return documents.pop("famille"), documents.pop("blocs", {}), documents


def parent_of(edition: str) -> str | None:
    heritage = own(edition)[0].get("herite")
    return f"{edition.split('/')[0]}/{heritage}" if heritage else None


@cache
def manifest_of(edition: str) -> Document:
    """The manifest of an edition, keys that it inherits included."""
    parent = parent_of(edition)
    return (manifest_of(parent) if parent else {}) | own(edition)[0]


@cache
def blocks_of(edition: str) -> Document:
    parent = parent_of(edition)
    return (blocks_of(parent) if parent else {}) | own(edition)[1]


@cache
def raw_records_of(edition: str) -> dict[str, Document]:
    """The records of an edition as they are written, those that it inherits included."""
    manifest, _, records = own(edition)
    parent = parent_of(edition)
    inherited = raw_records_of(parent) if parent else {}
    return {name: one for name, one in inherited.items() if name not in manifest.get("retire", ())} | records


@cache
def records_of(edition: str) -> dict[str, Document]:
    """The records of an edition by the name of their file: every field in order, with its source and confidence."""
    blocks = blocks_of(edition)
    records = {}
    for name, record in raw_records_of(edition).items():
        provenance = {key: record[key] for key in ("source", "confiance") if key in record}
        fields: list[Document] = []
        for entry in record["champs"]:
            for one in blocks[entry["bloc"]]["champs"] if "bloc" in entry else [entry]:
                fields.extend(_repeated(provenance | one))
        records[name] = record | {"champs": sorted(fields, key=lambda field: field["debut"])}
    return records


def _repeated(entry: Document) -> Iterator[Document]:
    """The field of an entry, or its repeats."""
    field = {key: value for key, value in entry.items() if key not in ("fois", "pas")}
    if "fois" not in entry:
        yield field
    for rank in range(entry.get("fois", 0)):
        shift = rank * entry["pas"]
        moved = {"nom": f"{field['nom']}_{rank + 1}", "debut": field["debut"] + shift, "fin": field["fin"] + shift}
        yield field | moved | ({"signe_de": f"{field['signe_de']}_{rank + 1}"} if "signe_de" in field else {})
