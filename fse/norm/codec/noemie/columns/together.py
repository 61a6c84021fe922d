"""Many small contents read as one: what columns cost does not depend on how few rows there are.

    for item in read_together([content, …]):   # Batch | Told

Contents that are regular files and nothing else are read together; a group that is not is halved, so that one of a
thousand is read alone and the others are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from fse.base.errors import UnreadableError
from fse.base.findings import Finding, Place, finding
from fse.norm.codec.noemie.columns.judging import FichierLu
from fse.norm.codec.noemie.columns.reading import CONCATENES, read_proved
from fse.norm.layout.columns import Account, Batch
from fse.norm.referentiels.codes import PACKAGED, CodeLists


class Told(NamedTuple):
    """What is said of a content, by its place in those given: a finding, one of its files, or why it is not ours."""

    contenu: int
    item: Finding | FichierLu | UnreadableError


def read_together(contents: Sequence[bytes], codes: CodeLists = PACKAGED) -> Iterator[Batch | Told]:
    """What `read_proved` gives of each content, in their order, without the accounts.

    The column `fichier` of the batches numbers the files of all contents, in the order of their `FichierLu` (from 1);
    all else (`octet`, places, ordinals of `FichierLu`) is within the content. Memory: that of all contents at once.
    """
    yield from _Together(contents, codes).read(0, len(contents))


class _Together:
    def __init__(self, contents: Sequence[bytes], codes: CodeLists) -> None:
        self._contents = contents
        self._codes = codes
        self._files = 0

    def read(self, start: int, stop: int) -> Iterator[Batch | Told]:
        """The contents from `start` to before `stop`."""
        if stop - start == 1:
            yield from self._alone(start)
        elif (items := self._regular(start, stop)) is not None:
            yield from items
        elif stop > start:
            middle = (start + stop) // 2
            yield from self.read(start, middle)
            yield from self.read(middle, stop)

    def _alone(self, place: int) -> Iterator[Batch | Told]:
        before = self._files
        try:
            for item in read_proved(lambda: [self._contents[place]], codes=self._codes):
                if isinstance(item, Batch):
                    yield _moved(item, before, np.zeros(1, np.int64))
                elif not isinstance(item, Account):
                    self._files += isinstance(item, FichierLu)
                    yield Told(place, item)
        except UnreadableError as error:
            yield Told(place, error)

    def _regular(self, start: int, stop: int) -> list[Batch | Told] | None:
        """The same of contents that are regular files and nothing else; `None` when one is not."""
        contents = self._contents[start:stop]
        if not all(contents):
            return None
        bases = np.cumsum([0, *(len(one) for one in contents)])
        try:
            read = list(read_proved(lambda: contents, codes=self._codes))
        except UnreadableError:
            return None
        files = [item for item in read if isinstance(item, FichierLu)]
        starts, ends = np.array([file.octet for file in files]), np.array([file.fin for file in files])
        owners = np.searchsorted(bases, starts, side="right") - 1
        account = read[-1]
        whole = isinstance(account, Account) and account.relais is None
        if not (whole and np.isin(bases[:-1], starts).all() and (ends <= bases[owners + 1]).all()):
            return None
        found = [_moved(item, self._files, bases[owners]) for item in read if isinstance(item, Batch)]
        self._files += len(files)
        return [*found, *_told(read, start, owners.tolist(), bases.tolist())]


def _told(
    read: list[Batch | Finding | FichierLu | Account], first: int, owners: list[int], bases: list[int]
) -> list[Told]:
    """Findings and files, each within its content; a content of several files says so where its second one starts."""
    told: list[Told] = []
    waiting: list[Finding] = []
    ordinal, previous = 0, -1
    following = iter(owners)
    for item in read:
        if isinstance(item, Finding) and item.code != CONCATENES:
            waiting.append(item)
        elif isinstance(item, FichierLu):
            owner = next(following)
            base = bases[owner]
            ordinal = ordinal + 1 if owner == previous else 1
            previous = owner
            if ordinal == 2:
                told.append(Told(first + owner, finding(CONCATENES, Place(octet=item.octet - base))))
            told += [Told(first + owner, _within(one, base)) for one in waiting]
            told.append(
                Told(first + owner, replace(item, ordinal=ordinal, octet=item.octet - base, fin=item.fin - base))
            )
            waiting = []
    return told


def _within(told: Finding, base: int) -> Finding:
    octet = told.place.octet
    return told if octet is None else replace(told, place=replace(told.place, octet=octet - base))


def _moved(batch: Batch, before: int, bases: np.ndarray) -> Batch:
    """The rows with their files numbered behind `before` others, and their places within contents; `bases` by file."""
    rows = batch.rows
    if not before and not bases.any():
        return batch
    files = rows.column("fichier").to_numpy()
    octets = rows.column("octet").to_numpy() - (bases[files - 1] if len(bases) > 1 else bases[0])
    columns = [pa.array(files + np.int32(before), pa.int32()), *rows.columns[1:3], pa.array(octets), *rows.columns[4:]]
    return batch._replace(rows=pa.RecordBatch.from_arrays(columns, schema=rows.schema))
