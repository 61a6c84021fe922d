"""Which Parquet files of a relation hold rows of some practices, by what their footers say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from fse.app.masse.matching.facts import Paths


@dataclass(frozen=True, slots=True)
class Part:
    """A file whose practices stand between two names, both included; `None`: it does not say, or has no row."""

    path: Path
    cabinets: tuple[str, str] | None


Parts = Mapping[str, Sequence[Part]]


def parts_of(relations: Paths) -> dict[str, tuple[Part, ...]]:
    """The footers of these files, read once for all slices."""
    return {name: tuple(Part(path, _practices(path)) for path in paths) for name, paths in relations.items()}


def parts_between(relations: Parts, cabinets: tuple[str, str]) -> dict[str, list[Path]]:
    """The files that may hold rows of the practices between two, both included; of each relation one at least, for its
    columns.
    """
    found = {}
    for name, parts in relations.items():
        meeting = [part.path for part in parts if part.cabinets is None or _meet(part.cabinets, cabinets)]
        found[name] = meeting or [part.path for part in parts[:1]]
    return found


def _meet(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _practices(path: Path) -> tuple[str, str] | None:
    footer = pq.read_metadata(path)
    (place,) = (n for n in range(footer.num_columns) if footer.schema.column(n).path == "cabinet")
    said = [footer.row_group(n).column(place).statistics for n in range(footer.num_row_groups)]
    if not said or not all(one is not None and one.has_min_max for one in said):
        return None
    return min(one.min for one in said), max(one.max for one in said)
