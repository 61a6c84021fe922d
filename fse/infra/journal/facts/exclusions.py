"""What takes the acts of an invoice out of the scope of the incentives. Facts of `facture_securisee`.

The birth date of an infant is not here: only that an act was given before the age of three months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import insert

from fse.infra.journal.facts import rows
from fse.infra.journal.schema.incentive_tables import exclusion
from fse.infra.journal.transaction import Reading, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionRow:
    """`ligne`: the rank of the act in its invoice, from 1; 0 for the whole sheet."""

    prestataire: str
    numero: int
    ligne: int
    motif: Literal["ame", "hors-presence", "nourrisson"]


def insert_exclusions(transaction: Transaction, exclusions: Iterable[ExclusionRow]) -> None:
    """Record those of an invoice; its event holds them."""
    values = [{"cabinet": transaction.cabinet, **asdict(one)} for one in exclusions]
    if values:
        transaction.connection.execute(insert(exclusion), values)


def exclusions_of(reading: Reading, prestataire: str) -> Mapping[int, frozenset[tuple[int, str]]]:
    """Those of every invoice of a prestataire, by number: (rank of the act or 0, reason)."""
    query = rows.query(exclusion, ExclusionRow, reading.cabinet).where(exclusion.c.prestataire == prestataire)
    found: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for one in rows.read_all(reading.connection, ExclusionRow, query):
        found[one.numero].add((one.ligne, one.motif))
    return {numero: frozenset(many) for numero, many in found.items()}
