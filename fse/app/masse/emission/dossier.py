"""The folder of a sending: what of it is there already, and how what is not comes there.

A folder that has this file and these facts is that of this sending. What it lacks is made again: a signature of the
same bytes says the same. Where the file is missing or one byte or one fact differs, it is another sending: it is
refused, never overwritten, for its signatures could be those of bytes that nobody knows any more, or its facts already
matched. Signatures that are there are not verified (`fse verifier` does).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fse.base.errors import StorageError
from fse.base.french import system_reason

_FACTS = ".parquet"


class Dossier:
    """The folder `sortie/<nom>` of one sending: its B2 file in pieces, its `lots`, its facts (Arrow tables)."""

    def __init__(self, folder: Path, content: Sequence[bytes], lots: int, facts: Mapping[str, Any]) -> None:
        self._folder = folder
        self._content = content
        self._lots = lots
        self._facts = {f"{name}{_FACTS}": table for name, table in facts.items()}
        self._b2 = f"{folder.name}.b2"

    def missing(self) -> list[str]:
        """The names of the files that are not there. Raises `StorageError` (`sortie.differente`)."""
        names = [self._b2, *map(self.signature, range(self._lots)), *self._facts]
        with _reaching(self._folder):
            if not self._folder.exists():
                return names
            there = {path.name for path in self._folder.iterdir()}
            same = (
                self._b2 in there
                and self._has_these_bytes()
                and all(map(self._has_these_facts, there & {*self._facts}))
            )
        if not same:
            raise StorageError(
                "sortie.differente",
                "Un autre envoi porte déjà ce nom (autre fichier, ou autres faits) : il n'est pas écrasé.",
                action="Le déplacer ou donner un autre identifiant de fichier, puis recommencer.",
                lieu=str(self._folder),
            )
        return [name for name in names if name not in there]

    def signature(self, rank: int) -> str:
        """What the signature of a lot is called; `rank` from 0."""
        return f"{self._folder.name}-{rank + 1:03d}.p7s"

    def add(self, names: Sequence[str], signatures: Mapping[str, bytes]) -> None:
        """Puts these files there: the folder whole, or each file whole in a folder that is there already."""
        from fse.app.masse import parquet

        with _reaching(self._folder):
            temporary = self._folder.with_name(f".{self._folder.name}.tmp")  # the same at each run: no other is left
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.mkdir(parents=True)
            for name in names:
                if name in self._facts:
                    parquet.write(self._facts[name], temporary / name)
                else:
                    with (temporary / name).open("wb") as file:
                        file.writelines(self._content if name == self._b2 else [signatures[name]])
            _settle(temporary)
            if not self._folder.exists():
                temporary.rename(self._folder)
                return
            for name in names:
                (temporary / name).replace(self._folder / name)
            temporary.rmdir()

    def _has_these_bytes(self) -> bool:
        with (self._folder / self._b2).open("rb") as file:
            return all(file.read(len(chunk)) == chunk for chunk in self._content) and not file.read(1)

    def _has_these_facts(self, name: str) -> bool:
        from pyarrow import ArrowInvalid
        from pyarrow.parquet import ParquetFile

        try:
            with ParquetFile(self._folder / name) as held:
                return bool(held.read().equals(self._facts[name]))
        except ArrowInvalid:
            return False


@contextmanager
def _reaching(folder: Path) -> Iterator[None]:
    """What the disk refuses. Raises `StorageError`."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            "sortie.impossible",
            f"L'envoi ne peut pas être écrit : {system_reason(error)}.",
            action="Vérifier le dossier, les droits et la place libre, puis recommencer : rien n'est perdu.",
            lieu=str(folder),
        ) from error


def _settle(folder: Path) -> None:
    """The bytes of a folder are on the disk. A thousand small files: one call for all takes a tenth of one for each."""
    if hasattr(os, "sync"):
        os.sync()
        return
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
