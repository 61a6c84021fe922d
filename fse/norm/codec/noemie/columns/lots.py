"""Whose lots a return names, many records at a time: what `Providers` says one entity at a time."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from fse.base.dates import from_days
from fse.base.identifiers.prestataire import reduce
from fse.norm.codec.noemie.columns.window import Longs, Mask, Returns
from fse.norm.codec.noemie.counting import LOTS
from fse.norm.codec.noemie.providers import FIELDS, KEPT, PLACES, RECIPIENT

_NO_NUMBER, _NO_DAY = int(np.iinfo(np.int64).min), int(np.iinfo(np.int32).min)
_UNNAMED, _NOBODY = -1, 0
"""Codes: nothing is named there; what is named there is no prestataire."""

Lot = tuple[str, int | None, date | None]
"""The prestataire, the number of the lot, and its day."""


class LotsNamed:
    """Follows the files of one edition: what stands named when a window ends still does when the next one starts."""

    def __init__(self) -> None:
        self._above: dict[str, str | None] = dict.fromkeys(FIELDS)

    def see(self, window: Returns) -> tuple[list[set[Lot]], set[int]]:
        """The lots of each file of the window, and the files whose names are not of one prestataire."""
        people = _People()
        named = self._named(window, people)
        told = window.of(*PLACES)
        wrong = told[named.differ()[named.behind(told)]]
        lots: list[set[Lot]] = [set() for _ in window.firsts]
        for type in LOTS & window.rows.keys():
            _add_lots(window, type, named, people, lots)
        return lots, set(window.files_of(wrong).tolist())

    def _named(self, window: Returns, people: _People) -> _Named:
        """A level keeps its name until an entity gives another or does not keep it (`KEPT`)."""
        types = [type for type in KEPT if type in window.rows]
        sizes = [1, *(len(window.rows[type].records) for type in types)]
        records = np.concatenate([[-1], *(window.rows[type].records for type in types)])
        order = np.argsort(records, kind="stable")
        names = {}
        for level, field in FIELDS.items():
            given = np.full(len(records), _UNNAMED)
            given[0] = people.code(self._above[level])
            if level in types:
                start = sum(sizes[: 1 + types.index(level)])
                rows = window.rows[level]
                given[start : start + len(rows.records)] = people.codes(rows.table.column(field))
            kept = np.repeat([False, *(level in KEPT[type] for type in types)], sizes)
            giving = np.maximum.accumulate(np.where(kept[order], 0, np.arange(len(records))))
            names[level] = given[order][giving]
        self._above = {level: people.numero(codes[-1]) for level, codes in names.items()}
        return _Named(records[order], names)


class _Named(NamedTuple):
    """The n records that name someone or close a name, in order, after what stood before the window.

    `records`: which of the window, -1 first, (n,); `names`: behind each, the code of who is named at each level of
    `FIELDS`, (n,).
    """

    records: Longs
    names: dict[str, Longs]

    def behind(self, records: Longs) -> Longs:
        """Which of the n is the last one up to each of these records."""
        return np.searchsorted(self.records, records, side="right") - 1

    def most_precise(self) -> Longs:
        """Whom the most precise name is of, (n,)."""
        found = np.full(len(self.records), _NOBODY)
        for codes in self.names.values():
            found = np.where(codes == _UNNAMED, found, codes)
        return found

    def differ(self) -> Mask:
        """True where two names are not of one prestataire; who concentrates files is none, and may be any, (n,)."""
        found = np.zeros(len(self.records), np.bool_)
        above = np.full(len(self.records), _UNNAMED)
        for level, codes in self.names.items():
            named = codes > _NOBODY if level == RECIPIENT else codes != _UNNAMED
            found |= named & (above != _UNNAMED) & (codes != above)
            above = np.where(named, codes, above)
        return found


class _People:
    """The prestataires named in a window: 9 characters by code; 0 is nobody."""

    def __init__(self) -> None:
        self._numeros = [""]
        self._codes = {"": _NOBODY}

    def numero(self, code: int) -> str | None:
        return None if code == _UNNAMED else self._numeros[code]

    def code(self, numero: str | None) -> int:
        if numero is None:
            return _UNNAMED
        if numero not in self._codes:
            self._codes[numero] = len(self._numeros)
            self._numeros.append(numero)
        return self._codes[numero]

    def codes(self, column: Any) -> Longs:
        """The code of each name of a column, (k,)."""
        words = column.dictionary_encode()
        bruts = words.dictionary.to_pylist()
        found = [self.code(reduce(brut) if brut.strip() else None) for brut in bruts]
        places = words.indices.fill_null(len(found)) if column.null_count else words.indices
        coded: Longs = np.array([*found, _UNNAMED])[places.to_numpy()]
        return coded


def _add_lots(window: Returns, type: str, named: _Named, people: _People, lots: list[set[Lot]]) -> None:
    """Adds the lots of the records of a type, each once where it changes."""
    rows = window.rows[type]
    numbers, days = (_units(rows.table.column(nom)) for nom in ("numero_lot", "date_lot"))
    changes = np.ones(len(numbers), np.bool_)
    changes[1:] = (numbers[1:] != numbers[:-1]) | (days[1:] != days[:-1])
    opening = np.searchsorted(rows.records, np.concatenate([named.records, window.firsts]))
    changes[opening[opening < len(changes)]] = True
    places = np.flatnonzero(changes)
    records = rows.records[places]
    columns = (window.files_of(records), named.most_precise()[named.behind(records)], numbers[places], days[places])
    for file, code, number, day in set(zip(*(column.tolist() for column in columns), strict=True)):
        lot = None if number == _NO_NUMBER else number, None if day == _NO_DAY else from_days(day)
        lots[file].add((people.numero(code) or "", *lot))


def _units(column: Any) -> Any:
    """The values of a column of whole numbers or days, `_NO_NUMBER` or `_NO_DAY` where it is null: (k,)."""
    is_day = pa.types.is_date32(column.type)
    units = column.view(pa.int32()) if is_day else column
    if column.null_count:
        units = units.fill_null(_NO_DAY if is_day else _NO_NUMBER)
    return units.to_numpy(zero_copy_only=False)
