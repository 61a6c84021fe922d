"""What a long run has finished, one small file a unit: a killed run leaves it true, the next one carries on from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fse.app.reports.fichiers import replace_file

Result = Mapping[str, Any]
"""What a task says of its unit, as JSON holds it."""

TABLES, TABLE = "parties", ("fichiers", "identifiants")
"""Keys of the paths of what a unit wrote: many, or one each."""
AGAIN = "a_refaire"
"""The key of a result that the next run must not take for good: something there may go better."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The finished units of one kind of work, in a folder of their own; any process may add to it.

    `sortie`: where what they wrote stands; a unit whose tables are no longer there is not finished.
    """

    folder: Path
    sortie: Path | None = None

    def finished(self) -> dict[str, tuple[str, Result]]:
        """By unit: what it was made from (`source`), and its result. What cannot be read was not finished."""
        found = {}
        for path in self.folder.glob("*.json"):
            with suppress(ValueError, KeyError, TypeError, AttributeError):
                content = json.loads(path.read_bytes())
                if not content["resultat"].get(AGAIN) and self._there(content["resultat"]):
                    found[path.stem] = (str(content["source"]), content["resultat"])
        return found

    def record(self, nom: str, source: str, resultat: Result) -> None:
        """Say that a unit is finished: there in whole and on the disk, or not there. Raises `StorageError`."""
        replace_file(self.folder / f"{nom}.json", json.dumps({"source": source, "resultat": resultat}).encode())

    def forget(self, nom: str) -> None:
        """Take a unit for not finished."""
        (self.folder / f"{nom}.json").unlink(missing_ok=True)

    def _there(self, resultat: Result) -> bool:
        """Nobody took away what it wrote."""
        wrote = [*resultat.get(TABLES, ()), *(resultat[name] for name in TABLE if name in resultat)]
        return self.sortie is None or all((self.sortie / chemin).exists() for chemin in wrote)
