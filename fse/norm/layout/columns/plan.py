"""What an edition says, in tables that many records are looked up in at once.

A type is its number in `Plan.types`; UNKNOWN is none. Sources of bytes are uint8 (m,), starts are int64 (n,).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fse.norm.layout.columns.faces.block import Bytes
from fse.norm.layout.columns.faces.lanes import Mask
from fse.norm.layout.columns.irregular import Irregular
from fse.norm.layout.columns.table import schema_of
from fse.norm.layout.edition import Edition
from fse.norm.layout.loading.loader import load_edition

Codes = NDArray[np.int16]
Longs = NDArray[np.int64]
Chain = tuple[int, ...]
"""The types of records that are open, one in the other, outermost first."""

UNKNOWN = -1
_KEY_BYTES = 7
_LANE = 8
_KEYS_REMEMBERED = 4096
_OTHER_THAN_CAPITAL = 0


class Plan:
    """The tables of one edition. Raises `Irregular` when the edition says what they cannot hold."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.types = tuple(edition.layouts)
        self.layouts = tuple(edition.layouts.values())
        self.schemas = tuple(schema_of(edition, layout) for layout in self.layouts)
        self.longest = max(layout.longueur for layout in self.layouts)
        code_of = {type: code for code, type in enumerate(self.types)}
        self._code_of = code_of
        self.head, self.tail = code_of[edition.tete], code_of[edition.pied]
        self.lot = UNKNOWN if edition.lot_type is None else code_of[edition.lot_type]
        self.entity_lengths = self._entity_lengths()
        """Length of an entity of each type, 0 for what is none (head, tail, UNKNOWN); int64 (types + 1,)."""
        self.parents = {
            code: tuple(code_of[one] for one in edition.parents.get(type, ())) for type, code in code_of.items()
        }
        self._prove_tree()
        self._may_hold = self._pairs((parent, child) for child, parents in self.parents.items() for parent in parents)
        self._may_follow = self._pairs(
            (code_of[before], code_of[after])
            for before, following in edition.succession.items()
            for after in following
            if after != edition.tete
        )
        self.keys = TypeKeys(edition, code_of)

    def may_hold(self, parents: NDArray[Any], children: NDArray[Any]) -> Mask:
        """Whether records of the types `parents` (n,) may contain those of the types `children` (n,)."""
        return self._look_up(self._may_hold, parents, children)

    def may_follow(self, before: NDArray[Any], after: NDArray[Any]) -> Mask:
        """Whether records of the types `after` (n,) may stand right after those of the types `before` (n,)."""
        return self._look_up(self._may_follow, before, after)

    def opened(self, chain: Chain, type: int) -> Chain | None:
        """What is open after a record of this type when `chain` is before it; `None` when nothing may contain it."""
        step = self.edition.step(tuple(self.types[one] for one in chain), self.types[type])
        if step.parent is None and type != self.head:
            return None
        return tuple(self._code_of[one] for one in step.opened)

    def _entity_lengths(self) -> Longs:
        envelope = (self.head, self.tail)
        lengths = [0 if code in envelope else layout.longueur for code, layout in enumerate(self.layouts)]
        return np.array([*lengths, 0], np.int64)

    def _look_up(self, table: Mask, first: NDArray[Any], second: NDArray[Any]) -> Mask:
        found: Mask = table[first.astype(np.intp, copy=False) * len(self.types) + second]
        return found

    def _pairs(self, pairs: Iterable[tuple[int, int]]) -> Mask:
        table = np.zeros(len(self.types) ** 2, np.bool_)
        for first, second in pairs:
            table[first * len(self.types) + second] = True
        return table

    def _prove_tree(self) -> None:
        """The head alone has no parent, and no type is its own ancestor: what is open is then a chain of parents."""
        for code, parents in self.parents.items():
            if (code == self.head) == bool(parents) or code in self._ancestors(code):
                raise Irregular(f"{self.edition.nom}: {self.types[code]} has no place in a tree of chains")

    def _ancestors(self, code: int) -> set[int]:
        found: set[int] = set()
        waiting = list(self.parents[code])
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting.extend(self.parents[one])
        return found


