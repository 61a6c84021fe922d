"""The line of each key of a TOML document: the parser of Python gives values without their place."""

from __future__ import annotations

import re
from collections import Counter

_TABLE = re.compile(r"\s*\[\[?\s*([\w-]+)\s*\]\]?")
_KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*=")


class Lignes:
    """Where tables and their keys are written; a table is (name, rank from 1), the document itself ("", 1)."""

    def __init__(self, texte: str) -> None:
        self._places: dict[tuple[str, int, str], int] = {("", 1, ""): 1}
        table, ranks = ("", 1), Counter[str]()
        for line, content in enumerate(texte.splitlines(), start=1):
            if header := _TABLE.match(content):
                ranks[header[1]] += 1
                table = (header[1], ranks[header[1]])
                self._places[(*table, "")] = line
            elif key := _KEY.match(content):
                self._places.setdefault((*table, key[1]), line)

    def of(self, table: str, rank: int, key: str) -> int:
        """The line of a key, else that of its table, else that of the key under which an inline table stands."""
        wanted = ((table, rank, key), (table, rank, ""), ("", 1, table), ("", 1, ""))
        return next(self._places[one] for one in wanted if one in self._places)
