"""The shape of a relation as data: named columns of two types, a key, what it is for.

Types: `text` (compared bytewise) and `bigint` (whole numbers, centimes, days, flags). No SQL lives here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a relation is, hence who fills it."""

    FAIT = "fait"  # stored by the journal, or a view over its events
    DEMANDE = "demande"  # filled by the caller: what is asked
    VUE = "vue"  # `<name>.sql` over facts
    RECUE = "recue"  # stored: computed from the entities of the asked files by `<name>.sql`
    DERIVEE = "derivee"  # stored: computed again for the asked blocks by `<name>.sql`
    PROUVEE = "prouvee"  # stored: computed again for the asked blocks of the bank by `<name>.sql`
    RESULTAT = "resultat"  # what the query `<name>.sql` returns; not stored


ASKED_BY = {Role.RECUE: "fichier_touche", Role.DERIVEE: "bloc", Role.PROUVEE: "bloc_bancaire"}
"""The asked relation that says which rows of a stored relation are computed again."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `type` is `text` or `bigint`."""

    name: str
    type: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation. `key` names the columns that are unique together; empty when the relation has one row or none."""

    name: str
    role: Role
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Index:
    """An index that the statements count on; `expressions` are SQL text."""

    relation: str
    expressions: tuple[str, ...]


def make_relation(name: str, role: Role, columns: str, key: str = "") -> Relation:
    """A relation from one line a column: `name type`, then `null` when it may be absent. `key`: names, by spaces."""
    parsed = []
    for line in columns.strip().splitlines():
        column, kind, *null = line.split()
        if kind not in ("text", "bigint") or null not in ([], ["null"]):
            raise ValueError(f"relation {name}: {line.strip()!r} is not a column")
        parsed.append(Column(column, kind, bool(null)))
    relation = Relation(name, role, tuple(parsed), tuple(key.split()))
    if not set(relation.key) <= {column.name for column in relation.columns if not column.nullable}:
        raise ValueError(f"relation {name}: its key {key!r} is not made of its columns that are never null")
    return relation


def asked_key(relation: Relation, relations: Mapping[str, Relation]) -> tuple[str, tuple[str, ...]]:
    """The asked relation that says which rows of a stored one are computed again, and the columns that find them."""
    asked = relations[ASKED_BY[relation.role]]
    return asked.name, tuple(name for name in asked.key if name in relation.names)
