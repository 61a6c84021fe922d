"""What the pages are made from: the editions as `fse` loads them, the code lists, and what is known to be missing."""

from __future__ import annotations

import csv
import io
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from docs.generator.tree import in_order
from fse.base import resources
from fse.norm.layout import Edition, Field, Layout, load_edition
from fse.norm.layout import all_editions as loaded

CONFIDENCE = ("3src", "2src", "1src", "deduit", "memoire", "choix")


@dataclass(frozen=True)
class Documented:
    """An edition, and the one that it inherits from."""

    edition: Edition
    parent: Edition | None

    @property
    def name(self) -> str:
        return f"{self.edition.famille}/{self.edition.nom}"

    @property
    def page(self) -> str:
        """File name of its page."""
        return f"{self.edition.famille}-{self.edition.nom}.md"

    @property
    def layouts(self) -> dict[str, Layout]:
        """The records by type, in the order of the tree: what every page follows."""
        return {type: self.edition.layouts[type] for type in in_order(self.edition)}

    def inherits(self, type: str) -> bool:
        """True when a record stands word for word in the parent."""
        parent = self.parent.layouts.get(type) if self.parent else None
        return parent is not None and parent.champs == self.edition.layouts[type].champs

    def file_of(self, type: str) -> str:
        """Path in the project of the document of a record, in the nearest edition that has one."""
        path = f"layouts/{self.name}/{type}.toml"
        if path in resources.list_files(f"layouts/{self.name}", ".toml"):
            return f"schemas/{path}"
        assert self.parent is not None
        return documented(self.parent).file_of(type)


@cache
def all_editions() -> tuple[Documented, ...]:
    """Every edition, in the order in which a file tries them."""
    return tuple(documented(one) for one in loaded())


def documented(edition: Edition) -> Documented:
    """An edition with its parent, which only its manifest names."""
    manifest = tomllib.loads(resources.read_text(f"layouts/{edition.famille}/{edition.nom}/famille.toml"))
    parent = load_edition(edition.famille, manifest["herite"]) if "herite" in manifest else None
    return Documented(edition, parent)


@cache
def code_lists() -> dict[str, list[dict[str, str]]]:
    """The lines of every code list, by its name, in the order of their file."""
    return {
        path.rsplit("/", 1)[1].removesuffix(".csv"): list(csv.DictReader(io.StringIO(resources.read_text(path))))
        for path in resources.list_files("codes", ".csv")
    }


def fields_using(table: str) -> Iterator[tuple[Documented, str, Field]]:
    """Where a code list serves: edition, type of record, field."""
    for one in all_editions():
        for type, layout in one.layouts.items():
            yield from ((one, type, field) for field in layout.champs if field.table == table)


def missing() -> list[dict[str, str]]:
    """What is not covered (`schemas/layouts/non_couvert.toml`), in the order of the file."""
    return list(tomllib.loads(resources.read_text("layouts/non_couvert.toml"))["absent"])


def confidences(champs: tuple[Field, ...]) -> Counter[str]:
    """How many fields have each confidence. Raises `ValueError` on one that the pages do not show."""
    counts = Counter(field.confiance for field in champs)
    if unknown := set(counts) - set(CONFIDENCE):
        raise ValueError(f"confidence without a column: {sorted(unknown)}")
    return counts