@cache
def plan_of(famille: str, nom: str) -> Plan:
    """The plan of a packaged edition, made once. Raises `Irregular`."""
    return Plan(load_edition(famille, nom))


class TypeKeys:
    """The types of many records at once: the bytes that the discriminants look at are one key of 64 bits.

    A key is asked once of `Edition.type_of`, and remembered.
    """

    def __init__(self, edition: Edition, code_of: dict[str, int]) -> None:
        self._edition = edition
        self._code_of = code_of
        prefixes = {place for rule in edition.discriminants for place in range(rule.debut, rule.fin + 1)}
        letters = {rule.lettre for rule in edition.discriminants if rule.lettre is not None} - prefixes
        if len(prefixes | letters) > _KEY_BYTES:
            raise Irregular(f"{edition.nom}: the discriminants look at more than {_KEY_BYTES} bytes")
        self._prefixes, self._letters = sorted(prefixes), sorted(letters)
        self._together = self._prefixes[-1] - self._prefixes[0] == len(self._prefixes) - 1
        self.reach = max(prefixes | letters)
        """Bytes of a record, from its first, that tell its type."""
        self._capitals = np.full(256, _OTHER_THAN_CAPITAL, np.uint64)
        self._capitals[ord("A") : ord("Z") + 1] = np.arange(ord("A"), ord("Z") + 1)
        self._known = np.array([np.iinfo(np.uint64).max], np.uint64), np.array([UNKNOWN], np.int16)

    def codes(self, source: Bytes, starts: Longs) -> Codes:
        """The types of the records that start there, in order; each has at least `reach` bytes in the source."""
        keys = self._keys(source, starts)
        codes, met = self._known_codes(keys)
        if not met.all():
            strange = np.flatnonzero(~met)
            distinct, first, which = np.unique(keys[strange], return_index=True, return_inverse=True)
            found = [self._ask(source, int(starts[strange[one]])) for one in first.tolist()]
            learnt = np.array(found, np.int16)
            codes[strange] = learnt[which]
            self._learn(distinct[learnt != UNKNOWN], learnt[learnt != UNKNOWN])
        return codes

    def _keys(self, source: Bytes, starts: Longs) -> NDArray[np.uint64]:
        """The bytes looked at, the first one lowest; letters behind prefixes."""
        first, width = self._prefixes[0] - 1, len(self._prefixes)
        if self._together and len(starts) and int(starts[-1]) + first + _LANE <= len(source):
            lanes: Any = np.ndarray((len(source) - _LANE + 1,), np.dtype("<u8"), source, strides=(1,))
            keys: NDArray[np.uint64] = lanes[starts + first] & np.uint64((1 << (8 * width)) - 1)
        else:
            keys = np.zeros(len(starts), np.uint64)
            for shift, place in enumerate(self._prefixes):
                keys |= source[starts + (place - 1)].astype(np.uint64) << np.uint64(8 * shift)
        for shift, place in enumerate(self._letters, start=width):
            keys |= self._capitals[source[starts + (place - 1)]] << np.uint64(8 * shift)
        return keys

    def _known_codes(self, keys: NDArray[np.uint64]) -> tuple[Codes, Mask]:
        """Their codes, and which of them are known; the last known key is above any of seven bytes."""
        known, codes = self._known
        places = np.searchsorted(known, keys)
        return codes[places], known[places] == keys

    def _ask(self, source: Bytes, start: int) -> int:
        type = self._edition.type_of(source[start : start + self.reach].tobytes())
        return UNKNOWN if type is None else self._code_of[type]

    def _learn(self, keys: NDArray[np.uint64], codes: Codes) -> None:
        known, known_codes = self._known
        room = max(0, _KEYS_REMEMBERED - len(known))
        known = np.concatenate([keys[:room], known])
        order = np.argsort(known)
        self._known = known[order], np.concatenate([codes[:room], known_codes])[order]
