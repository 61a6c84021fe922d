"""The task of a unit: its files read, judged, and their rows written by payer and day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np
import pyarrow as pa

from fse.app.masse.ledger import AGAIN, Ledger, Result
from fse.app.masse.reading.container import Logique, read_container, read_containers
from fse.app.masse.reading.files import Contenu, Unite, shown
from fse.app.masse.reading.findings import Findings, gap_of
from fse.app.masse.reading.logical import FILES, IDENTIFIERS, TOTALS, table_of_files, unreadable
from fse.app.masse.reading.owners import kept_owners
from fse.app.masse.reading.packs import packs_of
from fse.app.masse.reading.parts import (
    DOUBLONS,
    LECTURE,
    RETOURS,
    TRAVAIL,
    digest_of,
    place_of,
    prepare_part,
    publish,
    withdraw,
    write_part,
)
from fse.app.masse.reading.relation import as_relation, relation_name
from fse.app.masse.reading.sharing import Longs, Read, Sharing, texts
from fse.base.errors import UnreadableError
from fse.base.findings import Finding
from fse.base.identifiers.prestataire import reduce
from fse.norm.layout.columns import Batch

_WAITING = 96 << 20
"""Bytes of rows that wait for their files to be whole before they are written."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ReadUnit:
    """Reads the files of a unit under `entree` into `sortie`. `owners`: what `keep_owners` wrote and returned.
    `marque`: the mark of the returns that count.
    """

    entree: Path
    sortie: Path
    owners: tuple[Path, str]
    marque: str

    def __call__(self, unit: Unite) -> Result:
        for phase in (LECTURE, DOUBLONS):  # what they say of tables that are about to change
            Ledger(self.sortie / TRAVAIL / phase).forget(unit.nom)
        reading = _Reading(self.sortie, unit.nom, kept_owners(*self.owners), self.marque)
        for pack in packs_of(unit.contenus):
            if len(pack) == 1:
                reading.take(pack[0], self.entree / pack[0].chemin)
            else:
                reading.take_together({one: self.entree / one.chemin for one in pack})
        return reading.end()


class _Mark(NamedTuple):
    """What was written when a content that is larger than what may wait began to be."""

    parts: int
    totals: int
    names: set[tuple[str, str]]


