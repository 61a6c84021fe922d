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

import pyarrow as pa
import pyarrow.parquet as pq

from fse.base.identifiers.prestataire import reduce

NOBODY = ""

_DECLARED = (("prestataire", "prestataire"), ("mandat", "beneficiaire"))
"""Relations of an archive that say of whom a number is, and their column of it, the most precise first."""


def gather_owners(envois: Sequence[Path]) -> dict[str, str]:
    """Number (9 characters) → practice, of all these archives; those that two practices declare are left out."""
    found: dict[str, str] = {}
    for relation, column in _DECLARED:
        declared: dict[str, set[str]] = {}
        for envoi in envois:
            for path in sorted([*envoi.glob(f"{relation}.parquet"), *envoi.glob(f"{relation}/**/*.parquet")]):
                table = pq.read_table(path, columns=["cabinet", column])
                for cabinet, number in zip(*(one.to_pylist() for one in table.columns), strict=True):
                    declared.setdefault(number, set()).add(cabinet)
        for number, cabinets in declared.items():
            found.setdefault(number, min(cabinets) if len(cabinets) == 1 else NOBODY)
    return {number: cabinet for number, cabinet in found.items() if cabinet != NOBODY}


def keep_owners(path: Path, owners: Mapping[str, str]) -> str:
    """Write them for the processes that read; what they are, in a few characters."""
    path.parent.mkdir(parents=True, exist_ok=True)
    numbers = sorted(owners)
    pq.write_table(pa.table({"numero": numbers, "cabinet": [owners[one] for one in numbers]}), path)
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
