"""An edition of a family of messages: its layouts, and the manifest that says how its files hang together.

The manifest (`famille.toml`) is data: how records are framed, how a record's type is told from its bytes, which
type may follow which, which type is the parent of which, and which envelope selects this edition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from fse.norm.layout.layout import Layout
from fse.norm.layout.record import CHARSET
from fse.norm.layout.values import Unparsed, Value

_KEYS_REMEMBERED = 4096


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

    @property
    def looked_at(self) -> list[slice]:
        """All that this rule looks at in a record."""
        letter = [] if self.lettre is None else [slice(self.lettre - 1, self.lettre)]
        return [slice(self.debut - 1, self.fin), *letter]

    def type_of(self, record: bytes) -> str | None:
        prefix = record[self.debut - 1 : self.fin].decode(CHARSET)
        if self.parmi is not None and prefix not in self.parmi:
            return None
        if self.lettre is None:
            return prefix
        letter = record[self.lettre - 1 : self.lettre].decode(CHARSET)
        return prefix + letter if "A" <= letter <= "Z" else None


@dataclass(frozen=True, slots=True)
class Detail:
    """How often a record may stand under one parent: `maximum` times.

    `numero` is the field that counts it from 1, `croissant` a date that never goes back.
    """

    maximum: int | None = None
    numero: str | None = None
    croissant: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """One amount of a sum: a field of the records of a type, added or (`signe` -1) taken away."""

    signe: int
    type: str
    champ: str


@dataclass(frozen=True, slots=True)
class Control:
    """What a trailer announces about the records since its opener `ouvre`, that one and itself included.

    `nombres`: a field, then the types that it counts (`4*`: whatever starts with 4, unknown sub-types included).
    `sommes`: a field, then the amounts that it adds up.
    """

    ouvre: str
    nombres: Mapping[str, tuple[str, ...]]
    sommes: Mapping[str, tuple[Term, ...]]

    def counted_in(self, type: str) -> Iterator[str]:
        """The fields of `nombres` that count a record of this type."""
        for champ, patterns in self.nombres.items():
            if any(type.startswith(one[:-1]) if one.endswith("*") else type == one for one in patterns):
                yield champ


@dataclass(frozen=True, slots=True)
class Stream:
    """Framing of entities in flagged physical records: the flag is the first byte of each physical record.

    `reprise` is what the start of an entity looks like: after an unknown one, reading resumes behind the next
    terminator that it follows.
    """

    suite: bytes
    dernier: bytes
    bourrage: bytes
    terminateur: bytes
    reprise: bytes


class Step(NamedTuple):
    """Where a record stands: the type right above it, `None` at the top, and what is open from it on, outermost first.

    `usual`: about its place there is no more to ask.
    """

    parent: str | None
    opened: tuple[str, ...]
    usual: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition: `layouts` by type, and what its manifest says. `longueur` is the physical record, in bytes.

    `enveloppe`: its files start with the head that all families of these norms have (`enveloppe.toml`).
    """

    famille: str
    nom: str
    libelle: str
    source: str
    confiance: str
    longueur: int
    stream: Stream | None
    enveloppe: bool
    tete: str
    pied: str
    structure_supposee: bool
    reconnaissance: tuple[Condition, ...]
    lot_type: str | None
    reconnaissance_lot: tuple[Condition, ...]
    discriminants: tuple[Discriminant, ...]
    parents: Mapping[str, tuple[str, ...]]
    succession: Mapping[str, tuple[str, ...]]
    details: Mapping[str, Detail]
    controles: Mapping[str, Control]
    layouts: Mapping[str, Layout]
    _types: dict[object, str | None] = field(default_factory=dict, init=False, repr=False)
    _key: Callable[[bytes], object] = field(init=False, repr=False, compare=False)
    """All that the discriminants look at in a record."""
    _steps: dict[tuple[tuple[str, ...], str], Step] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places = [place for rule in self.discriminants for place in rule.looked_at]
        object.__setattr__(self, "_key", itemgetter(*places) if places else lambda record: None)

    def type_of(self, record: bytes) -> str | None:
        """The known type of a record, by the first discriminant that gives one; `None` when none does."""
        key = self._key(record)
        try:
            return self._types[key]
        except KeyError:
            named = self.named_type(record)
            found = named if named in self.layouts else None
            if len(self._types) < _KEYS_REMEMBERED:
                self._types[key] = found
            return found

    def named_type(self, record: bytes) -> str:
        """The type that a record claims, known or not, for people to read."""
        last = ""
        for rule in self.discriminants:
            claim = rule.type_of(record)
            if claim is not None:
                if rule.decide or claim in self.layouts:
                    return claim
                last = claim
        return last

    def step(self, opened: tuple[str, ...], type: str) -> Step:
        """Where a record of a type stands when these are open, outermost first: at most one of each type."""
        key = opened, type
        try:
            return self._steps[key]
        except KeyError:
            found = self._step(opened, type)
            if len(self._steps) < _KEYS_REMEMBERED:
                self._steps[key] = found
            return found

    def _step(self, opened: tuple[str, ...], type: str) -> Step:
        """Under its nearest open parent. What was opened after it closes, and so does the last of the same type."""
        parents = self.parents.get(type, ())
        asked = type in self.details or type == self.lot_type or type not in self.expected_after(opened)
        parent = next((one for one in reversed(opened) if one in parents), None)
        if parent is not None:
            opened = opened[: opened.index(parent) + 1]
        if type in opened:
            opened = opened[: opened.index(type)]
        return Step(parent, (*opened, type), not asked and (parent is not None or not parents))

    def expected_after(self, opened: tuple[str, ...]) -> tuple[str, ...]:
        """The types that may follow the last one of these, which was read last; at the start, when none is open."""
        return self.succession.get(opened[-1], ()) if opened else (self.tete,)

    def recognises(self, envelope: bytes) -> bool:
        """True when this edition reads the file that this first record opens (a cut one counts as blanks)."""
        head = envelope[: self.longueur].ljust(self.longueur)
        return self._hold(self.layouts[self.tete], self.reconnaissance, head)

    def surely_opens(self, envelope: bytes) -> bool:
        """True when this edition recognises it and every field of it reads. What looks like a head may be data: in a
        NOEMIE stream `000`, two capitals and, 78 bytes later, `128` are a debt without a date and a prestataire.
        """
        head = envelope[: self.longueur].ljust(self.longueur)
        return self.recognises(head) and Unparsed not in map(type, self.layouts[self.tete].parse(head).values())

    def agrees_with_lot(self, record: bytes) -> bool:
        """True when the header of a lot names this edition too."""
        return self._hold(self.layouts[self.lot_type or self.tete], self.reconnaissance_lot, record)

    def build(self, type: str, values: Mapping[str, Value]) -> bytes:
        """One record. Raises `BuildError` when a value does not fit, `KeyError` on an unknown type."""
        return self.layouts[type].build(values)

    @staticmethod
    def _hold(layout: Layout, conditions: tuple[Condition, ...], record: bytes) -> bool:
        return all(condition.holds(layout.raw(record, layout.champ(condition.champ))) for condition in conditions)
