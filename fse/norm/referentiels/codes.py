"""Code lists of the norm (`schemas/codes/<table>.csv`): label, validity, source and confidence of each code."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from functools import cache

from fse.base import resources


@dataclass(frozen=True, slots=True)
class Code:
    """One code with its French label. `debut` and `fin` bound its validity, both included; `None` is unbounded."""

    code: str
    libelle: str
    debut: date | None
    fin: date | None
    source: str
    confiance: str

    def holds(self, day: date) -> bool:
        return (self.debut is None or self.debut <= day) and (self.fin is None or day <= self.fin)


@dataclass(frozen=True, slots=True)
class Rejet:
    """A reject code in words a practice understands: what it says, why it happens, what to do next."""

    code: str
    precision: str
    libelle: str
    cause: str
    action: str
    famille: str


def code_at(table: str, code: str, day: date) -> Code | None:
    """The code of a list at a date, `None` when it is not valid then. Raises `FileNotFoundError` on an unknown list."""
    return next((entry for entry in _table(table).get(code, ()) if entry.holds(day)), None)


def rejet(code: str, precision: str = "") -> Rejet | None:
    """What is known of a reject code (4 characters) and its precision (3, optional); `None` when unknown."""
    known = _rejets()
    return known.get((code, precision)) or known.get((code, ""))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _lines(table: str) -> csv.DictReader[str]:
    return csv.DictReader(io.StringIO(resources.read_text(f"codes/{table}.csv")))


@cache
def _table(table: str) -> dict[str, tuple[Code, ...]]:
    entries: dict[str, tuple[Code, ...]] = {}
    for line in _lines(table):
        code = Code(
            line["code"], line["libelle"], _day(line["debut"]), _day(line["fin"]), line["source"], line["confiance"]
        )
        entries[code.code] = (*entries.get(code.code, ()), code)
    return entries


@cache
def _rejets() -> dict[tuple[str, str], Rejet]:
    known: dict[tuple[str, str], Rejet] = {}
    for line in _lines("rejets"):
        entry = Rejet(line["code"], line["precision"], line["libelle"], line["cause"], line["action"], line["famille"])
        known[(entry.code, entry.precision)] = entry
        known.setdefault((entry.code, ""), entry)
    return known
