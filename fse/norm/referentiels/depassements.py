"""The three vocabularies of the overruns of fees (`schemas/codes/depassements.csv`): convention, B2, NOEMIE.

One row per meaning, with the code that each vocabulary gives it, `None` where our sources know none. No code stands in
two rows. The trap: `D` in B2 is the agreed fee (NOEMIE `ED`), while the `DE` of the convention and of NOEMIE is the
patient's demand, `E` in B2. No public source sets two vocabularies side by side: a row with two codes is deduced from
what each says of its own.

Source: b2.md 6, noemie.md 1.7, regles.md I.2.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from fse.base import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Depassement:
    """One meaning. `convention`: DE, DA, DM, DP; `b2`: the qualifier of record 4; `noemie`: that of entity 210."""

    convention: str | None
    b2: str | None
    noemie: str | None
    libelle: str
    source: str
    confiance: str


def of_convention(code: str) -> Depassement | None:
    """What the mention on a care sheet means in the other vocabularies; `None` when it is not one."""
    return _find(code, ((one.convention, one) for one in depassements()))


def of_b2(code: str) -> Depassement | None:
    """What a B2 qualifier means in the other vocabularies; `None` when it is not one."""
    return _find(code, ((one.b2, one) for one in depassements()))


def of_noemie(code: str) -> Depassement | None:
    """What a NOEMIE qualifier means in the other vocabularies; `None` when it is not one."""
    return _find(code, ((one.noemie, one) for one in depassements()))


@cache
def depassements() -> tuple[Depassement, ...]:
    """All meanings, in the order of the table."""
    lines = csv.DictReader(io.StringIO(resources.read_text("codes/depassements.csv")))
    return tuple(
        Depassement(
            convention=line["convention"] or None,
            b2=line["b2"] or None,
            noemie=line["noemie"] or None,
            libelle=line["libelle"],
            source=line["source"],
            confiance=line["confiance"],
        )
        for line in lines
    )


def _find(code: str, rows: Iterable[tuple[str | None, Depassement]]) -> Depassement | None:
    return next((one for own, one in rows if own == code), None)
