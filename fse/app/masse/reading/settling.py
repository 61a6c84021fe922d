"""The last word on each logical file, all units together: never twice the same, as `recevoir` decides one by one.

Files count in the order of the units. A unit alone already leaves out its own doubles; what an earlier unit had first
is taken out of the tables of the later one. Of a return that an archive of sendings already holds, what is read here
counts (`matching/returned.py`): its rows are shared out among all its practices.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fse.app.masse.ledger import Ledger, Result
from fse.app.masse.reading.logical import files_schema
from fse.app.masse.reading.parts import DOUBLONS, TRAVAIL, write_part

PAS_UN_RETOUR = frozenset({"reception.pas_un_retour", "lecture.pas_a_nous", "releve.illisible"})
"""What a file that is no return is set aside for: it is left alone, and nothing is lost."""

Identity = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Taken:
    """What is in the archives of sendings already: digests of returns, and their identities."""

    digests: frozenset[str] = frozenset()
    identities: frozenset[Identity] = frozenset()


@dataclass(frozen=True, slots=True)
class Settled:
    """`files`: every logical file with its `unite`, `verdict` and `motif`. `losers`: by unit, the digests whose rows
    its tables may not hold.
    """

    files: Any
    losers: Mapping[str, frozenset[str]]


def settle(tables: Mapping[str, Any], taken: Taken) -> Settled:
    """Decide on the files of all units, by name in their order: tables of `logical.files_schema`."""
    known: dict[str, tuple[str, str]] = {}
    identities: set[Identity] = set()
    losers: dict[str, set[str]] = {}
    verdicts: list[tuple[str, str]] = []
    units: list[str] = []
    for unit, table in tables.items():
        mine: set[str] = set()
        names = ("emetteur", "destinataire", "identifiant", "date_creation", "empreinte", "motif")
        for *identity, digest, motif in zip(*(table[name].to_pylist() for name in names), strict=True):
            other = tuple(identity) in taken.identities and digest not in taken.digests
            verdict = known.get(digest) or _first(motif, other or tuple(identity) in identities)
            if verdict[0] == "recu":
                identities.add(tuple(identity))
                mine.add(digest)
            elif not motif and digest not in mine:
                losers.setdefault(unit, set()).add(digest)
            if digest:
                known[digest] = verdict if verdict[0] == "ecarte" else ("deja_recu", "")
            verdicts.append(verdict)
            units.append(unit)
    files = pa.concat_tables(
        [table.drop_columns(["motif"]) for table in (files_schema().empty_table(), *tables.values())]
    )
    for name, values in (
        ("unite", units),
        ("verdict", [one for one, _ in verdicts]),
        ("motif", [one for _, one in verdicts]),
    ):
        files = files.append_column(name, pa.array(values, pa.string()))
    return Settled(files, {unit: frozenset(found) for unit, found in losers.items()})


def _first(motif: str, identity_taken: bool) -> tuple[str, str]:
    """The verdict on a digest never met."""
    if motif in PAS_UN_RETOUR:
        return "pas_un_retour", motif
    if motif:
        return "ecarte", motif
    return ("ecarte", "reception.identite_reprise") if identity_taken else ("recu", "")


@dataclass(frozen=True, slots=True)
class Retrait:
    """A unit of which some files are taken out: its tables, these files, and which reading wrote the tables."""

    nom: str
    parties: tuple[str, ...]
    empreintes: frozenset[str]
    lecture: str

    @property
    def source(self) -> str:
        """What was read, and what is taken out."""
        return hashlib.sha256(repr((self.lecture, sorted(self.empreintes))).encode()).hexdigest()

    @property
    def poids(self) -> int:
        return len(self.parties)


@dataclass(frozen=True, slots=True)
class TakeOut:
    """Writes the tables of a unit again, without the rows of some files."""

    sortie: Path

    def __call__(self, unit: Retrait) -> Result:
        result = {"empreintes": sorted(unit.empreintes)}
        # Said before it is done: what a kill leaves half done, the next run does again, or reads the unit again.
        Ledger(self.sortie / TRAVAIL / DOUBLONS).record(unit.nom, "", result)
        gone = pa.array(sorted(unit.empreintes), pa.string())
        for chemin in unit.parties:
            table = pq.ParquetFile(self.sortie / chemin).read()
            kept = table.filter(pc.invert(pc.is_in(table["fichier"].cast(pa.string()), gone)))
            if len(kept) < len(table):
                write_part(self.sortie, chemin, kept)
        return result


def retraits(settled: Settled, results: Mapping[str, Result]) -> list[Retrait]:
    """The work that taking these files out is. `results`: those of `ReadUnit`."""
    return [
        Retrait(unit, tuple(results[unit]["parties"]), gone, results[unit]["lecture"])
        for unit, gone in sorted(settled.losers.items())
    ]
