"""A NOEMIE return of the newer generation to Arrow, written by hand for that very file and nothing else.

This is a peer: what a skilled engineer writes with numpy when one shape of file is all that matters. Positions stand
in it. It reads the entities 040, 071, 081, 102, 198, 199, 294 and 990 and their fields that matching needs, each to
its own type; it checks flags, lengths, digits, dates, signs, counts and sums, and gives up (`ValueError`) on the
first thing that it does not expect. It knows one file of one edition, no other entity, no line end, no blank number,
no text that holds the end of an entity; it places no error, keeps no offset, climbs no tree, and is rewritten when a
position moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Array = NDArray[Any]

LENGTHS = {40: 21, 71: 86, 81: 22, 102: 40, 198: 24, 199: 49, 294: 153, 990: 43}
RECORD = 128
CHUNK = 32_768
"""Physical records read together: 4 MiB, in a buffer that is used again."""

_LENGTH_OF = np.zeros(1000, np.int64)
_LENGTH_OF[list(LENGTHS)] = list(LENGTHS.values())


class Table(NamedTuple):
    """Rows of one entity: its number and a record batch."""

    type: int
    rows: Any


def read(path: Path) -> Iterator[Table]:
    """The entities of a file, chunk by chunk. Raises `ValueError` when it is not as it should be."""
    records = path.stat().st_size // RECORD
    with path.open("rb") as stream:
        head = stream.read(RECORD)
        if not head.startswith(b"000CP") or path.stat().st_size % RECORD or records < 3:
            raise ValueError("no NOEMIE file")
        reading = _Reading()
        left = records - 2
        while left:
            size = min(left, CHUNK)
            left -= size
            yield from reading.chunk(stream.read(size * RECORD), last=not left)
        reading.prove(stream.read(RECORD), records)


class _Reading:
    def __init__(self) -> None:
        self._pool = np.empty(CHUNK * (RECORD - 1) + 256, np.uint8)
        self._kept = self._factures = self._groupes = 0
        self._count = self._sum = self._total = 0
        self._lieux = np.empty(0, np.int64), np.zeros(1, "S14")
        """Where the 081 of the chunk stand, and the places they name, the last one before the chunk first."""
        self._lots: set[tuple[bytes, bytes]] = set()

    def chunk(self, content: bytes, *, last: bool) -> Iterator[Table]:
        physical = np.frombuffer(content, np.uint8).reshape(-1, RECORD)
        flags = physical[:, 0]
        if (flags[:-1] != ord("0")).any() or flags[-1] != ord("1" if last else "0"):
            raise ValueError("flags")
        size = self._kept + len(physical) * (RECORD - 1)
        pool = self._pool[:size]
        pool[self._kept :].reshape(len(physical), RECORD - 1)[...] = physical[:, 1:]
        ends = np.flatnonzero(pool == ord("@")) + 1
        starts = np.concatenate([[0], ends[:-1]])
        types = pool[starts] * np.int64(100) + pool[starts + 1] * np.int64(10) + pool[starts + 2] - 5328
        if (_LENGTH_OF[types] != ends - starts).any():
            raise ValueError("entities")
        rest = pool[ends[-1] :]
        if last and (rest != ord(" ")).any():
            raise ValueError("padding")
        invoices, groups = types == 102, types == 71
        factures = np.cumsum(invoices) + self._factures
        groupes = np.cumsum(groups) + self._groupes
        paid = np.zeros(len(types), np.int64)
        self._lieux = self._lieux[0][:0], self._lieux[1][-1:]
        for type in LENGTHS:
            rows = np.flatnonzero(types == type)
            if len(rows):
                records = _Records(pool, starts[rows], LENGTHS[type])
                columns = getattr(self, f"_{type:03}")(records, rows, paid)
                columns["groupe"], columns["facture"] = pa.array(groupes[rows]), pa.array(factures[rows])
                yield Table(type, pa.RecordBatch.from_pydict(columns))
        self._prove_groups(pool, starts, types, invoices, paid)
        self._factures, self._groupes = int(factures[-1]), int(groupes[-1])
        self._kept = len(rest)
        self._pool[: self._kept] = rest.copy()

    def prove(self, tail: bytes, records: int) -> None:
        """The counts and the sum of the 999."""
        sign = -1 if tail[96:97] == b"N" else 1
        announced = int(tail[55:63]), int(tail[82:85]), sign * int(tail[85:96])
        if not tail.startswith(b"999") or announced != (records, len(self._lots), self._total):
            raise ValueError("tail")

    def _prove_groups(self, pool: Array, starts: Array, types: Array, invoices: Array, paid: Array) -> None:
        """The counts and the sums of the 990 of this chunk."""
        closes = np.flatnonzero(types == 990)
        counts, sums = np.cumsum(invoices) + self._count, np.cumsum(paid) + self._sum
        if len(closes):
            records = _Records(pool, starts[closes], LENGTHS[990])
            announced, total = records.number(22, 30), records.signed(30, 41)
            if (np.diff(counts[closes], prepend=0) != announced).any() or (
                np.diff(sums[closes], prepend=0) != total
            ).any():
                raise ValueError("a transfer does not add up")
            self._total += int(total.sum())
            counts, sums = counts - counts[closes[-1]], sums - sums[closes[-1]]
        self._count, self._sum = int(counts[-1]), int(sums[-1])

    def _040(self, records: _Records, rows: Array, paid: Array) -> dict[str, Any]:
        return {"beneficiaire": records.text(5, 20)}

    def _071(self, records: _Records, rows: Array, paid: Array) -> dict[str, Any]:
        return {"date_comptable": records.day(5), "organisme": records.text(75, 85)}

    def _081(self, records: _Records, rows: Array, paid: Array) -> dict[str, Any]:
        self._lieux = rows, np.concatenate([self._lieux[1][-1:], records.bytes(7, 21)])
        return {"code_retour": records.text(5, 7), "lieu": records.text(7, 21)}

    def _102(self, records: _Records, rows: Array, paid: Array) -> dict[str, Any]:
        places, lieux = self._lieux
        lots, which = records.bytes(20, 29), np.searchsorted(places, rows)
        changes = np.ones(len(rows), np.bool_)
        changes[1:] = (lots[1:] != lots[:-1]) | (which[1:] != which[:-1])
        self._lots.update(zip(lieux[which[changes]].tolist(), lots[changes].tolist(), strict=True))
        return {
            "numero": pa.array(records.number(5, 14)),
            "lot": pa.array(records.number(20, 23)),
            "date_lot": records.day(23),
            "date": records.day(30),
            "type": records.text(29, 30),
            "nature": records.text(37, 39),
        }

    def _198(self, records: _Records, rows: Array, paid: Array) -> dict[str, Any]:
        paid[rows] = amounts = records.signed(14, 22)
        return {
            "demande": pa.array(records.number(5, 13)),
            "etat": records.text(13, 14),
            "rembourse": pa.array(amounts),
        }

    def _199(self, records: _Records, rows: Array, paid: Array) -> dict[str, Any]:
        return self._198(records, rows, paid) | {"amc": records.text(23, 33), "adherent": records.text(33, 48)}

    def _294(self, records: _Records, rows: Array, paid: Array) -> dict[str, Any]:
        return {
            "code": records.text(5, 9),
            "libelle": records.text(9, 95),
            "niveau": records.text(95, 96),
            "partie": records.text(96, 97),
            "ligne": pa.array(records.number(117, 120)),
            "rang": pa.array(records.number(120, 122)),
        }

    def _990(self, records: _Records, rows: Array, paid: Array) -> dict[str, Any]:
        return {"nombre": pa.array(records.number(22, 30)), "somme": pa.array(records.signed(30, 41))}


class _Records:
    """Entities of one type: n rows of a fixed length, and their fields from `start` (0-based) to before `end`."""

    def __init__(self, pool: Array, starts: Array, length: int) -> None:
        everywhere: Any = np.ndarray((len(pool) - length + 1,), f"V{length}", pool, strides=(1,))
        self._rows = everywhere[starts].view(np.uint8).reshape(-1, length)

    def bytes(self, start: int, end: int) -> Array:
        return np.ascontiguousarray(self._rows[:, start:end]).view(f"S{end - start}").ravel()

    def text(self, start: int, end: int) -> Any:
        width, count = end - start, len(self._rows)
        data = np.ascontiguousarray(self._rows[:, start:end])
        if data.max() >= 0x80:
            latin1 = data.tobytes().decode("latin-1")
            return pa.array([latin1[place : place + width].rstrip() for place in range(0, len(latin1), width)])
        offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)
        array = pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(data))
        return array if width == 1 else pc.ascii_rtrim(array, characters=" ")

    def number(self, start: int, end: int) -> Array:
        """The digits eight at a time."""
        if end - start > 8:
            return self.number(start, end - 8) * 100_000_000 + self.number(end - 8, end)
        place, stride = max(end - 8, 0), self._rows.strides[0]
        view: Any = np.ndarray((len(self._rows),), "<u8", self._rows, offset=place, strides=(stride,))
        lanes = view << np.uint64(8 * (place + 8 - end))
        if end - start < 8:
            high = np.uint64((1 << 64) - (1 << (8 * (8 - end + start))))
            lanes = (lanes & high) | (np.uint64(0x3030303030303030) & ~high)
        lanes -= np.uint64(0x3030303030303030)
        if ((lanes | (lanes + np.uint64(0x7676767676767676))) & np.uint64(0x8080808080808080)).any():
            raise ValueError("digits")
        lanes = lanes * np.uint64(10) + (lanes >> np.uint64(8))
        pairs = np.uint64(0x000000FF000000FF)
        low = (lanes & pairs) * np.uint64(100 + (1_000_000 << 32))
        high_part = ((lanes >> np.uint64(16)) & pairs) * np.uint64(1 + (10_000 << 32))
        numbers: Array = ((low + high_part) >> np.uint64(32)).view(np.int64)
        return numbers

    def signed(self, start: int, end: int) -> Array:
        values, signs = self.number(start, end), self._rows[:, end]
        negative = signs == ord("N")
        if not (negative | (signs == ord("P"))).all():
            raise ValueError("sign")
        return np.where(negative, -values, values)

    def day(self, start: int) -> Any:
        digits = self.number(start, start + 6)
        days, absent = _calendar()[digits], digits == 0
        if ((days < 0) & ~absent).any():
            raise ValueError("date")
        return pa.array(days, pa.int32(), mask=absent).cast(pa.date32())


@cache
def _calendar() -> Array:
    """Days since 1970 of each AAMMJJ from 2000 on, -1 where there is no such day."""
    days = np.arange("2000-01-01", "2100-01-01", dtype="datetime64[D]")
    months, years = days.astype("datetime64[M]"), days.astype("datetime64[Y]")
    digits = (years.astype(int) - 30) * 10_000 + (months.astype(int) % 12 + 1) * 100 + (days - months).astype(int) + 1
    table = np.full(1_000_000, -1, np.int32)
    table[digits] = days.astype(np.int64)
    return table
