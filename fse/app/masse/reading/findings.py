"""Findings of many files, counted by code and field, the first of each kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fse.base.findings import Finding

Group = dict[str, Any]
"""What JSON holds of a group: the first finding, its file, how many there are (`nombre`)."""


_TOTALS = ("noemie.somme", "noemie.nombre")
"""Codes, or how they start, of totals that do not hold: each file is told, be it a mere warning."""


def gap_of(finding: Finding, fichier: str) -> list[dict[str, Any]]:
    """A total that does not hold, if that is what it says: where, and what is announced and found (in its message)."""
    if not finding.code.startswith(_TOTALS):
        return []
    said = {"fichier": fichier, "octet": finding.place.octet, "code": finding.code, "gravite": finding.gravite.value}
    return [said | {"message": finding.message, "action": finding.action}]


class Findings:
    """Few groups, however many findings."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, str], Group] = {}

    def add(self, finding: Finding, fichier: str) -> None:
        """One more finding."""
        place = finding.place
        self._put(
            {
                "code": finding.code,
                "gravite": finding.gravite.value,
                "type": (place.type or "") if place.champ else "",
                "champ": place.champ or "",
                "nombre": 1,
                "message": finding.message,
                "action": finding.action,
                "fichier": fichier,
                "octet": place.octet,
            }
        )

    def merge(self, other: Findings) -> None:
        """Those of another content."""
        self.put(other.all())

    def put(self, groups: Iterable[Mapping[str, Any]]) -> None:
        """Groups that `all` gave."""
        for one in groups:
            self._put(dict(one))

    def all(self) -> list[Group]:
        """The groups, in the order of their first findings."""
        return list(self._groups.values())

    def _put(self, group: Group) -> None:
        key = (group["code"], group["type"], group["champ"])
        if key in self._groups:
            self._groups[key]["nombre"] += group["nombre"]
        else:
            self._groups[key] = group
