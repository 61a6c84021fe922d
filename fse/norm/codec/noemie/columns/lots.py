"""Whose lots a return names, many records at a time: what `Providers` says one entity at a time."""

from __future__ import annotations

from copy import copy
from datetime import date
from itertools import repeat
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa

from fse.base.dates import from_days
from fse.norm.codec.noemie.columns.codes import texts_of
from fse.norm.codec.noemie.columns.window import Longs, Returns
from fse.norm.codec.noemie.counting import LOTS
from fse.norm.codec.noemie.providers import FIELDS, NAMING, Providers
from fse.norm.layout import EntityRow

LOTS_MAX = 1000
"""As many lots as the record checks remember."""
_MOST_STATES = 4096
_PLACES = frozenset({"081", "080"})
_NO_NUMBER, _NO_DAY = int(np.iinfo(np.int64).min), int(np.iinfo(np.int32).min)

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
            names = texts_of(rows.table.column(FIELDS[type])) if type in FIELDS else repeat(None)
            events.extend(zip(rows.records.tolist(), repeat(type), names, strict=False))
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
        numbers, days = (_units(rows.table.column(nom)) for nom in ("numero_lot", "date_lot"))
        changes = np.ones(len(numbers), np.bool_)
        changes[1:] = (numbers[1:] != numbers[:-1]) | (days[1:] != days[:-1])
        opening = np.searchsorted(rows.records, np.concatenate([places, window.firsts]))
        changes[opening[opening < len(changes)]] = True
        named = np.flatnonzero(changes)
        records = rows.records[named]
        above = states[np.searchsorted(places, records, side="right") - 1]
        columns = (window.files_of(records), above, numbers[named], days[named])
        for file, state, number, day in set(zip(*(column.tolist() for column in columns), strict=True)):
            lot = None if number == _NO_NUMBER else number, None if day == _NO_DAY else from_days(day)
            lots[file].add((self._states[state].numero, *lot))


def _units(column: Any) -> Any:
    """The values of a column of whole numbers or days, `_NO_NUMBER` or `_NO_DAY` where it is null: (k,)."""
    is_day = pa.types.is_date32(column.type)
    units = column.view(pa.int32()) if is_day else column
    if column.null_count:
        units = units.fill_null(_NO_DAY if is_day else _NO_NUMBER)
    return units.to_numpy(zero_copy_only=False)
