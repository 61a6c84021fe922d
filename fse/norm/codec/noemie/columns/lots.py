"""Whose lots a return names, many records at a time: what `Providers` says one entity at a time."""

from __future__ import annotations

from copy import copy
from datetime import date
from itertools import repeat
from operator import itemgetter
from typing import Any

import numpy as np

from fse.norm.codec.noemie.columns.window import Longs, Returns, as_numbers
from fse.norm.codec.noemie.counting import LOTS
from fse.norm.codec.noemie.providers import FIELDS, NAMING, Providers
from fse.norm.layout import EntityRow

LOTS_MAX = 1000
"""As many lots as the record checks remember."""
_MOST_STATES = 4096
_PLACES = frozenset({"081", "080"})

Lot = tuple[str, int | None, date | None]
"""The prestataire, the number of the lot, and its day."""


class LotsNamed:
    """Follows the files of one edition. What stands named above the record that goes by is one of a few states."""

    def __init__(self) -> None:
        self._start(Providers())

    def _start(self, providers: Providers) -> None:
        """Knows this state alone."""
        self._states = [providers]
        self._known = {providers.names: 0}
        self._after: dict[tuple[int, str, Any], int] = {}
        self._state = 0

    def see(self, window: Returns) -> tuple[list[set[Lot]], set[int]]:
        """The lots of each file of the window, and the files whose names are not of one prestataire."""
        if len(self._states) > _MOST_STATES:
            self._start(self._states[self._state])
        places, states = self._named(window)
        differing = np.array([one.differ for one in self._states])
        told = window.of(*_PLACES)
        wrong = told[differing[states[np.searchsorted(places, told)]]]
        lots: list[set[Lot]] = [set() for _ in window.firsts]
        for type in LOTS & window.rows.keys():
            self._lots(window, type, places, states, lots)
        return lots, set(window.files_of(wrong).tolist())

    def _named(self, window: Returns) -> tuple[Longs, Longs]:
        """The records that name someone or close a name, and the state behind each; the state before comes first."""
        events: list[tuple[int, str, Any]] = []
        for type in NAMING & window.rows.keys():
            rows = window.rows[type]
            values = rows.table.column(FIELDS[type]).to_pylist() if type in FIELDS else repeat(None)
            events.extend(zip(rows.records.tolist(), repeat(type), values, strict=False))
        events.sort(key=itemgetter(0))
        found = [self._state]
        state, after = self._state, self._after
        for _, type, value in events:
            key = (state, type, value)
            state = after[key] if key in after else self._learn(key)
            found.append(state)
        self._state = state
        return np.array([-1, *(place for place, _, _ in events)], np.int64), np.array(found, np.int64)

    def _learn(self, key: tuple[int, str, Any]) -> int:
        state, type, value = key
        providers = copy(self._states[state])
        given = {FIELDS[type]: value} if type in FIELDS else {}
        providers.see(EntityRow(type, 0, None, 0, b"", given, None))
        found = self._known.setdefault(providers.names, len(self._states))
        if found == len(self._states):
            self._states.append(providers)
        self._after[key] = found
        return found

    def _lots(self, window: Returns, type: str, places: Longs, states: Longs, lots: list[set[Lot]]) -> None:
        """Adds the lots of the records of a type, each once where it changes."""
        rows = window.rows[type]
        bounds = np.searchsorted(rows.records, places)
        above = np.repeat(states, np.diff(bounds, append=len(rows.records)))
        columns = rows.table.column("numero_lot"), rows.table.column("date_lot")
        keys = [above, *map(as_numbers, columns), *(column.is_valid() for column in columns if column.null_count)]
        changes = np.zeros(len(rows.records), np.bool_)
        for key in map(np.asarray, keys):
            changes[1:] |= key[1:] != key[:-1]
        firsts = np.searchsorted(rows.records, window.firsts)
        changes[firsts[firsts < len(changes)]] = True
        named = np.flatnonzero(changes)
        values = [column.take(named).to_pylist() for column in columns]
        owners = zip(window.files_of(rows.records[named]).tolist(), above[named].tolist(), strict=True)
        for (file, state), number, day in set(zip(owners, *values, strict=True)):
            lots[file].add((self._states[state].numero, number, day))
