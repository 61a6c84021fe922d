"""An edition of a family of messages: its layouts, and the manifest that says how its files hang together.

The manifest (`famille.toml`) is data: how records are framed, how a record's type is told from its bytes, which
type may follow which, which type is the parent of which, and which envelope selects this edition.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fse.norm.layout.layout import CHARSET, Layout
from fse.norm.layout.values import Value


@dataclass(frozen=True, slots=True)
class Condition:
    """What one field of a record must hold; exactly one of the three is given. Compared without trailing blanks."""

    champ: str
    parmi: tuple[str, ...] | None = None
    sauf: tuple[str, ...] | None = None
    motif: str | None = None

    def holds(self, text: str) -> bool:
        text = text.rstrip(" ")
        if self.parmi is not None:
            return text in self.parmi
        if self.sauf is not None:
            return text not in self.sauf
        return self.motif is not None and re.fullmatch(self.motif, text) is not None


@dataclass(frozen=True, slots=True)
class Discriminant:
    """One way to tell the type of a record: the bytes at `prefixe`, then the capital at `lettre` when there is one.

    `decide`: the type so found is the type, even when no layout knows it.
    """

    debut: int
    fin: int
    lettre: int | None
    parmi: frozenset[str] | None
    decide: bool

    def type_of(self, record: bytes) -> str | None:
        prefix = record[self.debut - 1 : self.fin].decode(CHARSET)
        if self.parmi is not None and prefix not in self.parmi:
            return None
        if self.lettre is None:
            return prefix
        letter = record[self.lettre - 1 : self.lettre].decode(CHARSET)
        return prefix + letter if "A" <= letter <= "Z" else None


@dataclass(frozen=True, slots=True)
class Stream:
    """Framing of entities in flagged physical records: the flag is the first byte of each physical record."""

    suite: bytes
    dernier: bytes
    bourrage: bytes
    terminateur: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition: `layouts` by type, and what its manifest says. `longueur` is the physical record, in bytes."""

    famille: str
    nom: str
    libelle: str
    source: str
    confiance: str
    longueur: int
    stream: Stream | None
    tete: str
    pied: str
    structure_supposee: bool
    reconnaissance: tuple[Condition, ...]
    lot_type: str | None
    reconnaissance_lot: tuple[Condition, ...]
    discriminants: tuple[Discriminant, ...]
    parents: Mapping[str, tuple[str, ...]]
    succession: Mapping[str, tuple[str, ...]]
    layouts: Mapping[str, Layout]

    def type_of(self, record: bytes) -> str | None:
        """The known type of a record, by the first discriminant that gives one; `None` when none does."""
        found = self.named_type(record)
        return found if found in self.layouts else None

    def named_type(self, record: bytes) -> str:
        """The type that a record claims, known or not, for people to read."""
        claims = [(rule.type_of(record), rule.decide) for rule in self.discriminants]
        for claim, decides in claims:
            if claim is not None and (decides or claim in self.layouts):
                return claim
        return next((claim for claim, _ in reversed(claims) if claim is not None), "")

    def recognises(self, envelope: bytes) -> bool:
        """True when this edition reads the file that this first record opens."""
        return len(envelope) == self.longueur and self._hold(self.layouts[self.tete], self.reconnaissance, envelope)

    def agrees_with_lot(self, record: bytes) -> bool:
        """True when the header of a lot names this edition too."""
        return self._hold(self.layouts[self.lot_type or self.tete], self.reconnaissance_lot, record)

    def build(self, type: str, values: Mapping[str, Value]) -> bytes:
        """One record. Raises `BuildError` when a value does not fit, `KeyError` on an unknown type."""
        return self.layouts[type].build(values)

    @staticmethod
    def _hold(layout: Layout, conditions: tuple[Condition, ...], record: bytes) -> bool:
        return all(condition.holds(layout.raw(record, layout.champ(condition.champ))) for condition in conditions)
