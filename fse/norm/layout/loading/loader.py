"""`schemas/layouts/` to editions: the only module that reads these files, each edition once.

What the documents must be is proved in `manifest` and `proofs`; loading fails with their `ValueError` (English: an
engineer's error). An edition may inherit another of its family (`herite = "<edition>"`) and state its differences.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

from fse.base import resources
from fse.norm.layout.edition import Edition
from fse.norm.layout.loading.manifest import Family, inherit, make_edition

_ROOT = "layouts"
_MANIFEST = "famille"
_BLOCKS = "blocs"


@cache
def load_edition(famille: str, nom: str) -> Edition:
    """The edition in `schemas/layouts/<famille>/<nom>/`. Raises `ValueError` when its data does not hold together."""
    return read_edition(f"{_ROOT}/{famille}/{nom}")


@cache
def all_editions() -> tuple[Edition, ...]:
    """Every edition of `schemas/layouts/`, in the order of the folders."""
    folders = [folder for family in resources.list_folders(_ROOT) for folder in resources.list_folders(family)]
    return tuple(load_edition(*folder.split("/")[1:]) for folder in folders)


@cache
def editions() -> tuple[Edition, ...]:
    """Those whose files an envelope opens, in the same order: what a content without another mark may be."""
    return tuple(one for one in all_editions() if one.enveloppe)


@cache
def envelope_conditions() -> tuple[dict[str, Any], ...]:
    """What makes bytes an envelope whatever the edition: `debut`, `fin` (1-based) and `motif`, in their order."""
    return tuple(_toml(f"{_ROOT}/enveloppe.toml")["conditions"])


@cache
def envelope_pattern() -> re.Pattern[bytes]:
    """The same (`schemas/layouts/enveloppe.toml`), as one pattern."""
    pattern, following = b"", 1
    for condition in envelope_conditions():
        if gap := condition["debut"] - following:
            pattern += b"[\\s\\S]{%d}" % gap
        pattern += f"(?:{condition['motif']})".encode()
        following = condition["fin"] + 1
    return re.compile(pattern)


def read_edition(folder: str) -> Edition:
    """The edition of one folder of `schemas/`. Raises `ValueError` when its data does not hold together."""
    edition = make_edition(_family(folder, ()), folder)
    if not folder.endswith(f"/{edition.famille}/{edition.nom}"):
        raise ValueError(f"{folder} is not the edition {edition.famille}/{edition.nom}")
    return edition


def _family(folder: str, below: tuple[str, ...]) -> Family:
    """The documents of a folder, those it inherits included. Raises `ValueError` when editions inherit in a circle."""
    if folder in below:
        raise ValueError(f"{folder}: inherits itself")
    names = [path.rsplit("/", 1)[1].removesuffix(".toml") for path in resources.list_files(folder, ".toml")]
    documents = {name: _toml(f"{folder}/{name}.toml") for name in names}
    if _MANIFEST not in documents:
        raise ValueError(f"{folder}: no {_MANIFEST}.toml")
    manifest = documents.pop(_MANIFEST)
    blocs = {name: block["champs"] for name, block in documents.pop(_BLOCKS, {}).items()}
    if "herite" not in manifest:
        return Family(manifest, blocs, documents)
    parent = f"{folder.rsplit('/', 1)[0]}/{manifest['herite']}"
    return inherit(_family(parent, (*below, folder)), manifest, blocs, documents)


def _toml(path: str) -> dict[str, Any]:
    return _parsed(resources.read_text(path))


@cache
def _parsed(text: str) -> dict[str, Any]:
    """A document, parsed once: heirs read those of the editions they inherit. Nobody changes it."""
    return tomllib.loads(text)
