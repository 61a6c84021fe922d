"""What reading yields, in the order of the file: starts and ends of logical files, entity rows, framing, findings.

The bytes of all `EntityRow.brut` and `Framing.brut` are the file, nothing left out: framing at its offsets, the rows
poured in order into the gaps (a row may straddle the framing of the records that carry it).

What a file has by the million is a tuple: it costs a quarter of a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fse.base.findings import Finding
from fse.norm.layout.edition import Edition
from fse.norm.layout.layout import Layout
from fse.norm.layout.values import Value


@dataclass(frozen=True, slots=True)
class FileStart:
    """A logical file opens. `edition` is `None` when no edition recognises its envelope."""

    ordinal: int
    octet: int
    edition: Edition | None


class EntityRow(NamedTuple):
    """One record or entity. `rang` is 1-based in its logical file, `octet` the 0-based offset of its first byte.

    `layout` is `None` when the type is unknown: then `type` is what stands at its place and `valeurs` is empty.
    """

    type: str
    rang: int
    rang_parent: int | None
    octet: int
    brut: bytes
    valeurs: Mapping[str, Value]
    layout: Layout | None
    constats: tuple[Finding, ...] = ()


class Framing(NamedTuple):
    """Bytes that belong to no record: flags, padding, line ends, bytes between two files."""

    octet: int
    brut: bytes


@dataclass(frozen=True, slots=True)
class FileEnd:
    """A logical file ends. `empreinte`: SHA-256 (hex) of its bytes without line ends and without bytes outside it.

    `enregistrements` counts its physical records; `complet` is true when its trailer was reached.
    """

    ordinal: int
    octet: int
    edition: Edition | None
    empreinte: str
    enregistrements: int
    complet: bool


Item = FileStart | EntityRow | Framing | Finding | FileEnd