class _Reading:
    """One unit while it is read. Logical files are numbered from 0 in the order of the unit."""

    def __init__(self, sortie: Path, nom: str, owners: Mapping[str, str], marque: str) -> None:
        self._sortie = sortie
        self._nom = nom
        self._owners = owners
        self._marque = marque
        self._files: list[tuple[str, Logique]] = []
        self._kept: list[bool] = []
        self._digests: set[str] = set()
        self._identities: set[tuple[str, str, str, int]] = set()
        self._waiting: dict[str, list[tuple[Longs, Any]]] = {}
        self._size = 0
        self._parts: list[str] = []
        self._flushes = 0
        self._names: set[tuple[str, str]] = set()
        self._totals: list[tuple[str, Longs, Longs]] = []
        self._findings = Findings()
        self._gaps: list[dict[str, Any]] = []
        self._again = False

    def take(self, contenu: Contenu, path: Path) -> None:
        """Read one file of any bytes."""
        base, named = len(self._files), shown(contenu.chemin)
        found, gaps = Findings(), []
        mark: _Mark | None = None
        for item in _until_error(read_container(lambda: _chunks(path), self._marque)):
            if isinstance(item, Batch):
                self._add(item, base + _ordinals(item))
            elif isinstance(item, Finding):
                found.add(item, named)
                gaps += gap_of(item, named)
            elif isinstance(item, Exception):
                self._drop(base, mark)
                self._set_aside(item, contenu)
                found, gaps = Findings(), []
            else:
                self._close(item[0], named)
                if item[1] and self._size > _WAITING:
                    mark = mark or self._mark(base)
                    self._flush(len(self._files))
        self._findings.merge(found)
        self._gaps += gaps
        if self._size > _WAITING:
            self._flush(len(self._files))

    def take_together(self, paths: Mapping[Contenu, Path]) -> None:
        """Read small files of any bytes, in one go."""
        try:
            read = read_containers([path.read_bytes() for path in paths.values()], self._marque)
        except MemoryError:
            raise
        except Exception:  # which file it is of, and whether the others go well, reading them one by one says
            for contenu, path in paths.items():
                self.take(contenu, path)
            return
        numbers = []
        for contenu, items in zip(paths, read.contenus, strict=True):
            if isinstance(items, UnreadableError):
                self._set_aside(items, contenu)
                continue
            named = shown(contenu.chemin)
            for item in items:
                if isinstance(item, Finding):
                    self._findings.add(item, named)
                    self._gaps += gap_of(item, named)
                else:
                    numbers.append(len(self._files))
                    self._close(item, named)
        for batch in read.batches:
            self._add(batch, np.array(numbers, np.int64)[_ordinals(batch)])
        if self._size > _WAITING:
            self._flush(len(self._files))

    def end(self) -> Result:
        """Write what waits; what the unit gave. `lecture`: this reading and no other; `empreinte`: its rows."""
        self._flush(len(self._files))
        files = f"{FILES}/{self._nom}.parquet"
        write_part(self._sortie, files, table_of_files(self._files, self._totals))
        names = sorted(self._names)
        columns = [[cabinet for cabinet, _ in names], [name for _, name in names], [reduce(name) for _, name in names]]
        publish(self._sortie, self._parts)
        identifiers = f"{TRAVAIL}/identifiant/{self._nom}.parquet"
        schema = pa.schema([(one, pa.string()) for one in ("cabinet", "brut", "prestataire")])
        write_part(self._sortie, identifiers, pa.table(columns, schema=schema))
        return {
            "lecture": uuid4().hex,
            "empreinte": digest_of(self._sortie, [*self._parts, files]),
            "parties": self._parts,
            "fichiers": files,
            "identifiants": identifiers,
            "constats": self._findings.all(),
            "ecarts": self._gaps,
            AGAIN: self._again,
        }

    def _add(self, batch: Batch, files: Longs) -> None:
        if not len(files):
            return
        self._waiting.setdefault(batch.layout.type, []).append((files, batch.rows))
        self._size += batch.rows.nbytes

    def _close(self, logique: Logique, named: str) -> None:
        new = not logique.motif and logique.empreinte not in self._digests and logique.identite not in self._identities
        self._digests.add(logique.empreinte)
        if new:
            self._identities.add(logique.identite)
        self._files.append((named, logique))
        self._kept.append(new)

    def _set_aside(self, error: Exception, contenu: Contenu) -> None:
        self._files.append((shown(contenu.chemin), unreadable(error, contenu.taille)))
        self._kept.append(False)
        self._again = self._again or not isinstance(error, UnreadableError)

    def _mark(self, base: int) -> _Mark:
        """Write what waits of the files before this one: what comes next can be taken back."""
        self._flush(base)
        return _Mark(len(self._parts), len(self._totals), set(self._names))

    def _drop(self, base: int, mark: _Mark | None) -> None:
        """Forget all of a content that could not be read to its end."""
        del self._files[base:], self._kept[base:]
        self._digests = {one.empreinte for _, one in self._files}
        self._identities = {one.identite for (_, one), new in zip(self._files, self._kept, strict=True) if new}
        for type, waiting in self._waiting.items():
            self._waiting[type] = [one for one in waiting if one[0][0] < base]
        self._size = sum(one.nbytes for waiting in self._waiting.values() for _, one in waiting)
        if mark:
            withdraw(self._sortie, self._parts[mark.parts :])
            del self._parts[mark.parts :], self._totals[mark.totals :]
            self._names = mark.names

    def _flush(self, count: int) -> None:
        """Write the rows of the first `count` files, which have ended: all rows of these were given."""
        kept = np.array(self._kept[:count], bool)
        read: dict[str, Read] = {}
        later: dict[str, list[tuple[Longs, Any]]] = {}
        for type, waiting in sorted((type, found) for type, found in self._waiting.items() if found):
            files = np.concatenate([ordinals for ordinals, _ in waiting])
            rows = pa.Table.from_batches([one for _, one in waiting])
            if files[-1] >= len(kept):
                ended = int(np.searchsorted(files, len(kept)))
                later[type] = [(files[ended:], one) for one in rows.slice(ended).combine_chunks().to_batches()]
                files, rows = files[:ended], rows.slice(0, ended)
            if not kept[files].all():
                files, rows = files[kept[files]], rows.filter(pa.array(kept[files]))
            if len(files):
                read[type] = Read(files, rows)
        self._waiting = later
        self._size = sum(one.nbytes for waiting in later.values() for _, one in waiting)
        if "000" in read:
            self._write(read)
        self._flushes += 1

    def _write(self, read: Mapping[str, Read]) -> None:
        sharing = Sharing(read, self._owners)
        places, place_of_file = _coded([place_of(one) for _, one in self._files])
        digests = [one.empreinte for _, one in self._files]
        for type, rows in read.items():
            shared = sharing.share(type, rows)
            files = rows.files[shared.rows]
            where = place_of_file[files] * len(sharing.cabinets) + sharing.in_order(shared.codes)
            order = np.argsort(where, kind="stable") if (np.diff(where) < 0).any() else np.arange(len(where))
            table = as_relation(type, rows.rows).take(pa.array(shared.rows[order]))
            table = table.add_column(0, "fichier", texts(digests, files[order]))
            table = table.add_column(0, "cabinet", texts(sharing.cabinets, shared.codes[order]))
            self._note(type, table, files[order], shared.codes[order])
            for place, start, stop in _runs(place_of_file[files][order]):
                chemin = f"{RETOURS}/{relation_name(type)}/{places[place]}/{self._nom}-{self._flushes}.parquet"
                prepare_part(self._sortie, chemin, table.slice(start, stop - start))
                self._parts.append(chemin)

    def _note(self, type: str, table: Any, files: Longs, codes: Longs) -> None:
        """What the report and the matching need of these rows: totals by file, names of prestataires by practice."""
        if type in TOTALS:
            name, amounts_of = TOTALS[type]
            amounts = amounts_of(table)
            self._totals.append((name, files, amounts))
            self._totals.append((f"{name}_sans_cabinet", files[codes == 0], amounts[codes == 0]))
        if type in IDENTIFIERS:
            named = table.select(["cabinet", IDENTIFIERS[type]]).group_by(["cabinet", IDENTIFIERS[type]]).aggregate([])
            pairs = zip(*(one.to_pylist() for one in named.columns), strict=True)
            self._names |= {(cabinet, name) for cabinet, name in pairs if name is not None}


def _ordinals(batch: Batch) -> Longs:
    """The file of each row, from 0."""
    found: Longs = batch.rows["fichier"].to_numpy().astype(np.int64) - 1
    return found


def _until_error(
    items: Iterator[Batch | Finding | tuple[Logique, bool]],
) -> Iterator[Batch | Finding | tuple[Logique, bool] | Exception]:
    """What reading gives, and last what stops it: one file of forty thousand stops no other. What whoever listens
    raises is not caught.
    """
    while True:
        try:
            item = next(items, None)
        except MemoryError:
            raise
        except Exception as error:
            yield error
            return
        if item is None:
            return
        yield item


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _coded(values: list[str]) -> tuple[list[str], Longs]:
    """The distinct values, and the code of each."""
    distinct = sorted(set(values))
    known = {value: code for code, value in enumerate(distinct)}
    return distinct, np.array([known[value] for value in values], np.int64)


def _runs(codes: Longs) -> Iterator[tuple[int, int, int]]:
    """Each run of equal codes: code, start, end."""
    cuts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    for start, stop in pairwise(cuts):
        if stop > start:
            yield int(codes[start]), start, stop
