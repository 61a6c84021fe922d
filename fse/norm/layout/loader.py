"""`schemas/layouts/` to layouts and editions, with the proofs that make the data trustworthy.

Loading fails (`ValueError`, English: an engineer's error) when a field leaves a gap, a constant has the wrong length,
a manifest names a type that does not exist, or a key is unknown. Nothing else in `fse` reads these files.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields as dataclass_fields
from functools import cache
from typing import Any

from fse.base import resources
from fse.norm.layout.edition import Condition, Discriminant, Edition, Stream
from fse.norm.layout.fields import Field
from fse.norm.layout.layout import Layout

_ROOT = "layouts"
_FIELD_KEYS = {field.name for field in dataclass_fields(Field)}


@cache
def load_edition(famille: str, nom: str) -> Edition:
    """The edition in `schemas/layouts/<famille>/<nom>/`. Raises `ValueError` when its data does not hold together."""
    return read_edition(f"{_ROOT}/{famille}/{nom}")


@cache
def editions() -> tuple[Edition, ...]:
    """Every edition of `schemas/layouts/`, in the order of the folders."""
    folders = [folder for family in resources.list_folders(_ROOT) for folder in resources.list_folders(family)]
    return tuple(load_edition(*folder.split("/")[1:]) for folder in folders)


@cache
def envelope_pattern() -> re.Pattern[bytes]:
    """What makes bytes an envelope whatever the edition (`schemas/layouts/enveloppe.toml`)."""
    conditions = _toml(f"{_ROOT}/enveloppe.toml")["conditions"]
    pattern, following = b"", 1
    for condition in conditions:
        pattern += b"[\\s\\S]{%d}" % (condition["debut"] - following) + f"(?:{condition['motif']})".encode()
        following = condition["fin"] + 1
    return re.compile(pattern)


def read_edition(folder: str) -> Edition:
    """The edition of one folder of `schemas/`."""
    manifest = _toml(f"{folder}/famille.toml")
    blocks = {
        name: block["champs"]
        for path in resources.list_files(folder, ".toml")
        if path.endswith("/blocs.toml")
        for name, block in _toml(path).items()
    }
    layouts = {}
    for path in resources.list_files(folder, ".toml"):
        if not path.endswith(("/famille.toml", "/blocs.toml")):
            layout = _layout(_toml(path), blocks, path)
            layouts[layout.type] = layout
    edition = _edition(manifest, layouts)
    _prove(edition, folder)
    return edition


def _toml(path: str) -> dict[str, Any]:
    return tomllib.loads(resources.read_text(path))


def _layout(record: dict[str, Any], blocks: dict[str, Any], path: str) -> Layout:
    provenance = {key: record[key] for key in ("source", "confiance")}
    entries: list[dict[str, Any]] = []
    for entry in record["champs"]:
        entries.extend(blocks[entry["bloc"]] if "bloc" in entry else [entry])
    champs = []
    for entry in entries:
        if unknown := set(entry) - _FIELD_KEYS:
            raise ValueError(f"{path}: unknown keys {sorted(unknown)}")
        field = Field(**(provenance | entry))
        for text in (field.constante, field.defaut):
            if text is not None and len(text) != field.longueur:
                raise ValueError(f"{path}: {field.nom} has a constant or a default of the wrong length")
        champs.append(field)
    return Layout(type=record["type"], libelle=record["libelle"], longueur=record["longueur"], champs=tuple(champs))


def _conditions(table: dict[str, Any]) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            champ=name,
            parmi=tuple(rule["parmi"]) if "parmi" in rule else None,
            sauf=tuple(rule["sauf"]) if "sauf" in rule else None,
            motif=rule.get("motif"),
        )
        for name, rule in table.items()
    )


def _edition(manifest: dict[str, Any], layouts: dict[str, Layout]) -> Edition:
    lot = dict(manifest.get("reconnaissance_lot", {}))
    flux = manifest.get("flux")
    return Edition(
        famille=manifest["famille"],
        nom=manifest["edition"],
        libelle=manifest["libelle"],
        source=manifest["source"],
        confiance=manifest["confiance"],
        longueur=manifest["longueur"],
        stream=Stream(
            suite=flux["suite"].encode(),
            dernier=flux["dernier"].encode(),
            bourrage=flux["bourrage"].encode(),
            terminateur=flux["terminateur"].encode(),
        )
        if flux
        else None,
        tete=manifest["tete"],
        pied=manifest["pied"],
        structure_supposee=manifest["structure"] == "supposee",
        reconnaissance=_conditions(manifest["reconnaissance"]),
        lot_type=lot.pop("type", None),
        reconnaissance_lot=_conditions(lot),
        discriminants=tuple(
            Discriminant(
                debut=rule["prefixe"][0],
                fin=rule["prefixe"][1],
                lettre=rule.get("lettre"),
                parmi=frozenset(rule["parmi"]) if "parmi" in rule else None,
                decide=rule.get("decide", False),
            )
            for rule in manifest["discriminants"]
        ),
        parents={type: tuple(parents) for type, parents in manifest["parents"].items()},
        succession={type: tuple(following) for type, following in manifest["succession"].items()},
        layouts=layouts,
    )


def _prove(edition: Edition, folder: str) -> None:
    named = {edition.tete, edition.pied} | set(edition.parents) | set(edition.succession)
    named |= {type for types in (*edition.parents.values(), *edition.succession.values()) for type in types}
    if edition.lot_type:
        named.add(edition.lot_type)
    if missing := named - set(edition.layouts):
        raise ValueError(f"{folder}: the manifest names records that have no layout: {sorted(missing)}")
    if orphans := set(edition.layouts) - set(edition.parents) - {edition.tete}:
        raise ValueError(f"{folder}: records without a place in the tree: {sorted(orphans)}")
    for type in (edition.tete, edition.pied):
        if edition.layouts[type].longueur != edition.longueur:
            raise ValueError(f"{folder}: the envelope {type} is not one physical record")
    if edition.stream is None and any(layout.longueur != edition.longueur for layout in edition.layouts.values()):
        raise ValueError(f"{folder}: a record has another length than the family")
