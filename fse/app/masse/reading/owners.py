"""Whose rows these are: the practice of the prestataires that a return names, as the archives of sendings declare it.

A transfer pays one payee (040): all that stands under it is of the practice of that payee, or, when no practice
declares it, of the only practice that the places of its acts (081) name, else of that of the recipient of the file. A
number that two practices declare names none: what it is paid is told apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from fse.app.masse import parquet
from fse.app.masse.reading.archives import read_table
from fse.base.identifiers.prestataire import reduce

NOBODY = ""

_DECLARED = (("prestataire", "prestataire"), ("mandat", "beneficiaire"))
"""Relations of an archive that say of whom a number is, and their column of it, the most precise first."""


class Owners(NamedTuple):
    """`cabinets`: number (9 characters) → practice. `disputes`: numbers that several practices declare, and these."""

    cabinets: dict[str, str]
    disputes: dict[str, list[str]]


def gather_owners(relations: Mapping[str, Sequence[Path]]) -> Owners:
    """What these tables declare, by relation. Raises `UsageError` as `archives.read_table` does."""
    found = Owners({}, {})
    for relation, column in _DECLARED:
        declared: dict[str, set[str]] = {}
        schema = pa.schema([("cabinet", pa.string()), (column, pa.string())])
        for path in relations.get(relation, ()):
            table = read_table(path, schema)
            for cabinet, number in zip(*(one.to_pylist() for one in table.columns), strict=True):
                if cabinet and number:
                    declared.setdefault(number, set()).add(cabinet)
        for number, cabinets in declared.items():
            if number in found.cabinets or number in found.disputes:
                continue
            if len(cabinets) == 1:
                found.cabinets[number] = min(cabinets)
            else:
                found.disputes[number] = sorted(cabinets)
    return found


def keep_owners(path: Path, owners: Mapping[str, str]) -> str:
    """Write them for the processes that read; what they are, in a few characters."""
    path.parent.mkdir(parents=True, exist_ok=True)
    numbers = sorted(owners)
    parquet.write(pa.table({"numero": numbers, "cabinet": [owners[one] for one in numbers]}), path)
    return hashlib.sha256(repr([(one, owners[one]) for one in numbers]).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def kept_owners(path: Path, cle: str) -> Mapping[str, str]:
    """What `keep_owners` wrote, once a process; `cle` is what it returned."""
    del cle  # another one is another content
    table = pq.read_table(path)
    return dict(zip(*(one.to_pylist() for one in table.columns), strict=True))


def owners_of(names: Iterable[str | None], owners: Mapping[str, str]) -> list[str]:
    """The practice of each name as a return writes it."""
    return [owners.get(reduce(name), NOBODY) if name else NOBODY for name in names]
