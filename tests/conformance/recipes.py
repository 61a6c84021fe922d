"""Recipes of `cas.toml` to bytes: what stands in each field is written in the case, where it stands in the oracles.

Nothing is computed but the seals: a wrong total is a wrong total because somebody typed it. Nothing here imports `fse`.
What the keys of a recipe mean is in `fixtures/README.md`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tests.oracles import arl_oracle, b2_oracle, noemie_oracle
from tests.oracles.positions import Position
from tests.oracles.positions_arl import ARL
from tests.oracles.positions_b2 import B2_EDITIONS, PARENTS
from tests.oracles.positions_noemie import NOEMIE, NOEMIE_RECORD

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

Recipe = Mapping[str, Any]
_SOURCES = ("enregistrements", "reprend", "brut")
_ALL = "tous"
_STEPS = ("change", "ordre", "scelle", "fins_de_ligne", "octets", "avant", "apres")
_BYTES = ("en", "retire", "remplace", "insere", "coupe")


def make(folder: Path, recipe: Recipe) -> bytes:
    """The bytes of one file of the case in `folder`. Raises `ValueError` on a recipe that says nothing clear."""
    if unknown := set(recipe) - {"fichier", "edition", *_SOURCES, *_STEPS}:
        raise ValueError(f"{folder.name}: unknown keys {sorted(unknown)}")
    if len(set(recipe) & set(_SOURCES)) != 1:
        raise ValueError(f"{folder.name}: a recipe has one of {_SOURCES}")
    try:
        data = _records_of(folder, recipe)
    except ValueError as error:
        raise ValueError(f"{folder.parent.name}/{folder.name}, {recipe['fichier']}: {error}") from error
    if end := recipe.get("fins_de_ligne"):
        data = b"".join(data[start : start + 128] + _text(end) for start in range(0, len(data), 128))
    for operation in recipe.get("octets", ()):
        data = _bytes_changed(data, operation)
    return _text(recipe.get("avant", "")) + data + _text(recipe.get("apres", ""))


def _records_of(folder: Path, recipe: Recipe) -> bytes:
    family = folder.parent.name
    if "brut" in recipe:
        return _text(recipe["brut"])
    if "reprend" in recipe:
        data = b"".join((folder.parent / path).read_bytes() for path in recipe["reprend"])
        if not set(recipe) & {"change", "ordre", "scelle"}:
            return data
        entities = noemie_oracle.unwrap(data) if family == "noemie" else b2_oracle.records(data)
    else:
        entities = [_entity(family, recipe.get("edition"), one) for one in recipe["enregistrements"]]
    for change in recipe.get("change", ()):
        rang = change["rang"]
        texts = {name: value for name, value in change.items() if name != "rang"}
        entities[rang - 1] = _changed(_table(family, entities, entities[rang - 1]), entities[rang - 1], texts)
    if "ordre" in recipe:
        entities = [entities[rang - 1] for rang in recipe["ordre"]]
    if recipe.get("scelle"):
        entities = _sealed(entities)
    if family != "noemie":
        return b"".join(entities)
    return noemie_oracle.wrap(entities[1:-1], entities[0], entities[-1])


def _entity(family: str, edition: str | None, fields: Recipe) -> bytes:
    """A record or entity: the defaults of its type, then the fields given; `brut` alone is taken as it stands."""
    if "brut" in fields:
        return _text(fields["brut"])
    kind = fields["type"]
    given = {name: value for name, value in fields.items() if name != "type"}
    if family == "b2":
        edition = edition or b2_oracle.FIRST
        table = b2_oracle.positions_of(kind, edition)
        return b2_oracle.assemble(kind, _widened(table, {**b2_defaults(edition, kind), **given}), edition)
    values = {**defaults(family).get(kind, {}), **given}
    if family == "arl":
        return arl_oracle.assemble(kind, _widened(ARL[kind], values))
    return noemie_oracle.assemble(kind, _widened(NOEMIE[kind], values))


def _table(family: str, entities: list[bytes], entity: bytes) -> list[Position]:
    """The positions of one of these entities."""
    if family == "arl":
        return ARL[arl_oracle.record_type(entity)]
    if family == "b2":
        return b2_oracle.positions_of(b2_oracle.record_type(entity), b2_oracle.edition_of(entities))
    return NOEMIE[noemie_oracle.entity_type(entity)]


def _changed(table: Iterable[Position], entity: bytes, values: Recipe) -> bytes:
    """The same entity with these fields written over."""
    places = {name: (start, end) for name, start, end in table}
    for name, text in _widened(table, values).items():
        start, end = places[name]
        entity = entity[: start - 1] + _text(text) + entity[end:]
    return entity


def _widened(table: Iterable[Position], values: Recipe) -> dict[str, str]:
    """Each value as the text that fills its field: a number with zeros before, a text with blanks after."""
    widths = {name: end - start + 1 for name, start, end in table}
    texts = {}
    for name, value in values.items():
        if name not in widths:
            raise ValueError(f"no field {name}")
        if isinstance(value, date):
            text = value.strftime("%y%m%d")
        else:
            text = value.ljust(widths[name]) if isinstance(value, str) else str(value).zfill(widths[name])
        if len(text) != widths[name] or text.startswith("-"):
            raise ValueError(f"{name} takes {widths[name]} characters, not {text!r}")
        texts[name] = text
    return texts


def _sealed(records: list[bytes]) -> list[bytes]:
    """The records with the seals of our open profile in the zones of types 5 and 6 (recomputed by the oracle)."""
    sealed: list[bytes] = []
    seals: list[str] = []
    header, start = b"", 0
    for record in records:
        kind, seal = b2_oracle.record_type(record), ""
        if kind == "1":
            header, seals = record, []
        elif kind == "2":
            start = len(sealed)
        elif kind == "5":
            seal = b2_oracle.seal_of_invoice([*sealed[start:], record])
            seals.append(seal)
        elif kind == "6":
            seal = b2_oracle.seal_of_lot(header, seals, record)
        sealed.append(_changed(b2_oracle.positions_of(kind), record, {"certification": seal}) if seal else record)
    return sealed


def _bytes_changed(data: bytes, operation: Recipe) -> bytes:
    """One change of bytes, at the 0-based offset `en`."""
    if set(operation) - set(_BYTES) or len(operation) != 2:
        raise ValueError(f"a change of bytes has en, and one of {_BYTES[1:]}: {dict(operation)}")
    place = operation["en"]
    if "coupe" in operation:
        return data[:place]
    if "retire" in operation:
        return data[:place] + data[place + operation["retire"] :]
    text = _text(operation.get("insere") or operation["remplace"])
    return data[:place] + text + data[place + (0 if "insere" in operation else len(text)) :]


def _text(text: str) -> bytes:
    return text.encode("latin-1")


@cache
def defaults(family: str) -> dict[str, dict[str, Any]]:
    """What the records of a family hold when a case says nothing: `fixtures/<family>/defauts.toml`."""
    document = tomllib.loads((FIXTURES / family / "defauts.toml").read_text(encoding="utf-8"))
    known = {"arl": set(ARL), "noemie": set(NOEMIE)}.get(family, {_ALL, *B2_EDITIONS, *B2_EDITIONS["ps-2005"]})
    if unknown := set(document) - known:
        raise ValueError(f"{family}/defauts.toml: unknown types {sorted(unknown)}")
    return document


@cache
def b2_defaults(edition: str, kind: str) -> dict[str, Any]:
    """What a B2 record holds when a case says nothing.

    What every record holds, then what those of this type hold, then what the edition says otherwise after the one that
    it is told by its differences with; a field that the record does not have there is left out.
    """
    document = defaults("b2")
    line = [edition]
    while line[0] in PARENTS:
        line.insert(0, PARENTS[line[0]])
    own = [document.get(one, {}).get(kind, {}) for one in line]
    values = {name: value for one in (document[_ALL], document.get(kind, {}), *own) for name, value in one.items()}
    fields = {name for name, _, _ in b2_oracle.positions_of(kind, edition)}
    return {name: value for name, value in values.items() if name in fields}


def entity_offsets(family: str, data: bytes) -> list[tuple[int, bytes]]:
    """0-based offset and bytes of each record or entity of one file without anything between its physical records.

    Counted over the framing by hand. Raises `ValueError` on anything else: an oracle does not tolerate.
    """
    if len(data) % NOEMIE_RECORD or data.count(b"128", 82, 85) != 1:
        raise ValueError("not whole records from a head on")
    if family != "noemie":
        return [(rank * NOEMIE_RECORD, record) for rank, record in enumerate(b2_oracle.records(data))]
    found: list[tuple[int, bytes]] = []
    place = 0
    entities = noemie_oracle.unwrap(data)
    if len(noemie_oracle.logical_files(entities)) != 1:
        raise ValueError("several files in one")
    for entity in entities[1:-1]:
        payload = NOEMIE_RECORD - 1
        found.append((NOEMIE_RECORD + place // payload * NOEMIE_RECORD + 1 + place % payload, entity))
        place += len(entity)
    return [(0, entities[0]), *found, (len(data) - NOEMIE_RECORD, entities[-1])]
